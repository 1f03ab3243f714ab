"""What a centre's staff are told, in whose language and with which buttons; and what they are not told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import posting
from bot.staff.news import StaffNews
from desk import audit, contacts, staff
from desk.halls import changing, life, making
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES, BaseLocale, Center
from store import clock
from store.database import Database
from tests.desk.halls.people import MONDAY, WEDNESDAY, request, wall


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.fixed(MONDAY):
        yield


@pytest.fixture
def tell(snapshot: Snapshot) -> StaffNews:
    return StaffNews(lambda: snapshot, posting.post)


@pytest.fixture
def chakvi(snapshot: Snapshot) -> Center:
    return snapshot.centers_by_slug["chakvi"]


def linked(session: Session, number: int, *centers: int, locale: BaseLocale = "en") -> None:
    member = staff.add(session, f"Nino {number}", "staff", centers, audit.SYSTEM, locale)
    code = staff.issue_code(session, member, audit.SYSTEM)
    assert staff.link(session, contacts.find_or_create(session, "telegram", str(number)), code) is member


def booked(session: Session, center: Center, tell: Any, **by: Any) -> Booking:
    who = by or {"contact": contacts.find_or_create(session, "sms", "+995555000001")}
    made = making.book(session, center, request(subject="პარტიის შეხვედრა"), tell, **who)
    assert isinstance(made, Booking)
    return made


def queued(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def buttons(row: OutboxMessage) -> list[str]:
    return [choice["value"] for choice in row.payload.get("choices", [])]


@pytest.mark.parametrize("locale", BASE_LOCALES)
def test_a_request_is_told_in_the_members_language(
    locale: BaseLocale, sqlite_database: Database, chakvi: Center, tell: StaffNews
) -> None:
    with sqlite_database.write() as session:
        linked(session, 1, chakvi.id, locale=locale)
        booking = booked(session, chakvi, tell)
        (row,) = queued(session)
    said = "\n".join(row.texts)
    assert row.payload["locale"] == locale
    for part in (booking.reference, "პარტიის შეხვედრა", "15:00-17:00", "20", "Nino", "18:00"):
        assert part in said
    assert "+995555" not in said
    assert "{" not in said
    assert buttons(row) == [f"desk:confirm:{booking.id}", f"desk:decline:{booking.id}"]


def test_each_member_of_the_centre_is_told_once(database: Database, chakvi: Center, tell: StaffNews) -> None:
    with database.write() as session:
        for number in (1, 2):
            linked(session, number, chakvi.id)
        linked(session, 3, chakvi.id + 1)
        booked(session, chakvi, tell)
        rows = queued(session)
        told = {session.get_one(contacts.Contact, row.contact_id).address for row in rows}
    assert told == {"1", "2"}
    assert len({row.dedupe_key for row in rows}) == len(rows) == 2


def test_another_time_asks_again_and_a_cancelled_booking_asks_nothing(
    database: Database, chakvi: Center, tell: StaffNews
) -> None:
    with database.write() as session:
        linked(session, 1, chakvi.id)
        booking = booked(session, chakvi, tell)
        later = wall(WEDNESDAY + timedelta(days=1), 10)
        changing.change_time(session, chakvi, booking, later, timedelta(hours=1), audit.RESIDENT, tell)
        life.cancel(session, booking, audit.RESIDENT, tell)
        _, moved, cancelled = queued(session)
    assert "Another time" in moved.texts[0]
    assert "10:00-11:00" in moved.texts[1]
    assert buttons(moved) == [f"desk:confirm:{booking.id}", f"desk:decline:{booking.id}"]
    assert "given back" in cancelled.texts[0]
    assert buttons(cancelled) == []


def test_staff_are_not_told_of_what_staff_did(sqlite_database: Database, chakvi: Center, tell: StaffNews) -> None:
    with sqlite_database.write() as session:
        linked(session, 1, chakvi.id)
        booking = booked(session, chakvi, tell, contact=None, booked_by="Gia")
        life.confirm(session, booking, "Gia", tell)
        assert queued(session) == []


def test_who_said_stop_or_forget_me_or_left_is_told_nothing(
    database: Database, chakvi: Center, tell: StaffNews
) -> None:
    with database.write() as session:
        for number in (1, 2, 3):
            linked(session, number, chakvi.id)
        contacts.opt_out(session, contacts.find_or_create(session, "telegram", "1"))
        contacts.forget(session, contacts.find_or_create(session, "telegram", "2"))
        gone = staff.find(session, "Nino 3")
        assert gone is not None
        staff.switch_off(session, gone, audit.SYSTEM)
        booked(session, chakvi, tell)
        assert queued(session) == []
