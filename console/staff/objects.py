"""Whose an object is: the centre of what an address names, for ``access.of_center``."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.staff.visitors import NOWHERE
from desk import facts
from desk.events.models import Event, Occurrence
from desk.halls.bookings import Booking
from knowledge import history
from knowledge.interchange import single
from knowledge.interchange.kinds import KINDS
from knowledge.models import CenterRow, ServedRow

_LONGEST_ID = 9


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


def center_of_fact(session: Session, kind: str, row_id: str, edit_id: str = "") -> int | None:
    """The centre that a row of what is known belongs to, or belonged to before that edit removed it.

    Services and settlements belong to none: NOWHERE, so that only those may change them who may act for all.
    """
    if kind == "services":
        return NOWHERE if single.find(session, KINDS[kind], row_id) is not None else None
    if not (row_id.isascii() and row_id.isdigit() and len(row_id) <= _LONGEST_ID):
        return None
    if kind in {"centers", facts.RULES}:
        return center_itself(session, int(row_id))
    if kind == "served":
        return center_of_served(session, int(row_id)) or _center_before(session, row_id, edit_id)
    known = kind == "places" and single.find(session, KINDS[kind], int(row_id)) is not None
    return NOWHERE if known else None


def _center_before(session: Session, served_id: str, edit_id: str) -> int | None:
    """The centre of a served village that was removed, as the history tells it."""
    edit = history.find(session, edit_id, "served", served_id)
    cells = [history.cells(one.old) for one in edit.fields if one.name == history.WHOLE] if edit else []
    slugs = [one["center"] for one in cells if "center" in one]
    return session.scalar(select(CenterRow.id).where(CenterRow.slug.in_(slugs)))


def center_of_occurrence(session: Session, event_id: int, occurrence_id: int) -> int | None:
    """The centre at which one time of an event takes place; None where it is another event's."""
    occurrence = session.get(Occurrence, occurrence_id)
    return occurrence.event.center_id if occurrence is not None and occurrence.event_id == event_id else None
