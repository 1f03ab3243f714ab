"""Bookings as iCalendar: a calendar reads back what was booked, and a change replaces what it had."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar.cal import Component

from desk.halls import ical, life
from desk.halls.bookings import Booking
from store import clock
from store.database import Database
from tests.desk.halls.people import CHAKVI, MONDAY, Told, booked, person


def read(content: bytes) -> Component:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def as_feed(*bookings: Booking) -> bytes:
    return ical.feed(bookings, {CHAKVI.id: CHAKVI}, "ჩაქვი", lambda one: (one.subject, one.contact_name))


def test_one_booking_is_read_back(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        booking = booked(session, person(session))
    event = read(ical.event_file(booking, CHAKVI, "დარბაზი"))
    assert event["UID"] == f"{booking.reference}@mezobeli"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (booking.starts_at, booking.ends_at)
    assert (event["SUMMARY"], event["LOCATION"], event["STATUS"]) == ("დარბაზი", "ჩაქვი", "TENTATIVE")


def test_times_are_utc_lines_short_and_ends_as_the_standard_says(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        booking = booked(session, person(session), subject="მეფუტკრეების შეხვედრა; ხმამაღლა, " * 20)
    content = as_feed(booking)
    lines = content.split(b"\r\n")
    assert b"DTSTART:20260204T110000Z" in lines
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT15M" in lines
    assert "X-WR-CALNAME:ჩაქვი".encode() in lines
    assert max(map(len, lines)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert read(content)["SUMMARY"] == booking.subject


def test_a_change_has_a_greater_number_and_the_same_name(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session))
        before = read(as_feed(booking))
        with clock.fixed(MONDAY + timedelta(hours=1)):
            life.confirm(session, booking, "Nino", told)
        confirmed = read(as_feed(booking))
        with clock.fixed(MONDAY + timedelta(hours=2)):
            life.cancel(session, booking, "staff:Nino", told)
        cancelled = read(as_feed(booking))
    events = [before, confirmed, cancelled]
    assert [event["STATUS"] for event in events] == ["TENTATIVE", "CONFIRMED", "CANCELLED"]
    assert len({event["UID"] for event in events}) == 1
    assert before["SEQUENCE"] < confirmed["SEQUENCE"] < cancelled["SEQUENCE"]
    assert before.decoded("LAST-MODIFIED") < cancelled.decoded("LAST-MODIFIED")


def test_a_centre_that_was_removed_has_no_location(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        booking = booked(session, person(session))
    assert "LOCATION" not in read(ical.event_file(booking, None, "x"))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200))
def test_any_words_are_read_back_and_make_no_lines_of_their_own(words: str) -> None:
    booking = Booking(
        reference="K7-3F2",
        center_id=1,
        starts_at=MONDAY,
        ends_at=MONDAY,
        created_at=MONDAY,
        changed_at=MONDAY,
        state="confirmed",
        subject=words,
        contact_name="a\r\nSTATUS:CANCELLED",
    )
    event = read(as_feed(booking))
    assert event["SUMMARY"] == words
    assert event["STATUS"] == "CONFIRMED"
    assert len(Calendar.from_ical(as_feed(booking)).walk("VEVENT")) == 1
