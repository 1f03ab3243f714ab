"""Puts the pieces together: one day, one time, one length, and whatever is unclear or contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import cast

from bot.understanding.when import times
from bot.understanding.when.corrections import corrected
from bot.understanding.when.grammar import Found
from bot.understanding.when.types import (
    Clock,
    DayPart,
    DayPiece,
    LengthPiece,
    MomentPiece,
    PartPiece,
    Problem,
    ProblemPiece,
    Reading,
    TimePiece,
    When,
)

_OPENS, _CLOSES = time(times.OPENS), time(times.CLOSES)


def combine(found: Sequence[Found], now: datetime) -> When:
    """What all the pieces of a text say together."""
    found, taken_back = corrected(_settled(found))
    covered = frozenset(index for item in found for index in item.words) | taken_back
    days = [item.piece for item in found if isinstance(item.piece, DayPiece)]
    part = _only_part(found)
    when = _with_day(When(part=part, covered=covered), days)
    when = _with_time(when, [item.piece for item in found if isinstance(item.piece, TimePiece)], part)
    when = _with_moment(when, found, now)
    when = _with_length(when, found)
    problem = next((item.piece.problem for item in found if isinstance(item.piece, ProblemPiece)), when.problem)
    return replace(when, problem=problem)


def _settled(found: Sequence[Found]) -> Sequence[Found]:
    """Decides the Armenian "3-ին": the hour where a day is said besides, else the day of the month."""
    sure = any(
        (isinstance(item.piece, DayPiece) and not item.piece.weak) or isinstance(item.piece, PartPiece)
        for item in found
    )
    if not sure:
        return found
    out: list[Found] = []
    for item in found:
        if isinstance(item.piece, DayPiece) and item.piece.weak:
            hour = item.piece.days[0].day
            out.append(replace(item, piece=TimePiece("at", Clock(hour, 0, hour > 12)) if hour < 24 else None))
        else:
            out.append(item)
    return out


def _only_part(found: Sequence[Found]) -> DayPart | None:
    parts: set[DayPart] = set()
    for item in found:
        if isinstance(item.piece, PartPiece):
            parts.add(item.piece.part)
        elif isinstance(item.piece, TimePiece) and item.piece.clock.part not in {None, "am", "pm"}:
            parts.add(cast(DayPart, item.piece.clock.part))
    return parts.pop() if len(parts) == 1 else None


# The day.


def _with_day(when: When, days: Sequence[DayPiece]) -> When:
    weeks = [piece.week for piece in days if piece.week is not None]
    named = [piece for piece in days if piece.days]
    if not named:
        return replace(when, week=weeks[0] if weeks else None, said_date=bool(weeks))
    if weeks and named[0].weekday is not None:
        named = [DayPiece((weeks[0] + timedelta(days=named[0].weekday),)), *named[1:]]
    exact = [piece for piece in named if piece.weekday is None]
    chosen = (exact or named)[0]
    problem = _contradiction(chosen, named)
    candidates = _candidates(chosen, named)
    return replace(
        when,
        date=candidates[0],
        said_date=True,
        weekday_only=chosen.weekday is not None,
        ambiguous=tuple(Reading(date=day) for day in candidates) if len(candidates) > 1 else (),
        problem=problem,
    )


def _contradiction(chosen: DayPiece, named: Sequence[DayPiece]) -> Problem | None:
    """Whether a weekday was said beside a date that falls on another."""
    if chosen.weekday is not None or chosen.spoken or len(chosen.days) > 1:
        return None
    weekdays = {piece.weekday for piece in named if piece.weekday is not None}
    return "weekday_differs" if weekdays and chosen.days[0].weekday() not in weekdays else None


def _candidates(chosen: DayPiece, named: Sequence[DayPiece]) -> tuple[date, ...]:
    """The days that may be meant: those of the chosen words, then those of others that say as much.

    "Tomorrow, Wednesday" is one day, and "tomorrow or Friday" two.
    """
    if chosen.spoken and any(piece.weekday not in {None, chosen.days[0].weekday()} for piece in named):
        return tuple(dict.fromkeys(day for piece in named for day in piece.days))
    others = [piece for piece in named if (piece.weekday is None) == (chosen.weekday is None)]
    return tuple(dict.fromkeys(day for piece in (chosen, *others) for day in piece.days))


# The time.


def _with_time(when: When, said: Sequence[TimePiece], part: DayPart | None) -> When:
    if not said:
        return when
    whole = next((piece for piece in said if piece.end is not None), None)
    if whole is not None:
        return _span(when, whole.clock, whole.end, part)
    start = next((piece for piece in said if piece.role != "to"), None)
    end = next((piece for piece in said if piece.role == "to"), None)
    if start is not None and end is not None:
        return _span(when, start.clock, end.clock, part)
    if start is None:
        closing = times.readings(end.clock, part) if end is not None else ()
        return replace(when, end=closing[0] if closing else None, said_time=True)
    if when.part == "noon" and start.clock.part is None and start.clock.hour == 12 and len(said) > 1:
        start = next((piece for piece in said if piece.clock.hour != 12), start)
    starts = [piece.clock for piece in said if piece.role != "to"]
    if len(set(starts)) > 1:
        return _started(when, tuple(dict.fromkeys(times.readings(clock, part)[0] for clock in starts)))
    return _started(when, times.readings(start.clock, part))


def _started(when: When, starts: Sequence[time]) -> When:
    unclear = when.ambiguous
    if len(starts) > 1:
        days = [reading.date for reading in when.ambiguous] or [when.date]
        unclear = tuple(Reading(day, start) for day in days for start in starts)
    elif unclear:
        unclear = tuple(replace(reading, start=starts[0]) for reading in unclear)
    return replace(when, start=starts[0], said_time=True, ambiguous=unclear)


def _span(when: When, first: Clock, second: Clock | None, part: DayPart | None) -> When:
    """Both ends: the start as an hour by itself, the end the first time after it that fits."""
    if second is None:
        return when
    ends = (*times.readings(second, part), *_other_half(second, part))
    for start in times.readings(first, part):
        end = next((end for end in ends if end > start or end == time(0)), None)
        if end is not None:
            known = _started(when, (start,))
            return replace(known, end=end, minutes=_minutes(start, end))
    return replace(when, problem="end_before_start", said_time=True)


def _other_half(clock: Clock, part: DayPart | None) -> tuple[time, ...]:
    """The other half of the day, where nothing said which."""
    if clock.exact or clock.part is not None or part is not None or not 0 < clock.hour <= 12:
        return ()
    chosen = times.readings(clock)[0]
    return (chosen.replace(hour=(chosen.hour + 12) % 24),)


def _minutes(start: time, end: time) -> int:
    closing = end.hour * 60 + end.minute or 24 * 60
    return closing - start.hour * 60 - start.minute


def _with_moment(when: When, found: Sequence[Found], now: datetime) -> When:
    piece = next((item.piece for item in found if isinstance(item.piece, MomentPiece)), None)
    if piece is None or when.start is not None:
        return when
    then = now + timedelta(minutes=piece.minutes)
    start = then.time().replace(second=0, microsecond=0, tzinfo=None)
    return replace(when, date=then.date(), start=start, said_date=True, said_time=True)


# The length.


def _with_length(when: When, found: Sequence[Found]) -> When:
    said = next((item.piece for item in found if isinstance(item.piece, LengthPiece)), None)
    if said is None or when.minutes is not None:
        return when
    if said.all_day and when.start is None and when.end is None:
        return replace(when, start=_OPENS, end=_CLOSES, minutes=said.minutes, all_day=True, said_time=True)
    if when.start is None:
        return replace(when, minutes=said.minutes)
    closing = when.start.hour * 60 + when.start.minute + said.minutes
    if closing > 24 * 60:
        return replace(when, minutes=said.minutes)
    return replace(when, minutes=said.minutes, end=time(closing // 60 % 24, closing % 60))
