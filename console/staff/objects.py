"""Whose an object is: the centre of what an address names, for ``access.of_center``."""

from __future__ import annotations

from sqlalchemy.orm import Session

from desk.events.models import Event
from desk.halls.bookings import Booking
from knowledge.models import CenterRow, ServedRow


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


def center_of_served(session: Session, served_id: int) -> int | None:
    """The centre that serves a village."""
    row = session.get(ServedRow, served_id)
    return row.center_id if row is not None else None
