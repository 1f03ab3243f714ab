"""A person is forgotten: the hall stays lent, and nobody can tell to whom."""

from __future__ import annotations

from sqlalchemy import delete, select

from desk import audit
from desk.contacts import Contact, Resident
from desk.halls import bans, calendar, life, waiting
from desk.halls.bans import BookingBan
from desk.halls.bookings import Booking
from desk.halls.erasing import erase_person
from desk.halls.waiting import Waiting
from store.database import Database
from tests.desk.halls.people import CHAKVI, Told, booked, person, request


def test_bookings_stay_without_the_person(database: Database) -> None:
    told = Told()
    with database.write() as session:
        contact, other = person(session), person(session, 2)
        booking = life.confirm(session, booked(session, contact), "nino", Told())
        declined = booked(session, contact, hour=9, minutes=60)
        life.decline(session, declined, "nino", Told(), "Nino, your class is too big")
        theirs = booked(session, other, hour=10, minutes=60)
        waiting.wait(session, CHAKVI, request(), other, told)
        waiting.wait(session, CHAKVI, request(hour=10, minutes=60), contact, told)
        bans.ban(session, contact.resident_id, booking.id, booking.starts_at.date(), "no_show", audit.SYSTEM)
        assert erase_person(session, [contact.id]) == 2
        session.execute(delete(Contact).where(Contact.id == contact.id))
        session.execute(delete(Resident).where(Resident.id == contact.resident_id))
    with database.write() as session:
        kept = session.get_one(Booking, booking.id)
        assert (kept.contact_id, kept.contact_name, kept.subject, kept.state) == (None, "", "", "confirmed")
        assert len(calendar.owned(session, kept.id)) == 4
        assert session.get_one(Booking, declined.id).decline_reason == "other"
        assert session.get_one(Booking, theirs.id).contact_name == "Nino"
        assert [row.contact_id for row in session.scalars(select(Waiting))] == [other.id]
        assert session.scalars(select(BookingBan)).all() == []
        life.cancel(session, kept, audit.staff("nino"), told)
    assert told.kinds() == ["cancelled_by_staff", "offered"]


def test_an_offer_to_somebody_forgotten_ends_at_the_next_sweep(database: Database) -> None:
    told = Told()
    with database.write() as session:
        contact, other = person(session), person(session, 2)
        first = waiting.wait(session, CHAKVI, request(), contact, told)
        second = waiting.wait(session, CHAKVI, request(), other, told)
        assert isinstance(first, Waiting)
        assert isinstance(second, Waiting)
        erase_person(session, [contact.id])
        assert life.expire_due(session, told) == 1
        session.refresh(second)
        assert second.state == "offered"


def test_erasing_nobody_changes_nothing(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session))
        assert erase_person(session, []) == 0
        session.refresh(booking)
        assert booking.contact_name == "Nino"
