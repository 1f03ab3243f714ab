"""What "forget me" does to bookings: the hall stays lent, and nobody can tell to whom it was."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session

from desk.halls.bookings import DECLINE_REASONS, Booking
from desk.halls.waiting import Waiting
from store import clock
from store.statements import carry_out


def erase_person(session: Session, contact_ids: Collection[int]) -> int:
    """Wipes the person from their bookings and takes them off every waiting list; how many bookings.

    To be called before rows that refer to the contacts are deleted. What staff wrote in own words goes too. An
    offer that was not taken ends at the next sweep.
    """
    offered = select(Waiting.offered_booking_id).where(
        Waiting.contact_id.in_(contact_ids), Waiting.state == "offered", Waiting.offered_booking_id.is_not(None)
    )
    untaken = update(Booking).where(Booking.id.in_(offered), Booking.state == "tentative")
    session.execute(untaken.values(hold_until=clock.now()).execution_options(synchronize_session="fetch"))
    session.execute(delete(Waiting).where(Waiting.contact_id.in_(contact_ids)))
    return carry_out(
        session,
        update(Booking)
        .where(Booking.contact_id.in_(contact_ids))
        .values(
            contact_id=None,
            contact_name="",
            subject="",
            changed_at=clock.now(),  # calendars that staff subscribe to must take the words out too
            decline_reason=case(
                (Booking.decline_reason.in_(DECLINE_REASONS), Booking.decline_reason),
                (Booking.decline_reason.is_not(None), "other"),
            ),
        ),
    )
