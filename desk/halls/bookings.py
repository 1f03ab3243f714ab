"""Bookings as they are kept, and finding them: a person's own, one by its reference, lists for staff."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ForeignKey, Index, Select, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.contacts import Contact
from desk.halls import calendar, days, references
from store import clock
from store.base import Base, BigId

State = Literal["tentative", "confirmed", "declined", "expired", "cancelled", "held", "no_show"]

LIVE: tuple[State, ...] = ("tentative", "confirmed")
"""The states in which a booking keeps its half-hours and can still be changed."""

DeclineReason = Literal["purpose", "centre_needs_it", "repairs", "nobody_to_open", "equipment", "other"]
"""The short list of reasons; staff may also write their own words."""

DECLINE_REASONS: tuple[DeclineReason, ...] = (
    "purpose",
    "centre_needs_it",
    "repairs",
    "nobody_to_open",
    "equipment",
    "other",
)


class Booking(Base):
    """A hall borrowed, or asked for, for some hours. Times are in UTC."""

    __tablename__ = "bookings"
    __table_args__ = (
        Index("ix_bookings_center", "center_id", "starts_at"),
        Index("ix_bookings_due", "state", "hold_until"),
        Index("ix_bookings_contact_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    center_id: Mapped[int]
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"))
    booked_by: Mapped[str | None] = mapped_column(String(80))  # the member of staff who wrote it down
    applicant: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Text)
    people: Mapped[int]
    equipment: Mapped[list[Any]] = mapped_column(default=list)
    contact_name: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    hold_until: Mapped[datetime | None]  # of a tentative one: when it expires
    flagged: Mapped[bool] = mapped_column(default=False)
    flag_reasons: Mapped[list[Any]] = mapped_column(default=list)  # codes: see ``desk.halls.purposes``
    decline_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def duration(self) -> timedelta:
        """How long the hall is needed."""
        return self.ends_at - self.starts_at


class IllegalMove(ValueError):
    """The life of a booking does not allow this; the sentence says why."""


class AlreadyMoved(IllegalMove):
    """Somebody was quicker: ``state``, ``actor`` and ``at`` say what they did."""

    def __init__(self, state: State, actor: str, at: datetime, sentence: str) -> None:
        """Keeps what is needed to say it in another language than the sentence's."""
        super().__init__(sentence)
        self.state, self.actor, self.at = state, actor, at


def state_of(booking: Booking) -> State:
    """The booking's state, as a type."""
    return cast(State, booking.state)


def locked(session: Session, booking_id: int, *, wait: bool = True) -> Booking | None:
    """The booking as it stands now, nobody else being able to change it until the transaction ends.

    None where it does not exist; without ``wait`` also where its person is just being answered.
    """
    row = session.execute(select(Booking.contact_id, Booking.center_id).where(Booking.id == booking_id)).first()
    if row is None:
        return None
    if row.contact_id is not None and not lock_contact(session, row.contact_id, wait=wait) and not wait:
        return None
    calendar.lock(session, row.center_id)
    query = select(Booking).where(Booking.id == booking_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def lock_contact(session: Session, contact_id: int, *, wait: bool = True) -> bool:
    """Locks the contact, before anything else is locked; False where it is gone, or busy and not waited for."""
    query = select(Contact.id).where(Contact.id == contact_id)
    return session.scalar(query.with_for_update(key_share=True, skip_locked=not wait)) is not None


def by_reference(session: Session, text: str, contact: Contact | None = None) -> Booking | None:
    """The booking that somebody typed the reference of; with ``contact`` only one of that person's own."""
    reference = references.read(text)
    if reference is None:
        return None
    query = select(Booking).where(Booking.reference == reference)
    return session.scalar(query if contact is None else query.where(_of_person(contact.resident_id)))


def upcoming_for(session: Session, contact: Contact) -> list[Booking]:
    """The person's live bookings that are not over, on whichever channel they were made, the next one first."""
    query = select(Booking).where(
        _of_person(contact.resident_id), Booking.state.in_(LIVE), Booking.ends_at > clock.now()
    )
    return list(session.scalars(query.order_by(Booking.starts_at, Booking.id)))


def count_open(session: Session, resident_id: int, *, besides: int | None = None) -> int:
    """How many tentative bookings the person has, but for one."""
    query = (
        select(func.count())
        .select_from(Booking)
        .where(_of_person(resident_id), Booking.state == "tentative", Booking.id != (besides or 0))
    )
    return int(session.scalar(query) or 0)


def _of_person(resident_id: int) -> Any:
    return Booking.contact_id.in_(select(Contact.id).where(Contact.resident_id == resident_id))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which bookings staff want to see; what is None or empty does not narrow. Days are days in Tbilisi."""

    centers: Collection[int] = ()
    states: Collection[State] = ()
    first: date | None = None
    last: date | None = None
    flagged: bool | None = None


def listing(session: Session, wanted: Filter, *, limit: int = 200, offset: int = 0) -> Sequence[Booking]:
    """The bookings that match, by the time at which they begin."""
    query = _narrowed(select(Booking), wanted).order_by(Booking.starts_at, Booking.id)
    return session.scalars(query.limit(limit).offset(offset)).all()


def count(session: Session, wanted: Filter) -> int:
    """How many bookings match."""
    return int(session.scalar(_narrowed(select(func.count()).select_from(Booking), wanted)) or 0)


def _narrowed(query: Select[Any], wanted: Filter) -> Select[Any]:
    if wanted.centers:
        query = query.where(Booking.center_id.in_(wanted.centers))
    if wanted.states:
        query = query.where(Booking.state.in_(wanted.states))
    if wanted.first is not None:
        query = query.where(Booking.starts_at >= days.at(wanted.first, time(0)))
    if wanted.last is not None:
        query = query.where(Booking.starts_at < days.at(wanted.last + timedelta(days=1), time(0)))
    return query if wanted.flagged is None else query.where(Booking.flagged.is_(wanted.flagged))
