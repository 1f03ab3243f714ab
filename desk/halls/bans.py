"""Who may not book for now: who did not come, or said so too late, loses access for 10 business days.

Source: http://centri.gov.ge/en/terms. Staff can lift it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk import audit
from desk.halls import days
from store import clock
from store.base import Base, BigId

Reason = Literal["late_cancel", "no_show"]


class BookingBan(Base):
    """That booking is closed to a person up to and including the day ``until``."""

    __tablename__ = "booking_bans"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"), index=True)
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(String(12))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(80))


def ban(
    session: Session, resident_id: int, booking_id: int, until: date, reason: Reason, actor: str
) -> BookingBan:
    """Closes booking to the person until the end of that day."""
    row = BookingBan(
        resident_id=resident_id, until=until, reason=reason, booking_id=booking_id, created_at=clock.now()
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "ban", "ban", row.id, {"until": until, "reason": reason, "booking": booking_id})
    return row


def banned_until(session: Session, resident_id: int) -> date | None:
    """The last day on which booking is closed to the person; None where it is open."""
    return session.scalar(select(func.max(BookingBan.until)).where(*_active(resident_id)))


def active(session: Session, resident_id: int) -> list[BookingBan]:
    """The bans that hold today, the longest first."""
    query = select(BookingBan).where(*_active(resident_id))
    return list(session.scalars(query.order_by(BookingBan.until.desc(), BookingBan.id)))


def lift(session: Session, resident_id: int, staff_name: str) -> int:
    """A member of staff opens booking to the person again; how many bans that lifted."""
    rows = active(session, resident_id)
    for row in rows:
        row.lifted_at, row.lifted_by = clock.now(), staff_name
        audit.record(session, audit.staff(staff_name), "lift_ban", "ban", row.id)
    return len(rows)


def _active(resident_id: int) -> list[ColumnElement[bool]]:
    today = days.local_day(clock.now())
    return [BookingBan.resident_id == resident_id, BookingBan.until >= today, BookingBan.lifted_at.is_(None)]
