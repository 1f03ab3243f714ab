"""What the tick does: every sweep that finds in the rows what is due. New ones are added to ``of``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app import posting
from app.bootstrap import Neighbour
from app.channels import sms_settings
from bot.events.news import EventWords
from desk import contacts, outbox, retention
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
        Job("erase forgotten", 5 * SECOND, once(database, contacts.sweep)),
        Job("erase old texts", HOUR, in_batches(database, lambda session: retention.erase_texts(session, keep))),
        *_of_events(neighbour),
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


def in_batches(database: Database, sweep: Callable[[Session], int]) -> Callable[[], int]:
    """A sweep that takes so many rows at a time, each time in a transaction of its own, until none are left."""

    def run() -> int:
        total = 0
        while done := once(database, sweep)():
            total += done
        return total

    return run
