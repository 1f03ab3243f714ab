"""A centre's calendar: whose token opens it, a new one, and which bookings it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import audit, privacy
from desk.halls import feeds, life
from knowledge.types import Center
from store import clock
from store.database import Database
from tests.desk.halls.people import CHAKVI, MONDAY, Told, booked, center, person


def test_only_the_centres_own_token_opens_its_calendar(database: Database) -> None:
    other = center(2)
    with database.write() as session:
        own, others = feeds.token(session, CHAKVI), feeds.token(session, other)
    with database.read() as session:
        assert own != others
        assert feeds.token(session, CHAKVI) == own
        assert feeds.opens(session, CHAKVI, own)
        assert not feeds.opens(session, CHAKVI, others)
        assert not feeds.opens(session, None, own)


@pytest.mark.parametrize("given", ["", "0" * 32, "ბ" * 32, "x" * 5000])
def test_nothing_else_opens_it_nor_a_calendar_that_nobody_asked_for(database: Database, given: str) -> None:
    with database.read() as session:
        assert not feeds.opens(session, CHAKVI, given)
    with database.write() as session:
        feeds.token(session, CHAKVI)
        assert not feeds.opens(session, CHAKVI, given)


def test_the_token_of_no_key_is_no_token(database: Database) -> None:
    forged = feeds._derived(feeds._NO_KEY, CHAKVI.slug)
    with database.read() as session:
        assert not feeds.opens(session, CHAKVI, forged)


def test_a_new_token_makes_the_old_one_void_and_is_written_down(database: Database) -> None:
    with database.write() as session:
        old = feeds.token(session, CHAKVI)
        new = feeds.renew(session, CHAKVI, audit.staff("Nino"))
    with database.read() as session:
        assert not feeds.opens(session, CHAKVI, old)
        assert feeds.opens(session, CHAKVI, new)
        entry = audit.last(session, "hall", CHAKVI.id)
        assert entry is not None
        assert (entry.actor, entry.action) == ("staff:Nino", "renew_calendar")
        assert new not in str(entry.details)


def test_the_token_says_nothing_of_the_key(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        token = feeds.token(session, CHAKVI)
        assert len(token) == 32
        assert token not in privacy.secret(session, f"calendar:{CHAKVI.id}")


def shown(database: Database, hall: Center = CHAKVI) -> list[int]:
    with database.read() as session:
        return [booking.id for booking in feeds.shown(session, hall)]


def test_what_is_gone_is_told_for_a_while(database: Database) -> None:
    with database.write() as session:
        kept, gone = booked(session, person(session, 1), hour=9), booked(session, person(session, 2), hour=15)
        life.decline(session, gone, "Nino", Told(), "repairs")
    assert shown(database) == [kept.id, gone.id]
    assert shown(database, center(2)) == []
    with clock.fixed(MONDAY + feeds.GONE_SHOWN_FOR + timedelta(days=1)):
        assert shown(database) == [kept.id]
    with clock.fixed(MONDAY + feeds.SHOWN_FOR + timedelta(days=4)):
        assert shown(database) == []
