"""Another time for a booking: it keeps its reference and is tentative again, until the centre agrees anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk import audit
from desk.contacts import Contact
from desk.halls import calendar, deadlines, grid, life, making, waiting
from desk.halls.bookings import Booking
from desk.halls.making import Refused, Taken
from desk.halls.news import News, Tell
from desk.halls.requests import Applicant, Equipment, Refusal, Request, blocking, check
from desk.halls.rules import rules_for
from knowledge.types import Center
from store import clock


def change_time(
    session: Session,
    center: Center,
    booking: Booking,
    starts_at: datetime,
    duration: timedelta,
    actor: str,
    tell: Tell,
) -> Booking | Taken | Refused:
    """Moves a booking to another time at once: the old half-hours are freed and the new ones taken, or nothing.

    The rules are those of a new request. The person may not do it later than they could cancel freely (1 business
    day before, http://centri.gov.ge/en/terms). Raises IllegalMove where the booking can no longer be changed.
    """
    if center.id != booking.center_id:
        raise ValueError("a booking stays in its own hall")
    found = life.open_for(session, booking, "tentative", actor)
    request = _request(found, starts_at, duration)
    if (found.starts_at, found.ends_at) == (request.starts_at, request.ends_at):
        return found
    rules = rules_for(session, center.id)
    against = _against(session, center, found, request, actor)
    if against:
        return making.refused(session, center, rules, request, against)
    old_starts_at, old_ends_at = found.starts_at, found.ends_at
    if not _relocate(session, found, request):
        return Taken(tuple(calendar.nearest_free(session, center, rules, starts_at, duration)))
    _announce(session, found, old_starts_at, old_ends_at, actor, tell)
    waiting.offer_freed(session, center.id, tell, old_starts_at, old_ends_at)
    return found


def _request(booking: Booking, starts_at: datetime, duration: timedelta) -> Request:
    return Request(
        starts_at=starts_at,
        duration=duration,
        applicant=cast(Applicant, booking.applicant),
        subject=booking.subject,
        people=booking.people,
        equipment=cast(tuple[Equipment, ...], tuple(booking.equipment)),
        contact_name=booking.contact_name,
    )


def _against(session: Session, center: Center, booking: Booking, request: Request, actor: str) -> list[Refusal]:
    rules, now = rules_for(session, center.id), clock.now()
    free_until = deadlines.last_free_day(booking.starts_at, rules)
    if audit.kind_of(actor) == "resident" and not deadlines.cancels_freely(now, booking.starts_at, rules):
        return [Refusal("too_late_to_change", {"until": free_until})]
    contact = session.get(Contact, booking.contact_id) if booking.contact_id is not None else None
    how = making.standing(session, contact, besides=booking.id)
    return blocking(check(request, rules, center.hall, now, how))


def _relocate(session: Session, booking: Booking, request: Request) -> bool:
    """Swaps the half-hours in a savepoint; False, and nothing changed, where a new one is somebody else's."""
    slots = grid.slots_of(request.starts_at, request.ends_at)
    own = calendar.owned(session, booking.id)
    if calendar.taken(session, booking.center_id, slots.start, slots.stop) - own:
        return False
    try:
        with session.begin_nested():
            calendar.release(session, booking.id)
            calendar.claim(session, booking.center_id, booking.id, slots)
    except IntegrityError:
        return False
    now = clock.now()
    booking.starts_at, booking.ends_at = request.starts_at, request.ends_at
    booking.state, booking.changed_at = "tentative", now
    booking.hold_until = deadlines.hold_until(now, request.starts_at)
    session.flush()
    return True


def _announce(
    session: Session, booking: Booking, old_starts_at: datetime, old_ends_at: datetime, actor: str, tell: Tell
) -> None:
    facts = {"old_starts_at": old_starts_at, "old_ends_at": old_ends_at, "hold_until": booking.hold_until}
    details = {**facts, "starts_at": booking.starts_at, "ends_at": booking.ends_at}
    entry = audit.record(session, actor, "change_time", "booking", booking.id, details)
    tell(session, booking, News("time_changed", actor, entry.id, facts))
