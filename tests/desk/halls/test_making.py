"""Asking for a hall: made, taken or refused, and the caller's transaction always in order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit
from desk.halls import bookings, calendar, grid, making, references
from desk.halls.bookings import Booking
from desk.halls.making import Refused, Taken
from desk.questions import Question
from store import clock
from store.clock import TBILISI
from store.database import Database
from tests.desk.halls.people import CHAKVI, MONDAY, WEDNESDAY, Told, booked, center, codes, person, request, wall


def test_a_request_is_a_tentative_booking_that_holds_its_half_hours(database: Database) -> None:
    told = Told()
    with database.write() as session:
        made = booked(session, person(session), told)
    with database.read() as session:
        kept = session.get_one(Booking, made.id)
        assert (kept.state, kept.subject, kept.equipment) == ("tentative", "beekeeping training", ["projector"])
        assert (kept.starts_at, kept.ends_at) == (wall(WEDNESDAY, 15), wall(WEDNESDAY, 17))
        assert kept.hold_until == wall(date(2026, 2, 3), 18)
        assert calendar.owned(session, kept.id) == set(grid.slots_of(kept.starts_at, kept.ends_at))
        (entry,) = audit.trail(session, "booking", kept.id)
    ((booking_id, news),) = told.all
    assert (booking_id, news.kind, news.number, news.actor) == (kept.id, "requested", entry.id, "resident")
    assert news.for_staff
    assert not news.for_person


def test_the_second_to_ask_is_offered_the_nearest_free_times(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booked(session, person(session), hour=15, minutes=60)
        answer = making.book(session, CHAKVI, request(hour=14, minutes=90), told, contact=person(session, 2))
        assert isinstance(answer, Taken)
        free = [f"{one.astimezone(TBILISI):%H:%M}" for one in answer.free]
        assert free == ["13:30", "13:00", "12:30"]
        assert told.all == []


def test_what_was_written_before_a_lost_race_stays_written(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The half-hour is taken between the look and the claim: only the savepoint is lost."""
    with database.write() as session:
        booked(session, person(session))
    real, looks = calendar.taken, []

    def blind_once(*given: object) -> set[int]:
        looks.append(given)
        return set() if len(looks) == 1 else real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(calendar, "taken", blind_once)
    with database.write() as session:
        session.add(Question(text="kept", language="en", channel="sms", outcome="none", asked_at=clock.now()))
        answer = making.book(session, CHAKVI, request(), Told(), contact=person(session, 2))
        assert isinstance(answer, Taken)
    with database.read() as session:
        assert session.scalars(select(Question.text)).all() == ["kept"]
        assert len(session.scalars(select(Booking)).all()) == 1


def test_a_reference_that_somebody_has_is_made_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter(["K7-3F2", "K7-3F2", "K7-3F3"])
    monkeypatch.setattr(references, "fresh", lambda: next(names))
    with database.write() as session:
        first = booked(session, person(session))
        second = booked(session, person(session, 2), hour=9)
        assert (first.reference, second.reference) == ("K7-3F2", "K7-3F3")


def test_a_refusal_by_time_comes_with_free_times(database: Database) -> None:
    with database.write() as session:
        asked = request(date(2026, 2, 7))
        answer = making.book(session, CHAKVI, asked, Told(), contact=person(session))
        assert isinstance(answer, Refused)
        assert codes(answer.refusals) == ["outside_hours"]
        assert answer.free[0] == wall(date(2026, 2, 6), 16)


def test_a_person_has_two_open_requests_on_all_their_channels(database: Database) -> None:
    with database.write() as session:
        first, second = person(session), person(session, 1, "telegram")
        second.resident_id = first.resident_id
        session.flush()
        booked(session, first, hour=9, minutes=60)
        booked(session, second, hour=11, minutes=60)
        answer = making.book(session, CHAKVI, request(), Told(), contact=first)
        assert isinstance(answer, Refused)
        assert codes(answer.refusals) == ["too_many_open"]
        assert answer.free == ()


def test_staff_write_a_booking_down_for_somebody_without_a_contact(database: Database) -> None:
    told = Told()
    with database.write() as session:
        made = making.book(session, CHAKVI, request(), told, contact=None, booked_by="nino")
        assert isinstance(made, Booking)
        assert (made.contact_id, made.booked_by) == (None, "nino")
        assert told.all[0][1].actor == "staff:nino"
        with pytest.raises(ValueError, match="for a contact"):
            making.book(session, CHAKVI, request(hour=9), told, contact=None)


def test_the_person_is_told_of_what_staff_wrote_down_for_them(database: Database) -> None:
    told = Told()
    with database.write() as session:
        making.book(session, CHAKVI, request(), told, contact=person(session), booked_by="nino")
    assert [(news.for_person, news.for_staff) for _id, news in told.all] == [(True, False)]


def test_a_forbidden_looking_purpose_and_a_crowd_are_flagged_not_refused(database: Database) -> None:
    with database.write() as session:
        made = booked(session, person(session), subject="партийное собрание", people=40)
        plain = booked(session, person(session, 2), hour=9)
        assert (made.flagged, made.flag_reasons) == (True, ["party", "over_capacity"])
        assert (plain.flagged, plain.flag_reasons) == (False, [])


def test_a_centre_without_a_hall_refuses(database: Database) -> None:
    with database.write() as session:
        answer = making.book(session, center(hall=False), request(), Told(), contact=person(session))
        assert isinstance(answer, Refused)
        assert codes(answer.refusals) == ["no_hall"]


def test_a_person_finds_their_own_bookings_and_nobody_elses(database: Database) -> None:
    with database.write() as session:
        mine, theirs = person(session), person(session, 2)
        late = booked(session, mine, hour=15, minutes=60)
        early = booked(session, mine, hour=9, minutes=60)
        other = booked(session, theirs, hour=11, minutes=60)
        assert bookings.upcoming_for(session, mine) == [early, late]
        assert bookings.by_reference(session, late.reference.lower()) is late
        assert bookings.by_reference(session, late.reference, mine) is late
        assert bookings.by_reference(session, other.reference, mine) is None
        assert bookings.by_reference(session, "nothing") is None
        with clock.fixed(MONDAY + timedelta(days=3)):
            assert bookings.upcoming_for(session, mine) == []


def test_staff_narrow_the_list_as_they_wish(database: Database) -> None:
    with database.write() as session:
        first = booked(session, person(session))
        second = booked(session, person(session, 2), day=date(2026, 2, 5), subject="выборы")
        there = making.book(session, center(2), request(), Told(), contact=person(session, 3))
        assert _ids(session) == [first.id, there.id, second.id]  # type: ignore[union-attr]
        assert _ids(session, centers=[1]) == [first.id, second.id]
        assert _ids(session, centers=[1], first=date(2026, 2, 5), last=date(2026, 2, 5)) == [second.id]
        assert _ids(session, last=WEDNESDAY, centers=[1]) == [first.id]
        assert _ids(session, flagged=True) == [second.id]
        assert _ids(session, states=["confirmed"]) == []
        assert len(bookings.listing(session, bookings.Filter(), limit=1, offset=2)) == 1


def _ids(session: Session, **wanted: object) -> list[int]:
    narrowed = bookings.Filter(**wanted)  # type: ignore[arg-type]
    found = [one.id for one in bookings.listing(session, narrowed)]
    assert bookings.count(session, narrowed) == len(found)
    return found
