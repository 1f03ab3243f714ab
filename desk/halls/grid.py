"""Half-hours as numbers, and a hall's open hours on them.

A slot is the number of whole half-hours since 1970 in UTC. Numbers keep a year's calendar quick to read, and a
booking that begins at ten past cannot slip between two half-hours: no such slot can be written.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from desk.halls import days
from desk.halls.rules import DEFAULT_HOURS, UNIT_MINUTES
from knowledge import hours
from knowledge.types import Hall

UNIT_SECONDS = UNIT_MINUTES * 60
_MIDNIGHT = time(0, 0)


def slot_of(moment: datetime) -> int:
    """The half-hour in which the moment lies."""
    return int(moment.timestamp()) // UNIT_SECONDS


def slots_of(starts_at: datetime, ends_at: datetime) -> range:
    """Every half-hour that the time touches."""
    return range(slot_of(starts_at), -(-int(ends_at.timestamp()) // UNIT_SECONDS))


def moment_of(slot: int) -> datetime:
    """When that half-hour begins, in UTC."""
    return datetime.fromtimestamp(slot * UNIT_SECONDS, UTC)


def hours_of(hall: Hall) -> str:
    """When the hall is open, in the syntax of opening_hours."""
    return hall.hours or DEFAULT_HOURS


@lru_cache(maxsize=4096)
def open_spans(spec: str, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """When a hall with those hours is open on that day, in UTC; never on a public holiday.

    http://centri.gov.ge/ge/terms: on business days, 09:00 to 18:00.
    """
    if hours.is_holiday(day):
        return ()
    return tuple(
        (days.at(day, opens), days.at(day + timedelta(days=1) if closes == _MIDNIGHT else day, closes))
        for opens, closes in hours.spans_on(spec, day)
    )


def on_grid(moment: datetime, slot_minutes: int) -> bool:
    """Whether the moment is a whole number of steps after midnight in Tbilisi."""
    midnight = days.at(days.local_day(moment), _MIDNIGHT)
    return (moment - midnight) % timedelta(minutes=slot_minutes) == timedelta(0)


@lru_cache(maxsize=4096)
def starts_on(spec: str, day: date, slot_minutes: int, length: int) -> tuple[int, ...]:
    """The slots of that day at which a booking of ``length`` half-hours can begin in an empty hall."""
    found: list[int] = []
    for opens, closes in open_spans(spec, day):
        first, last = slots_of(opens, opens).start, slot_of(closes) - length
        if moment_of(first) < opens:
            first += 1
        found += [slot for slot in range(first, last + 1) if on_grid(moment_of(slot), slot_minutes)]
    return tuple(found)
