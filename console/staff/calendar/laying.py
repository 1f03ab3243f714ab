"""A day of a hall laid out: what is booked, what is free, when it is closed; and several days as a grid.

A day has 48 half-hours, numbered from midnight in Tbilisi; the database keeps halls by the same half-hours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Literal

from desk.events.models import Occurrence
from desk.halls import days, grid
from desk.halls.bookings import Booking
from knowledge import hours
from knowledge.types import Hall
from store import clock

Kind = Literal["booking", "free", "closed", "holiday"]

_SHUT: frozenset[Kind | Booking] = frozenset({"closed", "holiday"})

HALVES = 48
"""Half-hours of a day."""

USUAL = range(18, 36)
"""The half-hours from 09:00 to 18:00, which a grid shows in any case."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some half-hours of a day, from ``first`` to before ``end``; ``booking`` where they are booked.

    ``bookable`` are the moments in it at which a booking may begin by the rules.
    """

    kind: Kind
    first: int
    end: int
    starts_at: datetime
    ends_at: datetime
    booking: Booking | None = None
    bookable: tuple[datetime, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows of a grid it fills."""
        return self.end - self.first


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the hall, its hours cut to what is shown."""

    date: date
    is_holiday: bool
    is_today: bool
    stretches: tuple[Stretch, ...]
    events: tuple[Occurrence, ...]

    @property
    def is_open(self) -> bool:
        """Whether anything is open or booked on that day."""
        return any(one.kind in {"free", "booking"} for one in self.stretches)


@dataclass(frozen=True, slots=True)
class Row:
    """A half-hour across several days; None where a cell from above reaches into it."""

    starts: time
    cells: tuple[Stretch | None, ...]


def lay_out(
    hall: Hall | None,
    shown: Sequence[date],
    bookings: Sequence[Booking],
    events: Sequence[Occurrence],
    bookable: Collection[datetime],
) -> list[Day]:
    """The days, each with the same hours: the usual ones, and more where the hall is open or booked longer."""
    kinds = {day: _kinds(hall, day, bookings) for day in shown}
    used = {half for of_day in kinds.values() for half, kind in of_day.items() if kind not in _SHUT}
    first, end = min({*USUAL, *used}), max({*USUAL, *used}) + 1
    today = days.local_day(clock.now())
    starts = sorted(bookable)
    return [
        Day(
            day,
            hours.is_holiday(day),
            day == today,
            tuple(_stretches(day, kinds[day], first, end, starts)),
            tuple(one for one in events if _touches(one, day)),
        )
        for day in shown
    ]


def rows(laid: Sequence[Day]) -> list[Row]:
    """The grid: a row for each half-hour. What is free is cut into half-hours, the rest spans its rows."""
    if not laid:
        return []
    cells = [{one.first: one for one in _cut(day)} for day in laid]
    first, end = laid[0].stretches[0].first, laid[0].stretches[-1].end
    return [
        Row(time(half // 2, half % 2 * 30), tuple(of_day.get(half) for of_day in cells))
        for half in range(first, end)
    ]


def _cut(day: Day) -> Iterator[Stretch]:
    for one in day.stretches:
        if one.kind != "free":
            yield one
            continue
        for half in range(one.first, one.end):
            begins, ends = _moment(day.date, half), _moment(day.date, half + 1)
            yield Stretch("free", half, half + 1, begins, ends, bookable=_within(one.bookable, begins, ends))


def _within(moments: Sequence[datetime], begins: datetime, ends: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in moments if begins <= at < ends)


def _kinds(hall: Hall | None, day: date, bookings: Sequence[Booking]) -> dict[int, Kind | Booking]:
    """What each half-hour of the day is."""
    midnight = grid.slot_of(days.at(day, time(0)))
    closed: Kind = "holiday" if hours.is_holiday(day) else "closed"
    found: dict[int, Kind | Booking] = dict.fromkeys(range(HALVES), closed)
    spans = grid.open_spans(grid.hours_of(hall), day) if hall is not None else ()
    for opens, closes in spans:
        found.update(dict.fromkeys(_halves(opens, closes, midnight), "free"))
    for booking in bookings:
        found.update(dict.fromkeys(_halves(booking.starts_at, booking.ends_at, midnight), booking))
    return found


def _halves(starts_at: datetime, ends_at: datetime, midnight: int) -> range:
    slots = grid.slots_of(starts_at, ends_at)
    return range(max(0, slots.start - midnight), min(HALVES, slots.stop - midnight))


def _stretches(
    day: date, kinds: dict[int, Kind | Booking], first: int, end: int, bookable: Sequence[datetime]
) -> Iterator[Stretch]:
    for what, run in groupby(range(first, end), key=lambda half: kinds[half]):
        halves = list(run)
        begins, ends = _moment(day, halves[0]), _moment(day, halves[-1] + 1)
        if isinstance(what, Booking):
            yield Stretch("booking", halves[0], halves[-1] + 1, begins, ends, booking=what)
            continue
        may = _within(bookable, begins, ends) if what == "free" else ()
        yield Stretch(what, halves[0], halves[-1] + 1, begins, ends, bookable=may)


def _moment(day: date, half: int) -> datetime:
    return grid.moment_of(grid.slot_of(days.at(day, time(0))) + half)


def _touches(occurrence: Occurrence, day: date) -> bool:
    return days.local_day(occurrence.starts_at) <= day <= days.local_day(occurrence.ends_at)
