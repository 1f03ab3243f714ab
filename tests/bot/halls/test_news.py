"""What a person is told of their booking, and by which words and buttons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import news as doors
from desk import audit, contacts
from desk.halls import life, making
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from knowledge.snapshot import Snapshot
from store import clock
from store.clock import TBILISI
from store.database import Database
from tests.desk.halls.people import MONDAY, Told, request


def booked(session: Session, snapshot: Snapshot, channel: str = "sms", locale: str = "en") -> Booking:
    address = "+995555000001" if channel == "sms" else "7"
    contact = contacts.find_or_create(session, channel, address)  # type: ignore[arg-type]
    contacts.choose_locale(contact, locale)  # type: ignore[arg-type]
    center = snapshot.centers_by_slug["chakvi"]
    made = making.book(session, center, request(), Told(), contact=contact)
    assert isinstance(made, Booking)
    return made


def queued(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


@pytest.fixture
def tell(snapshot: Snapshot) -> Any:
    return doors.tell_for(lambda: snapshot, two_way=True)


@pytest.mark.parametrize("channel", ["sms", "telegram"])
def test_the_person_is_told_at_once_by_their_own_channel(
    channel: str, database: Database, snapshot: Snapshot, tell: Any
) -> None:
    with clock.fixed(MONDAY), database.write() as session:
        booking = booked(session, snapshot, channel)
        life.confirm(session, booking, "nino", tell)
        (row,) = queued(session)
        assert (row.channel, row.kind, row.state) == (channel, "notice", "queued")
        assert "Confirmed" in row.texts[0]
        assert booking.reference in row.texts[0]


def test_a_decline_names_the_reason(sqlite_database: Database, snapshot: Snapshot, tell: Any) -> None:
    with clock.fixed(MONDAY), sqlite_database.write() as session:
        life.decline(session, booked(session, snapshot), "nino", tell, "repairs")
        assert "being repaired" in queued(session)[0].texts[0]


def test_own_words_of_staff_are_passed_on(sqlite_database: Database, snapshot: Snapshot, tell: Any) -> None:
    with clock.fixed(MONDAY), sqlite_database.write() as session:
        life.decline(session, booked(session, snapshot, "telegram"), "nino", tell, "The roof <leaks> & drips")
        assert "The roof <leaks> & drips" in "".join(queued(session)[0].texts)


def test_a_hold_that_ran_out_is_told(sqlite_database: Database, snapshot: Snapshot, tell: Any) -> None:
    with sqlite_database.write() as session:
        with clock.fixed(MONDAY):
            booking = booked(session, snapshot)
        with clock.fixed(MONDAY + timedelta(days=2)):
            assert life.expire_due(session, tell) == 1
        assert "did not confirm in time" in queued(session)[0].texts[0]
        assert booking.state == "expired"


NIGHT = datetime(2026, 2, 2, 23, 30, tzinfo=TBILISI)
MORNING = datetime(2026, 2, 3, 9, 0, tzinfo=TBILISI)


def test_what_happens_by_itself_lets_people_sleep(
    sqlite_database: Database, snapshot: Snapshot, tell: Any
) -> None:
    with sqlite_database.write() as session:
        with clock.fixed(MONDAY):
            booked(session, snapshot).hold_until = NIGHT
        with clock.fixed(NIGHT):
            assert life.expire_due(session, tell) == 1
        assert queued(session)[0].not_before == MORNING


def test_what_staff_decide_at_night_is_told_at_once(
    sqlite_database: Database, snapshot: Snapshot, tell: Any
) -> None:
    with sqlite_database.write() as session:
        with clock.fixed(MONDAY):
            booking = booked(session, snapshot)
        with clock.fixed(NIGHT):
            life.confirm(session, booking, "nino", tell)
        assert queued(session)[0].not_before == NIGHT


def test_whoever_would_set_out_in_vain_is_told_before_the_night_is_over(
    sqlite_database: Database, snapshot: Snapshot, tell: Any
) -> None:
    with sqlite_database.write() as session:
        with clock.fixed(MONDAY):
            booking = booked(session, snapshot)
        booking.starts_at, booking.hold_until = MORNING, MORNING - timedelta(hours=1)
        with clock.fixed(MORNING - timedelta(hours=1)):
            assert life.expire_due(session, tell) == 1
        assert queued(session)[0].not_before == MORNING - timedelta(minutes=30)


def test_who_cancels_themselves_is_not_written_to(
    sqlite_database: Database, snapshot: Snapshot, tell: Any
) -> None:
    with clock.fixed(MONDAY), sqlite_database.write() as session:
        life.cancel(session, booked(session, snapshot), audit.RESIDENT, tell)
        assert queued(session) == []


def test_who_opted_out_is_not_written_to(sqlite_database: Database, snapshot: Snapshot, tell: Any) -> None:
    with clock.fixed(MONDAY), sqlite_database.write() as session:
        booking = booked(session, snapshot)
        contact = contacts.find(session, "sms", "+995555000001")
        assert contact is not None
        contacts.opt_out(session, contact)
        life.confirm(session, booking, "nino", tell)
        assert queued(session) == []


def test_a_no_show_says_until_when_booking_is_closed(
    sqlite_database: Database, snapshot: Snapshot, tell: Any
) -> None:
    with sqlite_database.write() as session:
        with clock.fixed(MONDAY):
            booking = booked(session, snapshot, "telegram")
            life.confirm(session, booking, "nino", Told())
        with clock.fixed(datetime(2026, 2, 4, 15, 0, tzinfo=UTC)):
            life.mark_no_show(session, booking, "nino", tell)
        (row,) = queued(session)
        assert "Wednesday, 18 February" in "".join(row.texts)


def test_where_a_text_cannot_be_answered_no_text_asks_for_one(
    sqlite_database: Database, snapshot: Snapshot
) -> None:
    from desk.halls import waiting

    one_way = doors.tell_for(lambda: snapshot, two_way=False)
    center = snapshot.centers_by_slug["chakvi"]
    with clock.fixed(MONDAY), sqlite_database.write() as session:
        booking = booked(session, snapshot)
        other = contacts.find_or_create(session, "sms", "+995555000002")
        contacts.choose_locale(other, "en")
        waiting.wait(session, center, request(), other, Told())
        life.cancel(session, booking, audit.RESIDENT, one_way)
        (row,) = queued(session)
        assert "call" in row.texts[0]
        assert "write" not in row.texts[0]
