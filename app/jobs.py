"""What the tick does: every sweep that finds in the rows what is due. New ones are added to ``of``."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app import counting, posting
from app.bootstrap import Neighbour
from app.channels import sms_settings
from bot.events.news import EventWords
from console import announcing
from console.announcing import BREATH
from desk import contacts, outbox, retention
from desk.accounts import passing
from desk.announcements import sending
from desk.events import attending, expanding, reminders, telling
from desk.events import life as event_life
from desk.halls import life
from scheduler.tick import Job
from store.database import Database

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def of(neighbour: Neighbour) -> list[Job]:
    """The jobs of the tick, with how often each is due."""
    database, tell = neighbour.database, neighbour.tell
    keep = timedelta(days=neighbour.settings.keep_texts_days)
    return [
        Job("expire holds", 15 * SECOND, in_batches(database, lambda session: life.expire_due(session, tell))),
        Job("close past bookings", HOUR, in_batches(database, lambda session: life.close_past(session, tell))),
        Job("recover leases", 5 * SECOND, in_batches(database, outbox.recover)),
        Job("expire messages", 15 * SECOND, in_batches(database, outbox.expire)),
        Job("erase forgotten", 5 * SECOND, in_batches(database, contacts.sweep)),
        Job("erase old texts", HOUR, in_batches(database, lambda session: retention.erase_texts(session, keep))),
        Job("forget old sessions", HOUR, once(database, passing.sweep)),
        *_of_events(neighbour),
        *_of_announcements(neighbour),
        *counting.of(neighbour.database),
    ]


def _of_announcements(neighbour: Neighbour) -> list[Job]:
    """The jobs of announcements: each step is small, and between two of them others get their turn to write."""
    database, settings = neighbour.database, neighbour.settings
    prepare = announcing.prepare_for(lambda: neighbour.knowledge.current)
    start = in_batches(
        database, lambda session: sending.start_due(session, prepare, settings.approval_from), BREATH
    )
    ends = [
        in_batches(database, step, BREATH)
        for step in (sending.expire_due, sending.note_pause, sending.settle_cancelled, sending.finish)
    ]
    return [
        Job("start announcements", 5 * SECOND, start),
        Job("fan out", 5 * SECOND, in_batches(database, sending.advance, BREATH)),
        Job("finish announcements", 5 * SECOND, lambda: sum(end() for end in ends)),
    ]


def _of_events(neighbour: Neighbour) -> list[Job]:
    """The jobs of events: news and reminders go out as rows of the outbox."""
    database, two_way = neighbour.database, sms_settings(neighbour.settings).two_way
    said = EventWords(lambda: neighbour.knowledge.current, posting.post, two_way=two_way)
    return [
        Job("expand events", HOUR, in_batches(database, expanding.expand_due)),
        Job("close past events", 5 * MINUTE, in_batches(database, event_life.close_past)),
        Job("give freed places", 15 * SECOND, once(database, attending.fill_all)),
        Job(
            "tell of events",
            5 * SECOND,
            in_batches(database, lambda session: telling.send_due(session, said.tell)),
        ),
        Job("plan reminders", MINUTE, once(database, reminders.plan)),
        Job(
            "send reminders",
            15 * SECOND,
            in_batches(database, lambda session: reminders.send_due(session, said.remind)),
        ),
    ]


def once(database: Database, sweep: Callable[[Session], int]) -> Callable[[], int]:
    """A sweep in one transaction; it returns how much it did."""

    def run() -> int:
        with database.write() as session:
            return sweep(session)

    return run


def in_batches(database: Database, sweep: Callable[[Session], int], breath: float = 0.0) -> Callable[[], int]:
    """A sweep that takes so many rows at a time, each time in a transaction of its own, until none are left.

    Between two of them it rests for ``breath`` seconds, so that whoever waits to write gets their turn.
    """

    def run() -> int:
        total = 0
        while done := once(database, sweep)():
            total += done
            time.sleep(breath)
        return total

    return run
