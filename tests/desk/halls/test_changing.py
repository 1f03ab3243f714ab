"""Another time: the same reference, tentative again, all or nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desk import audit
from desk.halls import bans, calendar, grid, life, making, waiting
from desk.halls.bookings import Booking, IllegalMove
from desk.halls.changing import change_time
from desk.halls.making import Refused, Taken
from store import clock
from store.database import Database
from tests.desk.halls.people import CHAKVI, WEDNESDAY, Told, booked, center, codes, person, request, wall

THURSDAY = date(2026, 2, 5)
HOUR, TWO_HOURS = timedelta(hours=1), timedelta(hours=2)


def test_a_confirmed_booking_moves_and_waits_for_the_centre_again(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session), told)
        life.confirm(session, booking, "nino", told)
        reference = booking.reference
        changed = change_time(session, CHAKVI, booking, wall(THURSDAY, 10), HOUR, audit.RESIDENT, told)
    with database.read() as session:
        assert isinstance(changed, Booking)
        kept = session.get_one(Booking, booking.id)
        assert (kept.reference, kept.state) == (reference, "tentative")
        assert (kept.starts_at, kept.ends_at) == (wall(THURSDAY, 10), wall(THURSDAY, 11))
        assert kept.hold_until == wall(date(2026, 2, 3), 18)
        assert calendar.owned(session, kept.id) == set(grid.slots_of(kept.starts_at, kept.ends_at))
    assert told.kinds() == ["requested", "confirmed", "time_changed"]
    facts = told.all[2][1].facts
    assert (facts["old_starts_at"], facts["old_ends_at"]) == (wall(WEDNESDAY, 15), wall(WEDNESDAY, 17))


def test_a_booking_may_move_onto_its_own_half_hours(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session))
        changed = change_time(session, CHAKVI, booking, wall(WEDNESDAY, 16), TWO_HOURS, audit.RESIDENT, Told())
        assert changed is booking
        assert calendar.owned(session, booking.id) == set(grid.slots_of(booking.starts_at, booking.ends_at))


@pytest.mark.parametrize("blind", [False, True], ids=["seen", "raced"])
def test_where_the_new_time_is_taken_nothing_changes(
    database: Database, monkeypatch: pytest.MonkeyPatch, blind: bool
) -> None:
    told = Told()
    with database.write() as session:
        booking = life.confirm(session, booked(session, person(session)), "nino", Told())
        booked(session, person(session, 2), day=THURSDAY)
        before = calendar.owned(session, booking.id)
        if blind:
            monkeypatch.setattr(calendar, "taken", lambda *_: set())
        answer = change_time(session, CHAKVI, booking, wall(THURSDAY, 16), HOUR, audit.RESIDENT, told)
        assert isinstance(answer, Taken)
        assert len(answer.free) == 3
        assert (booking.state, booking.starts_at) == ("confirmed", wall(WEDNESDAY, 15))
        assert calendar.owned(session, booking.id) == before
    assert told.all == []


def test_the_rules_are_those_of_a_new_request(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session))
        answer = change_time(session, CHAKVI, booking, wall(date(2026, 2, 7), 10), HOUR, audit.RESIDENT, Told())
        assert isinstance(answer, Refused)
        assert codes(answer.refusals) == ["outside_hours"]
        assert booking.state == "tentative"


def test_the_person_cannot_dodge_a_late_cancelling_by_moving_far_away(database: Database) -> None:
    with database.write() as session:
        contact = person(session)
        booking = life.confirm(session, booked(session, contact), "nino", Told())
        with clock.fixed(wall(WEDNESDAY, 9)):
            new = wall(date(2026, 3, 18), 10)
            answer = change_time(session, CHAKVI, booking, new, HOUR, audit.RESIDENT, Told())
            assert isinstance(answer, Refused)
            assert codes(answer.refusals) == ["too_late_to_change"]
            by_staff = change_time(session, CHAKVI, booking, new, HOUR, audit.staff("nino"), Told())
            assert by_staff is booking
        assert bans.active(session, contact.resident_id) == []


def test_a_change_counts_among_the_open_requests(database: Database) -> None:
    with database.write() as session:
        contact = person(session)
        booking = life.confirm(session, booked(session, contact), "nino", Told())
        booked(session, contact, hour=9, minutes=60)
        booked(session, contact, hour=10, minutes=60)
        answer = change_time(session, CHAKVI, booking, wall(THURSDAY, 10), HOUR, audit.RESIDENT, Told())
        assert isinstance(answer, Refused)
        assert codes(answer.refusals) == ["too_many_open"]


def test_the_same_time_again_is_no_change(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = life.confirm(session, booked(session, person(session)), "nino", Told())
        change_time(session, CHAKVI, booking, booking.starts_at, booking.duration, audit.RESIDENT, told)
        assert booking.state == "confirmed"
    assert told.all == []


def test_what_is_over_or_elsewhere_cannot_be_changed(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session))
        life.cancel(session, booking, audit.RESIDENT, Told())
        with pytest.raises(IllegalMove, match="already cancelled"):
            change_time(session, CHAKVI, booking, wall(THURSDAY), HOUR, audit.RESIDENT, Told())
        with pytest.raises(ValueError, match="own hall"):
            change_time(session, center(2), booking, wall(THURSDAY), HOUR, audit.RESIDENT, Told())


def test_the_time_that_becomes_free_goes_to_who_waits_for_it(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session))
        second = person(session, 2)
        assert isinstance(making.book(session, CHAKVI, request(), told, contact=second), Taken)
        row = waiting.wait(session, CHAKVI, request(), second, told)
        change_time(session, CHAKVI, booking, wall(THURSDAY, 10), HOUR, audit.RESIDENT, told)
        assert isinstance(row, waiting.Waiting)
        assert row.state == "offered"
    assert told.kinds() == ["time_changed", "offered"]
