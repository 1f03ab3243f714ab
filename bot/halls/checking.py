"""Whether the time of a form can be booked, why not, and which times can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot import wording
from bot.dialogue.turn import Turn
from bot.halls import words
from bot.halls.draft import Draft
from bot.understanding.when import Reading
from desk.halls import calendar, days, grid
from desk.halls.requests import TIME_CODES, Refusal, Request, check
from desk.halls.rules import Rules, rules_for
from knowledge.types import Center
from store import clock
from store.clock import TBILISI

ALTERNATIVES = 3
"""Free times that are offered instead of one that cannot be had."""

_NOON = time(12, 0)
_WEEK = timedelta(days=7)
_WHOLE_DAY: frozenset[str] = frozenset({"past", "too_soon", "too_far", "holiday"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stands against the time of a form. ``free`` are the nearest times instead, or ``days``
    where no hour was said.

    ``why`` is what is said and ``short`` the same for a small screen; ``whole_day`` says that no hour of that day
    will do, ``taken`` that somebody has the time, so that one may stand in line for it, ``too_long``
    that no day is long enough.
    """

    why: str
    short: str
    whole_day: bool = False
    taken: bool = False
    too_long: bool = False
    free: tuple[datetime, ...] = ()
    days: tuple[date, ...] = ()


def center_of(turn: Turn, draft: Draft) -> Center | None:
    """The centre of the form; None where staff have removed it since."""
    return turn.snapshot.centers.get(draft.center)


def trouble(turn: Turn, draft: Draft, center: Center) -> Trouble | None:
    """What stands against the time of the form, as far as it is known; None where nothing does."""
    if draft.date is None:
        return None
    rules = rules_for(turn.session, center.id)
    if draft.starts_at is None:
        return _day_trouble(turn, draft, center, rules, draft.date)
    duration = draft.length(rules.slot_minutes)
    refusals = _refusals(draft.starts_at, duration, center, rules)
    if refusals:
        free = _instead(turn, draft, center, rules, draft.starts_at, refusals[0])
        return refused(turn, refusals[0], free)
    if draft.wait or not _is_taken(turn, draft, center, draft.starts_at, duration):
        return None
    free = _nearest(turn, center, rules, draft.starts_at, duration)
    return taken(turn, draft.starts_at, draft.starts_at + duration, free)


def taken(turn: Turn, starts_at: datetime, ends_at: datetime, free: tuple[datetime, ...]) -> Trouble:
    """Somebody has that time."""
    why, small = (
        turn.say("hall.taken", when=words.span(turn.locale, starts_at, ends_at, short=short))
        for short in (False, True)
    )
    return Trouble(why, small, taken=True, free=free)


def refused(turn: Turn, refusal: Refusal, free: tuple[datetime, ...]) -> Trouble:
    """A rule stands against that time."""
    whole_day = refusal.code in _WHOLE_DAY or _is_closed(refusal)
    why, small = say(turn, refusal), say(turn, refusal, short=True)
    return Trouble(why, small, whole_day, too_long=refusal.code == "too_long", free=free)


def _day_trouble(turn: Turn, draft: Draft, center: Center, rules: Rules, day: date) -> Trouble | None:
    duration = draft.length(rules.slot_minutes)
    if calendar.free_times(turn.session, center, rules, day, day, duration):
        return None
    refusals = _refusals(days.at(day, _NOON), duration, center, rules)
    against = next((one for one in refusals if one.code in _WHOLE_DAY or _is_closed(one)), None)
    too_soon = against is not None and against.code == "too_soon"
    instead = _days_near(day, free_days(turn, center, draft.minutes, rules.horizon_days), with_next_week=too_soon)
    if against is not None:
        return replace(refused(turn, against, ()), whole_day=True, days=instead)
    why, small = (turn.say("hall.full", day=words.day(turn.locale, day, short=short)) for short in (False, True))
    return Trouble(why, small, whole_day=True, days=instead)


def _days_near(day: date, free: Sequence[date], *, with_next_week: bool) -> tuple[date, ...]:
    """The free days next to a day; ``with_next_week`` the same weekday a week later is among them."""
    later = day + _WEEK if with_next_week else None
    near = sorted(free, key=lambda one: (one != later, abs(one - day), one))
    return tuple(sorted(near[:ALTERNATIVES]))


def _is_closed(refusal: Refusal) -> bool:
    return refusal.code == "outside_hours" and not refusal.facts["spans"]


def _refusals(starts_at: datetime, duration: timedelta, center: Center, rules: Rules) -> list[Refusal]:
    request = Request(starts_at, duration, "resident", "", 1)
    return [one for one in check(request, rules, center.hall, clock.now()) if one.code in TIME_CODES]


def _is_taken(turn: Turn, draft: Draft, center: Center, starts_at: datetime, duration: timedelta) -> bool:
    slots = grid.slots_of(starts_at, starts_at + duration)
    taken = calendar.taken(turn.session, center.id, slots.start, slots.stop)
    own = calendar.owned(turn.session, draft.moving) if draft.moving is not None else set()
    return bool(taken - own)


def _nearest(
    turn: Turn, center: Center, rules: Rules, wanted: datetime, duration: timedelta
) -> tuple[datetime, ...]:
    return tuple(calendar.nearest_free(turn.session, center, rules, wanted, duration, ALTERNATIVES))


def _instead(
    turn: Turn, draft: Draft, center: Center, rules: Rules, wanted: datetime, against: Refusal
) -> tuple[datetime, ...]:
    """Free times instead: of a day that cannot be had the same hour on others, and else the nearest ones."""
    duration = draft.length(rules.slot_minutes)
    nearest = _nearest(turn, center, rules, wanted, duration)
    if against.code not in _WHOLE_DAY and not _is_closed(against):
        return nearest
    free = free_days(turn, center, draft.minutes, rules.horizon_days)
    near = _days_near(days.local_day(wanted), free, with_next_week=against.code == "too_soon")
    hour = wanted.astimezone(TBILISI).time()
    same_hour = [
        at
        for at in (days.at(day, hour) for day in near)
        if not _refusals(at, duration, center, rules) and not _is_taken(turn, draft, center, at, duration)
    ]
    return tuple(dict.fromkeys((*same_hour, *nearest)))[:ALTERNATIVES]


def is_bookable(turn: Turn, draft: Draft, center: Center, reading: Reading) -> bool:
    """Whether the rules would lend the hall at that reading of a day or an hour."""
    day = reading.date or draft.date
    at = reading.start or (time.fromisoformat(draft.start) if draft.start else _NOON)
    if day is None:
        return True
    rules = rules_for(turn.session, center.id)
    return not _refusals(days.at(day, at), draft.length(rules.slot_minutes), center, rules)


def free_days(turn: Turn, center: Center, minutes: int | None, count: int) -> list[date]:
    """The next days that have a free time of that length."""
    rules = rules_for(turn.session, center.id)
    duration = timedelta(minutes=minutes or rules.slot_minutes)
    first, last = calendar.bookable_days(rules, clock.now())
    found: list[date] = []
    for start in calendar.free_times(turn.session, center, rules, first, last, duration):
        local = days.local_day(start)
        if local not in found:
            found.append(local)
        if len(found) == count:
            break
    return found


def free_starts(turn: Turn, center: Center, draft: Draft, day: date) -> list[datetime]:
    """The free moments of that day at which the booking can begin."""
    rules = rules_for(turn.session, center.id)
    return calendar.free_times(turn.session, center, rules, day, day, draft.length(rules.slot_minutes))


def longest(turn: Turn, center: Center, draft: Draft) -> int:
    """For how many minutes the hall is free from the hour of the form on; 0 where it is not."""
    if draft.starts_at is None or center.hall is None:
        return 0
    rules = rules_for(turn.session, center.id)
    spans = grid.open_spans(grid.hours_of(center.hall), days.local_day(draft.starts_at))
    closes = next((end for start, end in spans if start <= draft.starts_at < end), draft.starts_at)
    minutes = 0
    step = rules.slot_minutes
    while draft.starts_at + timedelta(minutes=minutes + step) <= closes and (
        draft.wait or not _is_taken(turn, draft, center, draft.starts_at, timedelta(minutes=minutes + step))
    ):
        minutes += step
    return minutes


def say(turn: Turn, refusal: Refusal, *, short: bool = False, **more: str) -> str:
    """The sentence that says a refusal, for a small screen with ``short``; ``more`` fills it besides."""
    name, filled = words.refusal(turn.locale, refusal, short=short)
    small = name + wording.SMALL_SCREEN
    return turn.say(small if short and wording.has(small) else name, **{**more, **filled})
