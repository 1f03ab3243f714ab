"""Filling a new database, subject by subject."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bench.country import bulk, events, halls, news, offices, people, talk
from knowledge.snapshot import Snapshot
from store.database import Database


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; ``announcements`` are those that are over."""

    residents: int = 100_000
    messages: int = 500_000
    bookings: int = 5_000
    events: int = 400
    announcements: int = 60
    deeds: int = 60_000


def fill(database: Database, known: Snapshot, size: Size | None = None) -> None:
    """Writes a year down into a new database that holds nothing but what ``known`` was built of."""
    wanted, chance = size or Size(), random.Random(1)
    everybody = people.settle_in(database, known, wanted.residents, chance)
    talk.talk(database, known, everybody, wanted.messages, chance)
    halls.lend(database, known, everybody, wanted.bookings, chance)
    events.hold(database, known, everybody, wanted.events, chance)
    offices.open_offices(database, known, wanted.deeds, chance)
    news.announce(database, known, everybody, wanted.announcements, chance)
    bulk.settle(database)
    news.go_out(database, everybody, chance)
    bulk.look_over(database)
