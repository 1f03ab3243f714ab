"""The questions of the form: each with its words and what one may choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot import wording
from bot.dialogue.turn import Turn
from bot.halls import checking, summary, words
from bot.halls.checking import Trouble
from bot.halls.draft import SLOTS, Draft, Slot
from bot.understanding.when import DayPart, Reading
from desk.halls import days
from desk.halls.requests import APPLICANTS, EQUIPMENT
from desk.messages import Choice, Reply
from knowledge.types import Center
from store.clock import TBILISI

DAYS_OFFERED, MOST_BUTTONS = 4, 8
LENGTHS = (60, 120, 180, 240)
"""Lengths that are offered, in minutes: the number of the choice is the number of hours."""

MISSES_TOLD, MISSES_BORNE = 2, 4
"""Texts in a row that were not understood: after so many the ways out are told; after so many the form ends."""

PARTS: Mapping[DayPart, tuple[time, time]] = {
    "morning": (time(0), time(12)),
    "noon": (time(12), time(14)),
    "day": (time(12), time(18)),
    "evening": (time(16), time(23, 59)),
    "night": (time(18), time(23, 59)),
}
"""The hours in which something begins that is to be "in the morning", with the second one left out."""

_HINTS: Mapping[str, str] = {
    **dict.fromkeys(("people", "minutes"), "hall.again.number"),
    **dict.fromkeys(("applicant", "equipment", "check", "change"), "hall.again.choice"),
    **dict.fromkeys(("day", "start", "at"), "hall.again.when"),
}
"""What is said after a text that was not understood, by what was asked for."""


_LONG_CHOICES = frozenset({"applicant", "equipment"})
"""Questions whose choices leave a small screen no room for a hint beside the question."""


@dataclass(frozen=True, slots=True)
class Lead:
    """What is said before a question, and the same for a small screen (nothing, where ``short`` is empty)."""

    text: str
    short: str

    @classmethod
    def plain(cls, text: str) -> Lead:
        """The same words for every screen."""
        return cls(text, text)


def next_step(turn: Turn, draft: Draft, center: Center, *lead: Lead) -> Reply:
    """Checks the time, and asks what is missing or whether all is right."""
    against = checking.trouble(turn, draft, center)
    if against is None:
        return question(turn, draft, center, *lead)
    if against.too_long:
        draft.clear("minutes")
        return question(turn, draft, center, *lead, Lead(against.why, against.short))
    reply = instead(turn, draft, against, *lead)
    if not against.taken:
        draft.clear("start")
        if against.whole_day:
            draft.clear("day")
        turn.state.form = draft.to_json()
    return reply


def question(turn: Turn, draft: Draft, center: Center, *lead: Lead) -> Reply:
    """The question for what is missing, or whether all is right; ``lead`` is said before it."""
    slot = draft.missing
    draft.asking = slot or "check"
    asked = summary.of(turn, draft, center) if slot is None else _QUESTIONS[slot](turn, draft, center)
    return _led(turn, draft, asked, lead)


def _led(turn: Turn, draft: Draft, asked: Reply, lead: Sequence[Lead]) -> Reply:
    """The question after its lead; the conversation keeps the form and what may be chosen."""
    turn.in_form = True
    turn.state.pending = None
    turn.state.form = draft.to_json()
    turn.state.choices = [choice.value for choice in asked.choices]
    said = tuple(one.text for one in lead)
    short = (*(one.short for one in lead if one.short), *asked.wording(small_screen=True))
    return Reply((*said, *asked.texts), turn.locale, choices=asked.choices, offers=asked.offers, short=short)


def close(turn: Turn, reply: Reply) -> Reply:
    """The form is done, or ended."""
    turn.state.form = None
    turn.state.choices = []
    turn.state.pending = None
    return reply


def turn_away(turn: Turn, *sentences: str) -> Reply:
    """The form is not begun, or ended, and why."""
    return close(turn, Reply(sentences, turn.locale))


def _ask_applicant(turn: Turn, _draft: Draft, _center: Center) -> Reply:
    choices = tuple(turn.choice(f"hall.applicant.{one}", f"hall:who:{one}") for one in APPLICANTS)
    short = (turn.say("hall.ask.applicant.sms"),)
    return Reply((turn.say("hall.ask.applicant"),), turn.locale, choices=choices, short=short)


def _ask_equipment(turn: Turn, _draft: Draft, _center: Center) -> Reply:
    """Numbers pick several things at once where the choices are numbered, on a small screen."""
    kinds = ("none", *EQUIPMENT)
    choices = tuple(turn.choice(f"hall.equipment.{one}", f"hall:gear:{one}") for one in kinds)
    short = (turn.say("hall.ask.equipment.sms"),)
    return Reply((turn.say("hall.ask.equipment"),), turn.locale, choices=choices, short=short)


def _ask_plainly(slot: Slot) -> Callable[[Turn, Draft, Center], Reply]:
    return lambda turn, _draft, _center: Reply((turn.say(f"hall.ask.{slot}"),), turn.locale)


def _ask_day(turn: Turn, draft: Draft, center: Center) -> Reply:
    free = checking.free_days(turn, center, draft.minutes, DAYS_OFFERED)
    if not free:
        return Reply((turn.say("hall.never_free"),), turn.locale)
    choices = tuple(_day_choice(turn, day) for day in free)
    short = (turn.say("hall.ask.day.sms"),)
    return Reply((turn.say("hall.ask.day"),), turn.locale, choices=choices, short=short)


def _ask_start(turn: Turn, draft: Draft, center: Center) -> Reply:
    """The hours are not numbered: whoever answers "3" means three o'clock."""
    day = draft.date
    if day is None:
        raise ValueError("the hour is asked after the day")
    starts = _within(draft.part, checking.free_starts(turn, center, draft, day))
    free = ", ".join(_spans(starts))
    asked = turn.say("hall.ask.start", day=words.day(turn.locale, day), free=free)
    short = turn.say("hall.ask.start", day=words.day(turn.locale, day, short=True), free=free)
    step = max(1, -(-len(starts) // MOST_BUTTONS))
    offers = tuple(Choice(words.clock(at), f"hall:start:{words.clock(at)}") for at in starts[::step])
    return Reply((asked,), turn.locale, offers=offers, short=(short,))


def _within(part: str | None, starts: list[datetime]) -> list[datetime]:
    """Those in the part of the day that was said; all, where there is none left or none was said."""
    first, last = next((hours for name, hours in PARTS.items() if name == part), (time.min, time.max))
    return [at for at in starts if first <= at.astimezone(TBILISI).time() < last] or starts


def _spans(starts: Sequence[datetime]) -> Iterator[str]:
    """Runs of starts half an hour apart as from-to: "09:00-12:30"."""
    run: list[datetime] = []
    for start in starts:
        if run and start - run[-1] > timedelta(minutes=30):
            yield _run(run)
            run = []
        run.append(start)
    if run:
        yield _run(run)


def _run(run: Sequence[datetime]) -> str:
    return words.clock(run[0]) if len(run) == 1 else f"{words.clock(run[0])}-{words.clock(run[-1])}"


def _ask_minutes(turn: Turn, draft: Draft, center: Center) -> Reply:
    most = checking.longest(turn, center, draft)
    offered = [minutes for minutes in LENGTHS if minutes <= most] or [most]
    choices = tuple(Choice(words.length(turn.locale, minutes), f"hall:minutes:{minutes}") for minutes in offered)
    return Reply((turn.say("hall.ask.minutes"),), turn.locale, choices=choices)


_QUESTIONS: Mapping[Slot, Callable[[Turn, Draft, Center], Reply]] = {
    **{slot: _ask_plainly(slot) for slot in SLOTS},
    "day": _ask_day,
    "start": _ask_start,
    "minutes": _ask_minutes,
    "applicant": _ask_applicant,
    "equipment": _ask_equipment,
}


def again(turn: Turn, draft: Draft, center: Center) -> Reply:
    """The question once more, for an answer that was not understood; after several the form ends."""
    draft.missed += 1
    if draft.missed >= MISSES_BORNE:
        return turn_away(turn, turn.say("hall.again.over"))
    if draft.missed == MISSES_TOLD:
        return _ways_out(turn, draft, center)
    hint = _HINTS.get(draft.asking or "", "hall.again")
    asked = _ask_again(turn, draft, center, Lead(turn.say(hint), turn.say(hint + wording.SMALL_SCREEN)))
    return replace(asked, short=asked.wording(small_screen=True)[:1]) if draft.asking in _LONG_CHOICES else asked


def _ask_again(turn: Turn, draft: Draft, center: Center, *lead: Lead) -> Reply:
    if draft.asking == "change":
        return what_to_change(turn, draft, center, *lead)
    return next_step(turn, draft, center, *lead)


def _ways_out(turn: Turn, draft: Draft, center: Center) -> Reply:
    """How to go back and to give up. A small screen has no room for the choices, whose numbers still count."""
    asked = _ask_again(turn, draft, center)
    told = turn.say("hall.again.ways")
    offers = (*asked.choices, *asked.offers)
    return Reply((told, *asked.texts), turn.locale, offers=offers, short=(told,))


def instead(turn: Turn, draft: Draft, trouble: Trouble, *lead: Lead) -> Reply:
    """Why the time cannot be had, and the nearest free ones; a taken one can be waited for."""
    draft.asking = "at"
    choices = [_day_choice(turn, day) for day in trouble.days]
    choices += [Choice(words.moment(turn.locale, at, short=True), f"hall:at:{_local(at)}") for at in trouble.free]
    if trouble.taken and draft.moving is None:
        choices.append(Choice(turn.say("hall.wait"), "hall:wait"))
    hint = turn.say("hall.nearest") if choices else turn.say("hall.another_time")
    reply = Reply((trouble.why, hint), turn.locale, choices=tuple(choices), short=(trouble.short,))
    return _led(turn, draft, reply, lead)


def which(turn: Turn, draft: Draft, readings: Sequence[Reading], *lead: Lead) -> Reply:
    """Asks which of several days or hours is meant."""
    draft.asking = "at"
    choices = []
    for reading in readings[:4]:
        day = reading.date or draft.date
        if reading.start is None and day is not None:
            choices.append(_day_choice(turn, day))
        elif reading.start is not None and day is not None:
            at = days.at(day, reading.start)
            choices.append(Choice(words.moment(turn.locale, at, short=True), f"hall:at:{_local(at)}"))
        elif reading.start is not None:
            choices.append(Choice(f"{reading.start:%H:%M}", f"hall:start:{reading.start:%H:%M}"))
    reply = Reply((turn.say("hall.which"),), turn.locale, choices=tuple(dict.fromkeys(choices)))
    return _led(turn, draft, reply, lead)


def _day_choice(turn: Turn, day: date) -> Choice:
    return Choice(words.day(turn.locale, day, short=True), f"hall:day:{day.isoformat()}")


def _local(at: datetime) -> str:
    return f"{at.astimezone(TBILISI):%Y-%m-%dT%H:%M}"


def what_to_change(turn: Turn, draft: Draft, _center: Center, *lead: Lead) -> Reply:
    """Which part of the form is wrong."""
    choices = tuple(turn.choice(f"hall.slot.{slot}", f"hall:change:{slot}") for slot in draft.wanted)
    draft.asking = "change"
    return _led(turn, draft, Reply((turn.say("hall.what_to_change"),), turn.locale, choices=choices), lead)
