"""200 people at once want one half-hour: one has it, and all others are offered free times."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import pytest
from sqlalchemy import func, select

from desk import audit
from desk.contacts import Contact
from desk.halls import calendar
from desk.halls.bookings import Booking
from desk.halls.calendar import BookingSlot
from store.database import Database
from tests.desk.halls.racing import race

PEOPLE = 200
ONE_WINS = Counter({"taken, 3 free": PEOPLE - 1, "booked, told 1": 1})


def one_owner(database: Database) -> None:
    with database.read() as session:
        (booking,) = session.scalars(select(Booking)).all()
        assert len(calendar.owned(session, booking.id)) == 4
        assert session.scalar(select(func.count()).select_from(BookingSlot)) == 4
        assert session.scalar(select(func.count()).select_from(audit.AuditEntry)) == 1
        assert session.scalar(select(func.count()).select_from(Contact)) == PEOPLE


def address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


@pytest.mark.parametrize("locked", [True, False], ids=["in line", "by the unique key alone"])
def test_from_threads_one_wins(database: Database, monkeypatch: pytest.MonkeyPatch, locked: bool) -> None:
    if not locked:
        monkeypatch.setattr(calendar, "lock", lambda *_: None)
    assert race(address(database), 0, PEOPLE, 20) == ONE_WINS
    one_owner(database)


def test_from_processes_one_wins(database: Database) -> None:
    each = PEOPLE // 4
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        parts = [pool.submit(race, address(database), n * each, each, 5) for n in range(4)]
        outcome = sum((part.result() for part in parts), Counter[str]())
    assert outcome == ONE_WINS
    one_owner(database)
