"""The waiting list: who wants a taken time is offered it when it is freed, in the order in which they asked.

    waiting -> offered -> taken | passed
            -> left | passed (its time came, and nothing was freed)

An offer is a tentative booking that is kept for some waking hours; the person takes it or it goes to the next one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk import audit, contacts
from desk.contacts import Contact
from desk.halls import bookings, calendar, deadlines, grid, making
from desk.halls.bookings import Booking, IllegalMove
from desk.halls.making import Refused
from desk.halls.news import News, Tell
from desk.halls.requests import Code, Refusal, Request, blocking, check
from desk.halls.rules import rules_for
from knowledge.types import Center
from store import clock
from store.base import Base, BigId

WaitState = Literal["waiting", "offered", "taken", "passed", "left"]

MAX_WAITS = 5
"""How many times one person can wait for at once."""

_ONLY_LATER: frozenset[Code] = frozenset({"too_many_open"})
"""What does not keep anybody from waiting: it may be otherwise when the time is freed."""


class Waiting(Base):
    """That a person waits for a time of a hall. ``wish`` holds the rest of the request, for the offer."""

    __tablename__ = "waiting"
    __table_args__ = (
        Index("ix_waiting_line", "center_id", "state", "created_at", "id"),
        Index("ix_waiting_contact_id", "contact_id"),
        Index("ix_waiting_offered_booking_id", "offered_booking_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    center_id: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    wish: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(12))
    offered_booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


def wait(session: Session, center: Center, request: Request, contact: Contact, tell: Tell) -> Waiting | Refused:
    """Puts the person in line for a time that the rules allow now; the same wish twice is one place in line.

    Where the time is free by now the offer follows at once.
    """
    bookings.lock_contact(session, contact.id)
    calendar.lock(session, center.id)
    rules = rules_for(session, center.id)
    found = check(request, rules, center.hall, clock.now(), making.standing(session, contact))
    against = [refusal for refusal in blocking(found) if refusal.code not in _ONLY_LATER]
    if against:
        return making.refused(session, center, rules, request, against)
    mine = _open_of(session, contact)
    for row in mine:
        if (row.center_id, row.starts_at, row.ends_at) == (center.id, request.starts_at, request.ends_at):
            return row
    if len(mine) >= MAX_WAITS:
        return Refused((Refusal("too_many_waits", {"open": len(mine), "limit": MAX_WAITS}),))
    row = _row(center.id, request, contact, making.flags_of(request, found))
    session.add(row)
    session.flush()
    details = {"center": center.id, "starts_at": request.starts_at}
    audit.record(session, audit.RESIDENT, "wait", "waiting", row.id, details)
    offer_freed(session, center.id, tell, row.starts_at, row.ends_at)
    return row


def _row(center_id: int, request: Request, contact: Contact, flags: Sequence[str]) -> Waiting:
    now = clock.now()
    return Waiting(
        center_id=center_id,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        contact_id=contact.id,
        wish={
            "applicant": request.applicant,
            "subject": request.subject,
            "people": request.people,
            "equipment": list(request.equipment),
            "contact_name": request.contact_name,
            "flags": list(flags),
        },
        state="waiting",
        created_at=now,
        changed_at=now,
    )


def _open_of(session: Session, contact: Contact) -> list[Waiting]:
    mine = select(Contact.id).where(Contact.resident_id == contact.resident_id)
    query = select(Waiting).where(
        Waiting.contact_id.in_(mine), Waiting.state.in_(("waiting", "offered")), Waiting.starts_at > clock.now()
    )
    return list(session.scalars(query.order_by(Waiting.starts_at, Waiting.id)))


def waits_of(session: Session, contact: Contact) -> list[Waiting]:
    """What the person waits for, or is being offered, the soonest first."""
    return _open_of(session, contact)


def leave(session: Session, row: Waiting) -> bool:
    """The person does not want to wait any more. False where they do not wait: an offer is cancelled instead."""
    left = session.execute(
        update(Waiting)
        .where(Waiting.id == row.id, Waiting.state == "waiting")
        .values(state="left", changed_at=clock.now())
        .returning(Waiting.id)
    ).first()
    if left is not None:
        audit.record(session, audit.RESIDENT, "leave", "waiting", row.id)
    session.refresh(row)
    return left is not None


def open_offer(session: Session, booking: Booking) -> Waiting | None:
    """The place in line that the booking is an offer to, where it was not taken yet."""
    query = select(Waiting).where(Waiting.offered_booking_id == booking.id, Waiting.state == "offered")
    return session.scalar(query.execution_options(populate_existing=True))


def offered_of(session: Session, booking_ids: Collection[int]) -> set[int]:
    """Which of these bookings are offers to the waiting list that nobody has taken yet."""
    query = select(Waiting.offered_booking_id).where(
        Waiting.state == "offered", Waiting.offered_booking_id.in_(booking_ids)
    )
    return {number for number in session.scalars(query) if number is not None}


def unanswered(session: Session, centers: Collection[int] = (), limit: int = 100) -> Sequence[Booking]:
    """The requests that staff can answer, those first that were made first; no centres means all of them.

    Without those whose hold has run out and offers that nobody has taken yet.
    """
    offers = select(Waiting.offered_booking_id).where(
        Waiting.state == "offered", Waiting.offered_booking_id.is_not(None)
    )
    moment = clock.now()
    query = select(Booking).where(
        Booking.state == "tentative",
        or_(Booking.hold_until.is_(None), Booking.hold_until > moment),
        Booking.starts_at > moment,
        Booking.id.not_in(offers),
    )
    if centers:
        query = query.where(Booking.center_id.in_(centers))
    return session.scalars(query.order_by(Booking.created_at, Booking.id).limit(limit)).all()


def take(session: Session, booking: Booking, tell: Tell) -> Booking:
    """The person takes what they were offered: from now on it is a request like any other.

    Raises IllegalMove where it is not an offer, or was one.
    """
    found = bookings.locked(session, booking.id)
    offer = open_offer(session, found) if found is not None else None
    if found is None or offer is None or found.state != "tentative":
        raise IllegalMove(f"{booking.reference} is not an open offer")
    now = clock.now()
    if found.hold_until is not None and found.hold_until <= now:
        raise IllegalMove(f"the offer {found.reference} has lapsed")
    _settle(offer, "taken")
    found.hold_until, found.changed_at = deadlines.hold_until(now, found.starts_at), now
    making.announce_request(session, found, audit.RESIDENT, "take_offer", tell)
    return found


def _settle(row: Waiting, state: WaitState) -> None:
    row.state, row.changed_at = state, clock.now()


def pass_by(session: Session, booking: Booking) -> bool:
    """An offer that ends without being taken passes to the next in line; False where it was not an open offer."""
    offer = open_offer(session, booking)
    if offer is not None:
        _settle(offer, "passed")
    return offer is not None


def offer_freed(session: Session, center_id: int, tell: Tell, starts_at: datetime, ends_at: datetime) -> int:
    """Offers what was freed between two moments to the first in line whose whole wish is free now; how many."""
    query = _line(center_id).where(Waiting.starts_at < ends_at, Waiting.ends_at > starts_at)
    return _offer(session, list(session.scalars(query)), tell)


def offer_all(session: Session, tell: Tell) -> int:
    """Looks through every line for what can be offered now; how many offers. For the sweep.

    It finds who was passed over while they were just being answered, or had too many open bookings then.
    """
    _end_stale(session)
    offers = 0
    halls = select(Waiting.center_id).where(*_in_line()).distinct().order_by(Waiting.center_id)
    for center_id in session.scalars(halls).all():
        if any(_is_free(session, row) for row in session.scalars(_line(center_id)).all()):
            calendar.lock(session, center_id)
            offers += _offer(session, list(session.scalars(_line(center_id))), tell)
    return offers


def _end_stale(session: Session) -> None:
    session.execute(
        update(Waiting)
        .where(Waiting.state == "waiting", Waiting.starts_at <= clock.now())
        .values(state="passed", changed_at=clock.now())
    )


def _in_line() -> tuple[Any, ...]:
    return Waiting.state == "waiting", Waiting.starts_at > clock.now()


def _line(center_id: int) -> Any:
    query = select(Waiting).where(Waiting.center_id == center_id, *_in_line())
    return query.order_by(Waiting.created_at, Waiting.id).execution_options(populate_existing=True)


def _is_free(session: Session, row: Waiting) -> bool:
    slots = grid.slots_of(row.starts_at, row.ends_at)
    return not calendar.taken(session, row.center_id, slots.start, slots.stop)


def _offer(session: Session, line: Sequence[Waiting], tell: Tell) -> int:
    """Goes along the line. The hall is locked; whoever is just being answered keeps what they wait for."""
    offers, kept = 0, set[int]()
    for row in line:
        slots = set(grid.slots_of(row.starts_at, row.ends_at))
        if not kept.isdisjoint(slots) or not _is_free(session, row):
            continue
        if not bookings.lock_contact(session, row.contact_id, wait=False):
            kept |= slots
            continue
        offers += _offer_to(session, row, tell)
    return offers


def _offer_to(session: Session, row: Waiting, tell: Tell) -> bool:
    """Holds the time for one person, unless they cannot be told or may not book now."""
    contact = session.get(Contact, row.contact_id, populate_existing=True)
    if contact is None or contact.forget_at is not None or not contacts.may_receive(contact):
        return False
    rules = rules_for(session, row.center_id)
    how = making.standing(session, contact)
    until = deadlines.offer_until(clock.now(), row.starts_at, rules)
    if until is None or how.banned_until is not None or how.open_bookings >= rules.max_open:
        return False
    booking = making.place(
        session,
        row.center_id,
        _request(row),
        contact_id=row.contact_id,
        hold_until=until,
        flags=row.wish["flags"],
    )
    if booking is None:
        return False
    row.offered_booking_id = booking.id
    _settle(row, "offered")
    details = {"waiting": row.id, "center": row.center_id, "starts_at": row.starts_at, "hold_until": until}
    entry = audit.record(session, audit.SYSTEM, "offer", "booking", booking.id, details)
    tell(session, booking, News("offered", audit.SYSTEM, entry.id, {"hold_until": until}))
    return True


def _request(row: Waiting) -> Request:
    duration: timedelta = row.ends_at - row.starts_at
    return Request(
        starts_at=row.starts_at,
        duration=duration,
        applicant=row.wish["applicant"],
        subject=row.wish["subject"],
        people=row.wish["people"],
        equipment=tuple(row.wish["equipment"]),
        contact_name=row.wish["contact_name"],
    )


def place_in_line(session: Session, row: Waiting) -> int:
    """How many wait before this person for an overlapping time, plus one."""
    ahead = (
        *_in_line(),
        Waiting.center_id == row.center_id,
        Waiting.starts_at < row.ends_at,
        Waiting.ends_at > row.starts_at,
        Waiting.id < row.id,
    )
    return 1 + int(session.scalar(select(func.count()).select_from(Waiting).where(*ahead)) or 0)
