"""The waiting list: in line, offered, taken or passed on."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from desk import audit, contacts
from desk.contacts import Contact
from desk.halls import bans, calendar, life, waiting
from desk.halls.bookings import Booking, IllegalMove
from desk.halls.making import Refused
from desk.halls.waiting import Waiting
from store import clock
from store.clock import TBILISI
from store.database import Database
from tests.desk.halls.people import CHAKVI, MONDAY, WEDNESDAY, Told, booked, codes, person, request, wall

THURSDAY = date(2026, 2, 5)


def waits(session: Session, contact: Contact, told: Told | None = None, **wanted: object) -> Waiting:
    asked = request(**wanted)  # type: ignore[arg-type]
    row = waiting.wait(session, CHAKVI, asked, contact, told or Told())
    assert isinstance(row, Waiting), row
    return row


def offer_of(session: Session, row: Waiting) -> Booking:
    session.flush()
    assert row.offered_booking_id is not None
    return session.get_one(Booking, row.offered_booking_id)


def test_the_first_in_line_is_offered_what_is_freed(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session))
        first = waits(session, person(session, 2), told)
        with clock.fixed(MONDAY + timedelta(minutes=1)):
            second = waits(session, person(session, 3), told)
        assert told.all == []
        assert [waiting.place_in_line(session, row) for row in (first, second)] == [1, 2]
        life.cancel(session, booking, audit.RESIDENT, told)
        offer = offer_of(session, first)
        assert (first.state, second.state) == ("offered", "waiting")
        assert (offer.state, offer.subject, offer.contact_id) == (
            "tentative",
            "beekeeping training",
            first.contact_id,
        )
        assert offer.hold_until == MONDAY + timedelta(hours=6)
    assert told.kinds() == ["cancelled", "offered"]
    assert told.all[1][1].for_person


def test_an_offer_that_lapses_goes_to_the_next(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session), day=THURSDAY)
        first = waits(session, person(session, 2), day=THURSDAY)
        second = waits(session, person(session, 3), day=THURSDAY)
        life.decline(session, booking, "nino", Told(), "repairs")
        lapsing = offer_of(session, first)
        with clock.fixed(MONDAY + timedelta(hours=6)):
            assert life.expire_due(session, told) == 1
        assert (first.state, second.state, lapsing.state) == ("passed", "offered", "expired")
        assert offer_of(session, second).hold_until == wall(date(2026, 2, 3), 10)
    assert [(id == lapsing.id, news.kind) for id, news in told.all] == [(True, "offer_lapsed"), (False, "offered")]


def test_an_offer_that_is_taken_becomes_a_request_like_any_other(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session))
        row = waits(session, person(session, 2))
        life.cancel(session, booking, audit.RESIDENT, Told())
        offer = offer_of(session, row)
        with pytest.raises(IllegalMove, match="nobody has taken yet"):
            life.confirm(session, offer, "nino", told)
        waiting.take(session, offer, told)
        assert (row.state, offer.hold_until) == ("taken", wall(date(2026, 2, 3), 18))
        life.confirm(session, offer, "nino", told)
        with pytest.raises(IllegalMove, match="not an open offer"):
            waiting.take(session, offer, told)
    assert told.kinds() == ["requested", "confirmed"]


def test_an_offer_that_has_lapsed_cannot_be_taken(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session))
        row = waits(session, person(session, 2))
        life.cancel(session, booking, audit.RESIDENT, Told())
        with clock.fixed(MONDAY + timedelta(hours=6)), pytest.raises(IllegalMove, match="lapsed"):
            waiting.take(session, offer_of(session, row), Told())


def test_letting_an_offer_go_costs_nothing_however_late(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = life.confirm(session, booked(session, person(session)), "nino", Told())
        second, third = person(session, 2), person(session, 3)
        row, after = waits(session, second), waits(session, third)
        with clock.fixed(wall(WEDNESDAY, 9)):
            life.cancel(session, booking, audit.staff("nino"), Told())
            offer = offer_of(session, row)
            assert offer.hold_until == wall(WEDNESDAY, 14)
            life.cancel(session, offer, audit.RESIDENT, told)
            assert bans.active(session, second.resident_id) == []
        assert (row.state, after.state) == ("passed", "offered")
    assert told.kinds() == ["cancelled", "offered"]


def test_only_a_whole_wish_is_offered(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session), hour=15, minutes=60)
        booked(session, person(session, 9), hour=16, minutes=60)
        long = waits(session, person(session, 2), hour=15, minutes=120)
        short = waits(session, person(session, 3), hour=15, minutes=60)
        life.cancel(session, booking, audit.RESIDENT, Told())
        assert (long.state, short.state) == ("waiting", "offered")


def test_a_long_freed_time_serves_several_who_wait(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session), hour=9, minutes=540)
        rows = [waits(session, person(session, 2 + n), hour=9 + 2 * n, minutes=120) for n in range(4)]
        overlapping = waits(session, person(session, 8), hour=10, minutes=120)
        life.cancel(session, booking, audit.RESIDENT, Told())
        assert [row.state for row in rows] == ["offered"] * 4
        assert overlapping.state == "waiting"


def test_who_may_not_book_or_be_told_is_passed_over_and_keeps_their_place(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session), day=THURSDAY)
        banned, busy, gone, fine = (person(session, n) for n in (2, 3, 4, 5))
        rows = [waits(session, one, day=THURSDAY) for one in (banned, busy, gone, fine)]
        bans.ban(session, banned.resident_id, booking.id, date(2026, 2, 9), "no_show", audit.SYSTEM)
        for hour in (9, 10):
            booked(session, busy, hour=hour, minutes=30)
        contacts.opt_out(session, gone)
        life.cancel(session, booking, audit.RESIDENT, Told())
        assert [row.state for row in rows] == ["waiting", "waiting", "waiting", "offered"]


def test_who_was_passed_over_is_offered_by_a_later_sweep(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session), day=THURSDAY)
        second = person(session, 2)
        row = waits(session, second, day=THURSDAY)
        mine = [booked(session, second, hour=hour, minutes=30) for hour in (9, 10)]
        life.cancel(session, booking, audit.RESIDENT, Told())
        assert row.state == "waiting"
        life.cancel(session, mine[0], audit.RESIDENT, Told())
        life.expire_due(session, told)
        assert row.state == "offered"
    assert told.kinds() == ["offered"]


def test_waiting_for_a_free_time_is_an_offer_at_once(database: Database) -> None:
    told = Told()
    with database.write() as session:
        assert waits(session, person(session), told).state == "offered"
    assert told.kinds() == ["offered"]


def test_the_same_wish_twice_is_one_place_in_line(database: Database) -> None:
    with database.write() as session:
        booked(session, person(session))
        second = person(session, 2)
        assert waits(session, second) is waits(session, second)
        assert waiting.waits_of(session, second) == [waits(session, second)]


def test_nobody_waits_for_what_the_rules_forbid_or_for_everything(database: Database) -> None:
    with database.write() as session:
        booked(session, person(session), hour=9, minutes=540)
        second = person(session, 2)
        closed = waiting.wait(session, CHAKVI, request(date(2026, 2, 7)), second, Told())
        assert isinstance(closed, Refused)
        assert codes(closed.refusals) == ["outside_hours"]
        for hour in range(9, 9 + waiting.MAX_WAITS):
            waits(session, second, hour=hour, minutes=30)
        more = waiting.wait(session, CHAKVI, request(), second, Told())
        assert isinstance(more, Refused)
        assert codes(more.refusals) == ["too_many_waits"]


def test_who_leaves_is_not_asked_again(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session))
        row = waits(session, person(session, 2))
        assert waiting.leave(session, row)
        assert not waiting.leave(session, row)
        life.cancel(session, booking, audit.RESIDENT, told)
        assert row.state == "left"
    assert told.kinds() == ["cancelled"]


def test_nothing_is_offered_too_shortly_before(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = life.confirm(session, booked(session, person(session)), "nino", Told())
        row = waits(session, person(session, 2))
        with clock.fixed(wall(WEDNESDAY, 13, 30)):
            life.cancel(session, booking, audit.RESIDENT, told)
        assert row.state == "waiting"
        with clock.fixed(wall(WEDNESDAY, 15)):
            life.expire_due(session, told)
        session.refresh(row)
        assert row.state == "passed"
    assert told.kinds() == ["cancelled"]


def test_nobody_else_gets_what_the_first_in_line_is_just_talking_about(postgres_database: Database) -> None:
    """The first in line is being answered: the time is kept for the next sweep, not given to the second."""
    told = Told()
    with postgres_database.write() as session:
        booking = booked(session, person(session), day=THURSDAY)
        first, second = (waits(session, person(session, n), day=THURSDAY) for n in (2, 3))
    talking, done = threading.Event(), threading.Event()

    def talk() -> None:
        with postgres_database.write() as session:
            person(session, 2)
            talking.set()
            done.wait(20)

    thread = threading.Thread(target=talk)
    thread.start()
    talking.wait(20)
    with postgres_database.write() as session:
        life.cancel(session, session.get_one(Booking, booking.id), audit.RESIDENT, told)
        assert session.get_one(Waiting, second.id).state == "waiting"
    done.set()
    thread.join(20)
    with postgres_database.write() as session:
        life.expire_due(session, told)
        assert session.get_one(Waiting, first.id).state == "offered"
    assert told.kinds() == ["cancelled", "offered"]


def test_an_offer_in_the_evening_stands_until_the_next_day(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session), day=THURSDAY)
        row = waits(session, person(session, 2), day=THURSDAY)
        with clock.fixed(wall(date(2026, 2, 2), 20)):
            life.cancel(session, booking, audit.RESIDENT, Told())
        until = offer_of(session, row).hold_until
        assert until is not None
        assert f"{until.astimezone(TBILISI):%d %H:%M}" == "03 14:00"
        assert len(calendar.owned(session, row.offered_booking_id or 0)) == 4
