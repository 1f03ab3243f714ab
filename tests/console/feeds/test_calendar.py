"""A centre's calendar over HTTP: for whoever has its address, and for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from console import feeds as pages
from desk import contacts
from desk.halls import erasing, feeds, life, making
from desk.halls.bookings import Booking
from knowledge.snapshot import Snapshot
from knowledge.types import Center
from store import clock
from store.database import Database
from tests.desk.halls.people import MONDAY, Told, person, request

SLUG = "tsnori"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.fixed(MONDAY):
        yield


@pytest.fixture
def center(known: Snapshot) -> Center:
    return known.centers_by_slug[SLUG]


@pytest.fixture
def booking(database: Database, center: Center) -> Booking:
    with database.write() as session:
        made = making.book(session, center, request(), Told(), contact=person(session))
        assert isinstance(made, Booking)
        return made


@pytest.fixture
def web(database: Database, known: Snapshot) -> FlaskClient:
    app = Flask("test")
    app.register_blueprint(pages.blueprint(database, lambda: known))
    return app.test_client()


@pytest.fixture
def address(database: Database, center: Center) -> str:
    with database.write() as session:
        return pages.PATH.format(slug=center.slug, token=feeds.token(session, center))


def test_the_calendar_shows_what_staff_must_know_and_no_number(
    web: FlaskClient, address: str, booking: Booking, database: Database
) -> None:
    got = web.get(address)
    assert (got.status_code, got.mimetype) == (200, "text/calendar")
    calendar = Calendar.from_ical(got.data)
    assert "დარბაზი" in calendar["X-WR-CALNAME"]
    (event,) = calendar.walk("VEVENT")
    assert (event["UID"], event["STATUS"]) == (f"{booking.reference}@mezobeli", "TENTATIVE")
    assert event["SUMMARY"] == "beekeeping training (დასტურს ელოდება)"
    for shown in ("Nino", "beekeeping training", "20", booking.reference):
        assert shown in event["DESCRIPTION"]
    with database.read() as session:
        contact = session.get_one(contacts.Contact, booking.contact_id)
    assert contact.address not in got.text
    assert contact.address.removeprefix("+995") not in got.text


def test_it_is_asked_again_only_for_changes(
    web: FlaskClient, address: str, booking: Booking, database: Database
) -> None:
    first = web.get(address)
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert web.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert web.get(address, headers={"If-Modified-Since": modified}).status_code == 304
    assert web.head(address).status_code == 200
    with database.write() as session, clock.fixed(MONDAY + timedelta(minutes=5)):
        life.confirm(session, booking, "Nino", Told())
    for header in ({"If-None-Match": tag}, {"If-Modified-Since": modified}):
        again = web.get(address, headers=header)
        assert again.status_code == 200
        assert b"STATUS:CONFIRMED" in again.data
        assert again.headers["ETag"] != tag


def test_who_was_forgotten_is_taken_out(
    web: FlaskClient, address: str, booking: Booking, database: Database
) -> None:
    first = web.get(address)
    with database.write() as session, clock.fixed(MONDAY + timedelta(minutes=5)):
        assert booking.contact_id is not None
        erasing.erase_person(session, [booking.contact_id])
    again = web.get(address, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert again.status_code == 200
    assert "Nino" not in again.text
    assert "beekeeping" not in again.text


@pytest.mark.parametrize(
    "wrong",
    [
        "{slug}-{other}",
        "{slug}-",
        "{slug}",
        "kabali-{token}",
        "nowhere-{token}",
        "-{token}",
        "{slug}-{token}ა",
        "{token}",
    ],
)
def test_a_wrong_address_shows_nothing_and_does_not_say_what_was_wrong(
    web: FlaskClient, address: str, wrong: str
) -> None:
    token = address.removesuffix(".ics").rpartition("-")[2]
    got = web.get(f"/calendar/{wrong.format(slug=SLUG, token=token, other='0' * 32)}.ics")
    assert got.status_code == 404
    assert got.text == web.get("/calendar/any-thing.ics").text


def test_an_empty_calendar_is_a_calendar(web: FlaskClient, address: str) -> None:
    got = web.get(address)
    assert got.status_code == 200
    assert list(Calendar.from_ical(got.data).walk("VEVENT")) == []
