"""Whose an object is: the centre of what an address names, for ``access.of_center``."""

from __future__ import annotations

from sqlalchemy.orm import Session

from desk.events.models import Event, Occurrence
from desk.halls.bookings import Booking
from knowledge.models import CenterRow


def center_of_booking(session: Session, booking_id: int) -> int | None:
    """The centre whose hall is booked."""
    booking = session.get(Booking, booking_id)
    return booking.center_id if booking is not None else None


def center_of_event(session: Session, event_id: int) -> int | None:
    """The centre at which an event takes place."""
    event = session.get(Event, event_id)
    return event.center_id if event is not None else None


def center_itself(session: Session, center_id: int) -> int | None:
    """A centre that the address names."""
    return center_id if session.get(CenterRow, center_id) is not None else None


def center_of_occurrence(session: Session, event_id: int, occurrence_id: int) -> int | None:
    """The centre at which one time of an event takes place; None where it is another event's."""
    occurrence = session.get(Occurrence, occurrence_id)
    return occurrence.event.center_id if occurrence is not None and occurrence.event_id == event_id else None
