"""The sweeps that count for pages: each in its turn over a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app import counting
from app.counting import Announcements
from desk import reports, tallies, traffic
from desk.announcements import headcount
from desk.announcements.models import Announcement
from store import clock
from store.database import Database
from tests.desk.announcements.people import many
from tests.desk.people import queue

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def count(database: Database) -> dict[str, int]:
    """Runs each sweep once; how much each one changed."""
    return {job.name: job.run() for job in counting.of(database)}


def test_everything_is_counted_once_and_only_what_changed_after_that(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headcount, "FEW", 2)
    with clock.fixed(NOON):
        many(database, 2)
        queue(database, "a")
        first = count(database)
        assert (first["count the last hour"], first["count deliveries"], first["count people"]) == (1, 1, 1)
        assert set(count(database).values()) == {0}
        with database.read() as session:
            assert reports.counted(session) == NOON
            assert traffic.last_hour(session) == {"queued": 1}


def test_the_last_hour_passes_also_where_nobody_counts_any_more(database: Database) -> None:
    with clock.fixed(NOON):
        queue(database, "a")
        with database.read() as session:
            assert traffic.last_hour(session) == {"queued": 1}  # never counted: looked up
        count(database)
    with clock.fixed(NOON + timedelta(hours=2)), database.read() as session:
        assert traffic.last_hour(session) == {}


def test_a_big_announcement_is_not_counted_all_the_time(database: Database) -> None:
    with clock.fixed(NOON), database.write() as session:
        row = Announcement(name="x", texts={}, audience={}, state="running", created_by="staff:x")
        row.created_at = row.changed_at = row.started_at = NOON
        row.recipients = 5
        session.add(row)
    sweep = Announcements(database)
    with clock.fixed(NOON):
        assert sweep.run() == 1
        with database.write() as session:
            session.get_one(Announcement, row.id).recipients = 6
        sweep._not_before[row.id] = float("inf")  # as if counting had taken very long
        assert sweep.run() == 0
    with database.read() as session:
        assert tallies.counted(session, "announcements") == NOON
    with clock.fixed(NOON + timedelta(minutes=1)):
        assert sweep.run() == 0
        with database.read() as session:
            assert tallies.counted(session, "announcements") == NOON  # it is still due
        sweep._not_before.clear()
        assert sweep.run() == 2
        with database.read() as session:
            assert tallies.counted(session, "announcements") == NOON + timedelta(minutes=1)
