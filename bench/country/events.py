"""Events of a year: courses that come again each week, single ones, who comes to them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from bench.country import bulk
from bench.country.bulk import Row
from bench.country.people import Person
from desk.events.expanding import HORIZON
from desk.events.models import Attendance, Event, Occurrence
from desk.events.topics import topics
from desk.halls import days
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES
from store import clock
from store.database import Database

WEEKLY = 0.25
"""The share of events that come again each week."""

AGO = 200
"""So many days ago the first one began."""

EVENT = (
    *("center_id", "topic", "titles", "descriptions", "starts_at", "ends_at", "capacity", "rrule"),
    *("registration", "state", "version", "expanded_until", "created_at", "changed_at"),
)


def hold(database: Database, known: Snapshot, people: Sequence[Person], count: int, chance: random.Random) -> None:
    """Writes so many events down, with their times and with those who come."""
    rows = [_event(known, chance) for _ in range(count)]
    bulk.write(database, Event, EVENT, rows)
    times = [time for number, row in enumerate(rows, 1) for time in _times(number, row)]
    bulk.write(database, Occurrence, ("event_id", "starts_at", "ends_at", "state", "changed_at"), times)
    columns = ("contact_id", "occurrence_id", "heads", "state", "joined_at", "changed_at")
    coming = (row for number in range(1, len(times) + 1) for row in _coming(number, people, chance))
    bulk.write(database, Attendance, columns, coming)


def _event(known: Snapshot, chance: random.Random) -> Row:
    now = clock.now()
    day = clock.local_now().date() + timedelta(days=chance.randint(-AGO, 60))
    starts_at = days.at(day, time(chance.randint(11, 18)))
    weekly = chance.random() < WEEKLY
    over = starts_at < now and not weekly
    state = "draft" if chance.random() < 0.05 else "over" if over else chance.choice(("announced", "changed"))
    titles = json.dumps({language: f"Training {chance.randint(1, 999)}" for language in BASE_LOCALES})
    return (
        *(chance.choice(list(known.centers)), chance.choice(list(topics())), titles, titles, starts_at),
        *(starts_at + timedelta(hours=2), 30, "FREQ=WEEKLY" if weekly else None, True, state, 1),
        *(now + HORIZON, starts_at - timedelta(days=20), starts_at - timedelta(days=20)),
    )


def _times(number: int, row: Row) -> Iterator[Row]:
    starts_at, ends_at = row[4], row[5]
    last: datetime = clock.now() + HORIZON if row[7] else starts_at
    while starts_at <= last:
        yield number, starts_at, ends_at, "over" if ends_at < clock.now() else "planned", row[12]
        starts_at, ends_at = starts_at + timedelta(days=7), ends_at + timedelta(days=7)


def _coming(number: int, people: Sequence[Person], chance: random.Random) -> Iterator[Row]:
    moment = clock.now()
    for person in chance.sample(people, min(len(people), chance.randint(0, 20))):
        state = chance.choices(("coming", "waiting", "cancelled"), (80, 8, 12))[0]
        yield person.contact_id, number, chance.randint(1, 3), state, moment, moment
