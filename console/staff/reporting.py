"""The reports in words: each a table, most with a plot. What they count comes from ``desk.reports``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.answers.account import LANGUAGE_NAMES
from bot.halls import words as facts
from console.staff import charts
from console.staff.charts import Plot
from console.staff.parts import parts
from console.staff.visitors import Scope
from console.staff.words import catalogue, length, locale, say
from desk import reports
from desk.reports import Delivered, Period, Planned, Unanswered, Written

CHANNELS = ("telegram", "sms", "whatsapp")
MOST_BARS = 12
"""So many bars are drawn; the table has all rows."""

WENT = ("sent", "delivered")
LOST = ("failed", "expired")

Key = TypeVar("Key", bound=Hashable)
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One report: ``name`` stands in addresses, ``numbers`` is how many columns at the end are numbers."""

    name: str
    header: Row
    rows: Sequence[Row]
    plot: Plot
    numbers: int = 1

    @property
    def title(self) -> str:
        """What it is called."""
        return say(f"reports.title.{self.name}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that says much by itself."""

    label: str
    value: str


def make(session: Session, period: Period, scope: Scope) -> tuple[list[Figure], list[Report]]:
    """The figures and the reports that the visitor may see.

    Whoever has only some centres sees messages that meant one of them, and neither questions nor deliveries, of
    which nobody knows whose they are.
    """
    centers = scope.narrowing
    asked = reports.messages(session, period, centers)
    booked, held = reports.bookings(session, period, centers), reports.events(session, period, centers)
    waited = reports.median_to_confirm(session, period, centers)
    figures = [Figure(say("reports.figure.messages"), str(sum(one.number for one in asked)))]
    made = [_days(asked, period), *_kinds(session, asked, period, centers)]
    if scope.centers is None:
        open_ = reports.unanswered(session, period)
        sent = reports.deliveries(session, period)
        figures += [_answered_figure(asked, open_), _went_figure(sent)]
        made += [_answered(asked, open_, period), _deliveries(sent), _reasons(sent)]
    figures += [
        Figure(say("reports.figure.bookings"), str(_number(booked, "held"))),
        Figure(say("reports.figure.events"), str(_number(held, "held"))),
        Figure(say("reports.figure.confirm"), length(waited) if waited is not None else "-"),
    ]
    made += [
        _planned("bookings", booked, lambda state: say(f"hall.state.{state}")),
        _planned("events", held, lambda state: say(f"reports.happened.{state}")),
    ]
    return figures, made


def _days(asked: Sequence[Written], period: Period) -> Report:
    counted, all_ = _sum(asked, lambda one: (one.day, one.channel)), _sum(asked, lambda one: one.day)
    series = [
        (say(f"reports.channel.{channel}"), [float(counted[day, channel]) for day in period.days])
        for channel in CHANNELS
    ]
    rows = [
        (day.isoformat(), *(str(counted[day, channel]) for channel in CHANNELS), str(all_[day]))
        for day in period.days
    ]
    header = (say("reports.day"), *(name for name, _ in series), say("reports.all"))
    return Report("days", header, rows, charts.columns(_labels(period), series), numbers=len(CHANNELS) + 1)


def _kinds(session: Session, asked: Iterable[Written], period: Period, centers: Collection[int]) -> list[Report]:
    """The reports that count messages by one thing."""
    languages, intents, meant = (
        reports.messages_by(session, thing, period, centers) for thing in ("language", "intent", "center")
    )
    return [
        _bars("channels", _sum(asked, lambda one: one.channel), lambda code: say(f"reports.channel.{code}")),
        _bars("languages", languages, _language),
        _bars("intents", intents, _intent),
        _bars("centers", meant, _center),
    ]


def _answered(asked: Iterable[Written], open_: Iterable[Unanswered], period: Period) -> Report:
    wrote, lacking = _sum(asked, lambda one: one.day), _sum(open_, lambda one: one.day)
    shares = [_share(wrote[day] - lacking[day], wrote[day]) for day in period.days]
    rows = [
        (day.isoformat(), str(wrote[day]), str(lacking[day]), "" if share is None else _percent(share))
        for day, share in zip(period.days, shares, strict=True)
    ]
    header = (say("reports.day"), say("reports.messages"), say("reports.unanswered"), say("reports.answered"))
    drawn = [(say("reports.answered"), [round(100 * (share or 0)) for share in shares])]
    return Report("answered", header, rows, charts.columns(_labels(period), drawn, most=100, unit="%"), numbers=3)


def _deliveries(sent: Iterable[Delivered]) -> Report:
    counted = _sum(sent, lambda one: (one.channel, one.kind, one.state))
    rows = [
        (
            say(f"reports.channel.{channel}"),
            say(f"reports.kind.{kind}"),
            say(f"reports.state.{state}"),
            str(number),
        )
        for (channel, kind, state), number in counted.most_common()
    ]
    states = _sum(sent, lambda one: one.state).most_common()
    plot = charts.bars([(say(f"reports.state.{state}"), number) for state, number in states])
    header = (say("reports.channel"), say("reports.kind"), say("reports.state"), say("reports.messages"))
    return Report("deliveries", header, rows, plot)


def _reasons(sent: Iterable[Delivered]) -> Report:
    """Why messages did not go: the carrier's code and its words."""
    lost = [one for one in sent if one.state in {"failed", "suppressed"}]
    counted = _sum(lost, lambda one: (one.channel, one.code or "", one.words or ""))
    rows = [
        (say(f"reports.channel.{channel}"), code, words, str(number))
        for (channel, code, words), number in counted.most_common()
    ]
    header = (say("reports.channel"), say("reports.code"), say("reports.reason"), say("reports.messages"))
    drawn = [
        (f"{say(f'reports.channel.{channel}')} {code}", float(number))
        for (channel, code, _), number in counted.most_common(MOST_BARS)
    ]
    return Report("reasons", header, rows, charts.bars(drawn))


def _planned(name: str, found: Sequence[Planned], called: Callable[[str], str]) -> Report:
    by_state = _sum(found, lambda one: one.state).most_common()
    named = {center_id: _center(center_id) for center_id in {one.center_id for one in found}}
    by_both = sorted((named[one.center_id], called(one.state), str(one.number)) for one in found)
    header = (say("reports.center"), say("reports.became"), say("reports.number"))
    return Report(name, header, by_both, charts.bars([(called(state), number) for state, number in by_state]))


def _bars(name: str, counted: Counter[Key], called: Callable[[Key], str]) -> Report:
    rows = [(called(key), number) for key, number in counted.most_common()]
    header = (say(f"reports.{name}"), say("reports.messages"))
    return Report(name, header, [(label, str(number)) for label, number in rows], charts.bars(rows[:MOST_BARS]))


Counted = TypeVar("Counted", Written, Unanswered, Delivered, Planned)


def _sum(found: Iterable[Counted], key: Callable[[Counted], Key]) -> Counter[Key]:
    counted: Counter[Key] = Counter()
    for one in found:
        counted[key(one)] += one.number
    return counted


def _number(found: Iterable[Planned], state: str) -> int:
    return sum(one.number for one in found if one.state == state)


def _answered_figure(asked: Iterable[Written], open_: Iterable[Unanswered]) -> Figure:
    wrote, lacking = sum(one.number for one in asked), sum(one.number for one in open_)
    return Figure(say("reports.figure.answered"), _percent(_share(wrote - lacking, wrote)))


def _went_figure(sent: Iterable[Delivered]) -> Figure:
    states = _sum(sent, lambda one: one.state)
    went = sum(states[state] for state in WENT)
    return Figure(say("reports.figure.went"), _percent(_share(went, went + sum(states[state] for state in LOST))))


def _share(part: int, whole: int) -> float | None:
    """None of nothing. A question that came in right at midnight may count for the day before: hence the floor."""
    return max(part, 0) / whole if whole else None


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f}%"


def _labels(period: Period) -> list[str]:
    return [f"{day:%d.%m}" for day in period.days]


def _language(code: str | int | None) -> str:
    if code is None:
        return say("reports.unknown")
    known = {str(one): name for one, name in LANGUAGE_NAMES.items()}
    return known.get(str(code)) or (say("reports.latin") if code == "ka-Latn" else str(code))


def _intent(code: str | int | None) -> str:
    if code is None:
        return say("reports.unknown")
    return say(f"reports.intent.{code}") if f"reports.intent.{code}" in catalogue(locale()) else str(code)


def _center(center_id: str | int | None) -> str:
    if center_id is None:
        return say("reports.no_center")
    return facts.center(locale(), int(center_id), parts().knowledge())
