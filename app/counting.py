"""The sweeps that count for pages: what takes long is counted aside, and pages read what came of it.

Counting only reads, so that nobody who writes is kept waiting for it; then the few rows that differ are written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from desk import tallies, traffic
from desk.announcements import headcount, progress
from desk.announcements.models import Announcement
from desk.tallies import Day, Subject
from scheduler.tick import Job
from store import clock
from store.database import Database

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)

SHARE = 20
"""An announcement is counted anew after so many times the time that counting it took."""


def of(database: Database) -> list[Job]:
    """The jobs, with how often each is due: how old what pages show may be."""
    return [
        Job("count announcements", 5 * SECOND, Announcements(database).run),
        Job("count the last hour", 15 * SECOND, lambda: _last_hour(database)),
        Job(
            "count messages",
            15 * SECOND,
            lambda: _days(database, "messages", tallies.days_of_messages, tallies.messages_of),
        ),
        Job(
            "count deliveries",
            MINUTE,
            lambda: _days(database, "deliveries", tallies.days_of_deliveries, tallies.deliveries_of),
        ),
        Job("count people", 5 * MINUTE, lambda: _people(database)),
    ]


class Announcements:
    """Tallies announcements of which something has changed; a big one costs a twentieth of the time at most."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._not_before: dict[int, float] = {}  # by the clock of ``time.monotonic``

    def run(self) -> int:
        """Counts those that are due; how much differs. One that has to wait stays due."""
        moment, changed = clock.now(), 0
        with self._database.read() as session:
            due = progress.due(session)
        ready = [number for number in due if self._not_before.get(number, 0.0) <= time.monotonic()]
        for number in ready:
            changed += self._count(number)
        if len(ready) == len(due):
            _note(self._database, "announcements", moment)
        return changed

    def _count(self, number: int) -> int:
        began = time.monotonic()
        with self._database.read() as session:
            fresh = progress.count(session, session.get_one(Announcement, number))
        ended = time.monotonic()
        self._not_before[number] = ended + SHARE * (ended - began)
        with self._database.write() as session:
            return progress.keep(session, number, fresh)


def _last_hour(database: Database) -> int:
    moment = clock.now()
    with database.read() as session:
        fresh = traffic.recent(session)
    with database.write() as session:
        tallies.note(session, "recent", moment)
        return traffic.keep(session, fresh)


def _days(
    database: Database,
    subject: Subject,
    due: Callable[[Session], Sequence[date]],
    count: Callable[[Session, date], Day],
) -> int:
    moment, changed = clock.now(), 0
    with database.read() as session:
        wanted = due(session)
    for day in wanted:
        with database.read() as session:
            fresh = count(session, day)
        with database.write() as session:
            changed += tallies.keep(session, fresh)
    _note(database, subject, moment)
    return changed


def _people(database: Database) -> int:
    moment = clock.now()
    with database.read() as session:
        fresh = headcount.tally(session)
    if fresh is None:
        return 0
    with database.write() as session:
        tallies.note(session, "crowds", moment, fresh.upto)
        return headcount.keep(session, fresh)


def _note(database: Database, subject: Subject, moment: datetime) -> None:
    with database.write() as session:
        tallies.note(session, subject, moment)
