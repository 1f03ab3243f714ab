"""The life of a booking: legal moves, illegal ones, bans, and two members of staff at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from desk import audit
from desk.contacts import Contact
from desk.halls import bans, calendar, life, making
from desk.halls.bookings import AlreadyMoved, Booking, IllegalMove, State
from desk.halls.making import Refused
from store import clock
from store.database import Database
from tests.desk.halls.people import CHAKVI, MONDAY, WEDNESDAY, Told, booked, codes, person, request, wall

TUESDAY_EVENING = wall(date(2026, 2, 3), 18)
DURING = wall(WEDNESDAY, 16)


def confirmed(session: Session, contact: Contact | None = None) -> Booking:
    return life.confirm(session, booked(session, contact or person(session)), "nino", Told())


def test_staff_confirm_and_the_person_is_told_once(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session), told)
        life.confirm(session, booking, "nino", told)
        assert (booking.state, booking.hold_until) == ("confirmed", None)
        assert len(calendar.owned(session, booking.id)) == 4
        trail = audit.trail(session, "booking", booking.id)
    assert [(entry.action, entry.actor) for entry in trail] == [("book", "resident"), ("confirm", "staff:nino")]
    assert told.kinds() == ["requested", "confirmed"]
    assert told.all[1][1].number == trail[1].id


@pytest.mark.parametrize(
    ("reason", "kept"), [("repairs", "repairs"), ("Ask Mrs. Beridze, 599 12 34 56", "own_words")]
)
def test_declining_frees_the_time_and_says_why(database: Database, reason: str, kept: str) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session))
        life.decline(session, booking, "nino", told, reason)
        assert (booking.state, booking.decline_reason) == ("declined", reason)
        assert calendar.owned(session, booking.id) == set()
        entry = audit.last(session, "booking", booking.id)
        assert entry is not None
        assert entry.details["reason"] == kept
    ((_id, news),) = told.all
    assert (news.kind, news.facts["reason"]) == ("declined", reason)


def test_declining_needs_a_reason(database: Database) -> None:
    with database.write() as session, pytest.raises(ValueError, match="reason"):
        life.decline(session, booked(session, person(session)), "nino", Told(), "  ")


def test_a_hold_expires_at_its_deadline_and_not_before(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session))
        with clock.fixed(TUESDAY_EVENING - timedelta(minutes=1)):
            assert life.expire_due(session, told) == 0
        with clock.fixed(TUESDAY_EVENING):
            assert life.expire_due(session, told) == 1
            assert life.expire_due(session, told) == 0
        assert booking.state == "expired"
        assert calendar.owned(session, booking.id) == set()
    assert told.kinds() == ["expired"]


def test_a_hold_that_ran_out_cannot_be_confirmed_any_more(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session))
        with clock.fixed(TUESDAY_EVENING), pytest.raises(IllegalMove, match="run out"):
            life.confirm(session, booking, "nino", Told())


def test_confirming_looks_again_whether_the_half_hours_are_its_own(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session))
        calendar.release(session, booking.id)
        with pytest.raises(IllegalMove, match="half-hours"):
            life.confirm(session, booking, "nino", Told())


def test_an_early_cancelling_costs_nothing(database: Database) -> None:
    told = Told()
    with database.write() as session:
        contact = person(session)
        booking = confirmed(session, contact)
        with clock.fixed(TUESDAY_EVENING):
            life.cancel(session, booking, audit.RESIDENT, told)
        assert booking.state == "cancelled"
        assert bans.banned_until(session, contact.resident_id) is None
    assert [(news.kind, news.for_staff) for _id, news in told.all] == [("cancelled", True)]


def test_a_late_cancelling_closes_booking_for_ten_business_days(database: Database) -> None:
    told = Told()
    with database.write() as session:
        contact = person(session)
        booking = confirmed(session, contact)
        with clock.fixed(wall(WEDNESDAY, 9)):
            life.cancel(session, booking, audit.RESIDENT, told)
            assert bans.banned_until(session, contact.resident_id) == date(2026, 2, 18)
            answer = making.book(session, CHAKVI, request(date(2026, 2, 9)), told, contact=contact)
            assert isinstance(answer, Refused)
            assert codes(answer.refusals) == ["banned"]
        with clock.fixed(wall(date(2026, 2, 19), 9)):
            assert bans.banned_until(session, contact.resident_id) is None
    assert told.all[0][1].facts["banned_until"] == date(2026, 2, 18)


def test_staff_may_cancel_late_without_any_ban(database: Database) -> None:
    told = Told()
    with database.write() as session:
        contact = person(session)
        booking = confirmed(session, contact)
        with clock.fixed(wall(WEDNESDAY, 9)):
            life.cancel(session, booking, audit.staff("nino"), told)
        assert bans.active(session, contact.resident_id) == []
    assert [(news.kind, news.for_person) for _id, news in told.all] == [("cancelled_by_staff", True)]


def test_not_coming_closes_booking_and_staff_can_lift_it(database: Database) -> None:
    told = Told()
    with database.write() as session:
        contact = person(session)
        booking = confirmed(session, contact)
        with clock.fixed(DURING):
            life.mark_no_show(session, booking, "nino", told)
            (ban,) = bans.active(session, contact.resident_id)
            assert (ban.until, ban.reason, ban.booking_id) == (date(2026, 2, 18), "no_show", booking.id)
            assert bans.lift(session, contact.resident_id, "nino") == 1
            assert bans.banned_until(session, contact.resident_id) is None
            assert (ban.lifted_by, ban.lifted_at) == ("nino", DURING)
            assert bans.lift(session, contact.resident_id, "nino") == 0
        assert [one.action for one in audit.trail(session, "ban", ban.id)] == ["ban", "lift_ban"]
    assert told.kinds() == ["no_show"]
    assert told.all[0][1].facts["banned_until"] == date(2026, 2, 18)


def test_an_event_that_took_place_is_marked_and_nobody_is_told(database: Database) -> None:
    told = Told()
    with database.write() as session:
        booking = confirmed(session)
        with pytest.raises(IllegalMove, match="not begun"):
            life.mark_held(session, booking, audit.staff("nino"), told)
        with clock.fixed(DURING):
            life.mark_held(session, booking, audit.staff("nino"), told)
        assert booking.state == "held"
    assert told.all == []


def test_what_has_begun_cannot_be_cancelled(database: Database) -> None:
    with database.write() as session:
        booking = confirmed(session)
        with clock.fixed(DURING), pytest.raises(IllegalMove, match="begun already"):
            life.cancel(session, booking, audit.RESIDENT, Told())


def _reach(session: Session, state: State) -> Booking:
    ways: dict[State, Callable[[Booking], object]] = {
        "tentative": lambda one: one,
        "confirmed": lambda one: life.confirm(session, one, "nino", Told()),
        "declined": lambda one: life.decline(session, one, "nino", Told(), "repairs"),
        "cancelled": lambda one: life.cancel(session, one, audit.RESIDENT, Told()),
    }
    booking = booked(session, person(session))
    if state in ways:
        ways[state](booking)
        return booking
    if state == "expired":
        with clock.fixed(TUESDAY_EVENING):
            return life.move(session, booking, "expired", audit.SYSTEM, Told())
    ways["confirmed"](booking)
    with clock.fixed(DURING):
        return life.move(session, booking, "held" if state == "held" else "no_show", audit.staff("nino"), Told())


@pytest.mark.parametrize("before", life.MOVES)
@pytest.mark.parametrize("to", ["confirmed", "declined", "expired", "cancelled", "held", "no_show"])
def test_whatever_is_not_in_the_table_raises_and_changes_nothing(
    sqlite_database: Database, before: State, to: life.Move
) -> None:
    if to in life.MOVES[before]:
        return
    told = Told()
    with sqlite_database.write() as session:
        booking = _reach(session, before)
        for actor in (audit.staff("eka"), audit.SYSTEM, audit.RESIDENT):
            with pytest.raises(IllegalMove, match=booking.reference):
                life.move(session, booking, to, actor, told)
        assert booking.state == before
    assert told.all == []


@pytest.mark.parametrize("to", ["confirmed", "declined", "expired"])
def test_a_resident_may_only_cancel(sqlite_database: Database, to: life.Move) -> None:
    with sqlite_database.write() as session:
        booking = booked(session, person(session))
        with pytest.raises(IllegalMove, match="resident may not"):
            life.move(session, booking, to, audit.RESIDENT, Told())


def test_the_slower_one_is_told_who_was_quicker_and_when(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session))
        life.decline(session, booking, "nino", Told(), "repairs")
        with pytest.raises(AlreadyMoved, match=r"already declined by nino at 10:00 on 02.02.2026") as raised:
            life.confirm(session, booking, "eka", Told())
    assert (raised.value.state, raised.value.actor, raised.value.at) == ("declined", "staff:nino", MONDAY)


def test_confirmed_is_neither_confirmed_again_nor_declined(database: Database) -> None:
    with database.write() as session:
        booking = confirmed(session)
        with pytest.raises(AlreadyMoved, match="confirmed by nino and cannot become declined"):
            life.decline(session, booking, "eka", Told(), "repairs")
        with pytest.raises(AlreadyMoved, match="already confirmed by nino"):
            life.confirm(session, booking, "eka", Told())


@pytest.mark.parametrize("round_", range(5))
def test_of_two_members_of_staff_at_once_one_wins_and_the_other_is_told(database: Database, round_: int) -> None:
    told = Told()
    with database.write() as session:
        booking = booked(session, person(session))
    start, answers = threading.Barrier(2), []

    def decide(confirms: bool) -> None:
        start.wait()
        try:
            with database.write() as session:
                mine = session.get_one(Booking, booking.id)
                if confirms:
                    life.confirm(session, mine, "nino", told)
                else:
                    life.decline(session, mine, "eka", told, "repairs")
            answers.append("done")
        except AlreadyMoved as error:
            answers.append(str(error))

    threads = [threading.Thread(target=decide, args=(confirms,)) for confirms in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        state = session.get_one(Booking, booking.id).state
    (loser,) = [answer for answer in answers if answer != "done"]
    assert answers.count("done") == 1
    assert ("by nino" if state == "confirmed" else "by eka") in loser
    assert told.kinds() == [state]


def test_a_person_who_cancels_while_staff_confirm_is_no_deadlock(database: Database) -> None:
    """The person's turn holds their contact; staff's move waits for it before it locks the booking."""
    told, outcomes = Told(), []
    with database.write() as session:
        booking = booked(session, person(session))
    started = threading.Event()

    def staff() -> None:
        started.wait(10)
        try:
            with database.write() as session:
                life.confirm(session, session.get_one(Booking, booking.id), "nino", told)
            outcomes.append("confirmed")
        except AlreadyMoved as error:
            outcomes.append(str(error))

    thread = threading.Thread(target=staff)
    thread.start()
    with database.write() as session:
        contact = person(session)  # locked, as in a turn of the conversation
        started.set()
        thread.join(0.2)
        mine = session.get_one(Booking, booking.id)
        life.cancel(session, mine, audit.RESIDENT, told)
        assert contact.id == mine.contact_id
    thread.join(20)
    assert len(outcomes) == 1
    assert "already cancelled by resident" in outcomes[0]
    assert told.kinds() == ["cancelled"]


def test_two_sweeps_at_once_tell_once(database: Database) -> None:
    told = Told()
    with database.write() as session:
        for number in range(6):
            booked(session, person(session, number), hour=9 + number, minutes=60)
    with clock.fixed(datetime(2026, 2, 3, 15, 0, tzinfo=MONDAY.tzinfo)):

        def sweep() -> None:
            with database.write() as session:
                life.expire_due(session, told)

        threads = [threading.Thread(target=sweep) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(told.kinds()) == ["expired"] * 6


def test_what_was_confirmed_is_taken_for_held_a_week_after_its_end(database: Database) -> None:
    with database.write() as session:
        booking = booked(session, person(session))
        life.confirm(session, booking, "nino", Told())
        for later, closed in ((timedelta(days=8), 0), (timedelta(days=10), 1), (timedelta(days=11), 0)):
            with clock.fixed(MONDAY + later):
                assert life.close_past(session, Told()) == closed
        assert booking.state == "held"
