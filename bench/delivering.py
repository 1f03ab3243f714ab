"""An announcement to very many: fanning it out, claiming it, and a reply that overtakes it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, literal, select

import app.tables  # noqa: F401  every model is known to the metadata
from bench import processes
from bench.figures import Latency, latency
from bench.processes import Kind
from desk import claiming, contacts, fan_out, outbox, settling
from desk.contacts import Contact, Resident
from desk.fan_out import Wording
from desk.messages import Sent
from desk.outbox import OutboxMessage
from store import clock, schema
from store.database import Database

ANNOUNCEMENT = 1
CHUNK = 10_000
CLAIM = 8
REPLIES = 50
WORDING = {"sms": Wording(["ხვალ 18:00 საათზე ცენტრში კონსულტაცია გაიმართება. გელოდებით!"])}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was found with one database; ``drained`` are messages claimed and settled a second, by one thread."""

    kind: Kind
    recipients: int
    frozen: float
    made: float
    batches: Latency
    drained: float
    reply: Latency


def measure(kind: Kind, folder: Path, recipients: int, drain: int = 2_000) -> Delivered:
    """Fans an announcement out to so many recipients in a new database, and delivers ``drain`` of it."""
    with processes.database(kind, folder) as url:
        database = Database(url)
        schema.upgrade(database)
        people(database, recipients)
        frozen = _freeze(database)
        seconds = list(_fan_out(database))
        reply = latency([_reply(database, number) for number in range(REPLIES)])
        drained = _drain(database, drain)
        database.close()
    made = recipients / sum(seconds)
    return Delivered(kind, recipients, recipients / frozen, made, latency(seconds), drained, reply)


def people(database: Database, count: int) -> None:
    """So many people with a telephone each."""
    moment = clock.now()
    for begin in range(0, count, CHUNK):
        numbers = range(begin, min(begin + CHUNK, count))
        with database.write() as session:
            session.execute(insert(Resident), [{"created_at": moment} for _ in numbers])
            common = {"channel": "sms", "created_at": moment, "budget_used": 0, "strikes": 0}
            session.execute(
                insert(Contact),
                [{**common, "resident_id": number + 1, "address": f"+9955{number:08}"} for number in numbers],
            )


def _freeze(database: Database) -> float:
    started = time.perf_counter()
    with database.write() as session:
        fan_out.freeze(session, ANNOUNCEMENT, select(Contact.id, literal("sms")))
    return time.perf_counter() - started


def _fan_out(database: Database) -> Iterator[float]:
    """The seconds of each batch, commit and all."""
    after, done = 0, False
    while not done:
        started = time.perf_counter()
        with database.write() as session:
            batch = fan_out.step(session, ANNOUNCEMENT, WORDING, after=after)
        after, done = batch.last, batch.done
        yield time.perf_counter() - started


def _reply(database: Database, number: int) -> float:
    """The seconds in which a reply that was just queued is claimed, with all the announcement waiting."""
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", f"+9955{number:08}")
        outbox.enqueue(session, contact, "reply", f"bench:{number}", ["გამარჯობა"])
    started = time.perf_counter()
    with database.write() as session:
        (row, _), *_ = claiming.claim(session, "sms", "bench", timedelta(minutes=5), 1)
        if row.kind != "reply":
            raise RuntimeError("an announcement went before a reply")
    return time.perf_counter() - started


def _drain(database: Database, count: int) -> float:
    """Messages a second that are claimed in batches and settled one by one, as the delivery loop does."""
    started, left = time.perf_counter(), count
    while left > 0:
        with database.write() as session:
            rows = claiming.claim(session, "sms", "bench", timedelta(minutes=5), CLAIM)
            ids = [row.id for row, _ in rows]
        for row_id in ids:
            with database.write() as session:
                row = session.get_one(OutboxMessage, row_id, with_for_update=True)
                settling.settle(session, row, Sent([f"SM{row_id}"]), "bench")
        left -= len(ids) or left
    return count / (time.perf_counter() - started)
