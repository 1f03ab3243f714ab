"""Which half-hours of a hall are taken, and which times are free.

A row for each half-hour of each live booking; the primary key (center, slot) makes the database itself refuse two
bookings for one of them. A tentative hold is as taken as a confirmed booking.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, delete, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.halls import days, grid
from desk.halls.rules import Rules
from knowledge.types import Center
from store import clock
from store.base import Base, BigId

_HALL_LOCK = 0x68616C6C  # "hall"


class BookingSlot(Base):
    """That a half-hour of a hall belongs to a booking. ``slot``: see ``desk.halls.grid``."""

    __tablename__ = "booking_slots"

    center_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    booking_id: Mapped[int] = mapped_column(BigId, ForeignKey("bookings.id", ondelete="CASCADE"), index=True)


def lock(session: Session, center_id: int) -> None:
    """One change at a time for each hall, until the transaction ends: losers wait here and then see the winner.

    On SQLite there is one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_HALL_LOCK, center_id)))


def taken(session: Session, center_id: int, first: int, end: int) -> set[int]:
    """The taken half-hours from ``first`` to before ``end``."""
    mine = (BookingSlot.center_id == center_id, BookingSlot.slot >= first, BookingSlot.slot < end)
    return set(session.scalars(select(BookingSlot.slot).where(*mine)))


def owned(session: Session, booking_id: int) -> set[int]:
    """The half-hours that belong to a booking."""
    return set(session.scalars(select(BookingSlot.slot).where(BookingSlot.booking_id == booking_id)))


def claim(session: Session, center_id: int, booking_id: int, slots: Iterable[int]) -> None:
    """Takes the half-hours. Raises IntegrityError, and needs a savepoint, where one of them is taken."""
    rows = [{"center_id": center_id, "slot": slot, "booking_id": booking_id} for slot in sorted(slots)]
    if rows:
        session.execute(insert(BookingSlot), rows)


def release(session: Session, booking_id: int) -> None:
    """Frees every half-hour of a booking."""
    mine = delete(BookingSlot).where(BookingSlot.booking_id == booking_id)
    session.execute(mine.execution_options(synchronize_session=False))


def free_times(
    session: Session, center: Center, rules: Rules, first: date, last: date, duration: timedelta
) -> list[datetime]:
    """Every moment (UTC) of those days, both included, at which a booking of that length can begin.

    Only what the rules allow to be booked now: at least 2 business days ahead (http://centri.gov.ge/en/terms),
    within the horizon, in the hall's hours, on no holiday. One query.
    """
    return [grid.moment_of(slot) for slot in _free(session, center, rules, first, last, duration)]


def nearest_free(
    session: Session, center: Center, rules: Rules, wanted: datetime, duration: timedelta, count: int = 3
) -> list[datetime]:
    """The free times nearest to the wanted one that can be booked now, the nearest first. One query."""
    around = int(wanted.timestamp())
    every = _free(session, center, rules, date.min, date.max, duration)
    nearest = heapq.nsmallest(count, every, key=lambda slot: (abs(slot * grid.UNIT_SECONDS - around), slot))
    return [grid.moment_of(slot) for slot in nearest]


def bookable_days(rules: Rules, now: datetime) -> tuple[date, date]:
    """The first and the last day that can be booked at that moment."""
    today = days.local_day(now)
    return days.with_notice(today, rules.min_business_days), today + timedelta(days=rules.horizon_days)


def _free(
    session: Session, center: Center, rules: Rules, first: date, last: date, duration: timedelta
) -> Iterator[int]:
    now = clock.now()
    earliest, latest = bookable_days(rules, now)
    first, last = max(first, earliest), min(last, latest)
    length = -(-int(duration.total_seconds()) // grid.UNIT_SECONDS)
    if center.hall is None or first > last or length < 1:
        return
    spec = grid.hours_of(center.hall)
    everyday = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    starts = [slot for day in everyday for slot in grid.starts_on(spec, day, rules.slot_minutes, length)]
    if not starts:
        return
    gone = taken(session, center.id, starts[0], starts[-1] + length)
    soonest = grid.slot_of(now)
    for start in starts:
        if start > soonest and gone.isdisjoint(range(start, start + length)):
            yield start
