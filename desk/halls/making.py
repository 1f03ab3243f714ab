"""Asking for a hall: the booking is made, or the answer says why not and which times are free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk import audit
from desk.contacts import Contact
from desk.halls import bans, bookings, calendar, deadlines, grid, purposes, references
from desk.halls.bookings import Booking
from desk.halls.news import News, Tell
from desk.halls.requests import TIME_CODES, Refusal, Request, Standing, blocking, check
from desk.halls.rules import Rules, rules_for
from knowledge.types import Center
from store import clock

_ATTEMPTS = 8  # a new reference each time


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody has the hall then; ``free`` are the nearest times that can be booked."""

    free: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The rules forbid it; ``free`` are the nearest times, where another time would help."""

    refusals: tuple[Refusal, ...]
    free: tuple[datetime, ...] = ()


def standing(session: Session, contact: Contact | None, *, besides: int | None = None) -> Standing:
    """How the person stands with the rules about persons; nobody that we know stands well."""
    if contact is None:
        return Standing()
    return Standing(
        bans.banned_until(session, contact.resident_id),
        bookings.count_open(session, contact.resident_id, besides=besides),
    )


def book(
    session: Session,
    center: Center,
    request: Request,
    tell: Tell,
    *,
    contact: Contact | None,
    booked_by: str | None = None,
) -> Booking | Taken | Refused:
    """Makes a tentative booking, which staff are to confirm (http://centri.gov.ge/en/terms).

    ``booked_by`` is the member of staff who writes it down, with or without a contact of the person. Losing the
    race for a half-hour leaves the caller's transaction in order.
    """
    if contact is None and booked_by is None:
        raise ValueError("a booking is for a contact, or made by a member of staff")
    if contact is not None:
        bookings.lock_contact(session, contact.id)
    calendar.lock(session, center.id)
    rules, now = rules_for(session, center.id), clock.now()
    found = check(request, rules, center.hall, now, standing(session, contact))
    if blocking(found):
        return refused(session, center, rules, request, blocking(found))
    booking = place(
        session,
        center.id,
        request,
        contact_id=contact.id if contact else None,
        booked_by=booked_by,
        hold_until=deadlines.hold_until(now, request.starts_at),
        flags=flags_of(request, found),
    )
    if booking is None:
        return Taken(_nearest(session, center, rules, request.starts_at, request.duration))
    announce_request(session, booking, audit.staff(booked_by) if booked_by else audit.RESIDENT, "book", tell)
    return booking


def announce_request(session: Session, booking: Booking, actor: str, action: str, tell: Tell) -> None:
    """Writes down that somebody asks for the hall, and tells whoever did not do it themselves."""
    facts = {"hold_until": booking.hold_until}
    details = {"center": booking.center_id, "starts_at": booking.starts_at, "flags": booking.flag_reasons, **facts}
    entry = audit.record(session, actor, action, "booking", booking.id, details)
    tell(session, booking, News("requested", actor, entry.id, facts))


def refused(session: Session, center: Center, rules: Rules, request: Request, found: Sequence[Refusal]) -> Refused:
    """The refusal, with free times where another time would help."""
    helps = all(refusal.code in TIME_CODES for refusal in found)
    free = _nearest(session, center, rules, request.starts_at, request.duration) if helps else ()
    return Refused(tuple(found), free)


def place(
    session: Session,
    center_id: int,
    request: Request,
    *,
    contact_id: int | None,
    hold_until: datetime,
    flags: Sequence[str],
    booked_by: str | None = None,
) -> Booking | None:
    """Writes a tentative booking and its half-hours; None where one of them is taken."""
    slots = grid.slots_of(request.starts_at, request.ends_at)
    for _ in range(_ATTEMPTS):
        if calendar.taken(session, center_id, slots.start, slots.stop):
            return None
        booking = _row(center_id, request, contact_id, hold_until, flags, booked_by)
        try:
            with session.begin_nested():
                session.add(booking)
                session.flush()
                calendar.claim(session, center_id, booking.id, slots)
            return booking
        except IntegrityError:
            continue  # somebody took a half-hour just now, or has this reference: look again
    raise RuntimeError(f"no free reference in {_ATTEMPTS} attempts")


def _row(
    center_id: int,
    request: Request,
    contact_id: int | None,
    hold_until: datetime,
    flags: Sequence[str],
    booked_by: str | None,
) -> Booking:
    now = clock.now()
    return Booking(
        reference=references.fresh(),
        center_id=center_id,
        contact_id=contact_id,
        booked_by=booked_by,
        applicant=request.applicant,
        subject=request.subject,
        people=request.people,
        equipment=list(request.equipment),
        contact_name=request.contact_name,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        state="tentative",
        hold_until=hold_until,
        flagged=bool(flags),
        flag_reasons=list(flags),
        created_at=now,
        changed_at=now,
    )


def flags_of(request: Request, found: Sequence[Refusal]) -> list[str]:
    """Why staff should look twice: a purpose that looks forbidden, more people than seats."""
    return [*purposes.suspicions(request.subject), *(one.code for one in found if one.is_warning)]


def _nearest(
    session: Session, center: Center, rules: Rules, wanted: datetime, duration: timedelta
) -> tuple[datetime, ...]:
    return tuple(calendar.nearest_free(session, center, rules, wanted, duration))
