"""An announcement to very many: fanning it out, delivering it, and replies that overtake it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, literal, select

import app.tables  # noqa: F401  every model is known to the metadata
from bench import processes
from bench.figures import Latency, latency
from bench.processes import Kind
from desk import contacts, fan_out, outbox
from desk.carriers import Carrier, Limit
from desk.contacts import Contact, Resident
from desk.fan_out import Wording
from desk.messages import Outgoing, Sent
from scheduler.delivery import DeliveryLoop
from sms_gateway.providers import APART
from store import clock, schema
from store.database import Database

ANNOUNCEMENT = 1
CHUNK = 10_000

QUICK = Limit(1_000_000.0, burst=1_000_000, apart=APART)
"""A pace that is counted as Twilio's is, and never in the way: what is measured is ours."""

EVERY = (0.02, 0.08)
"""Seconds between two replies."""

WORDING = {"sms": Wording(["ხვალ 18:00 საათზე ცენტრში კონსულტაცია გაიმართება. გელოდებით!"])}


@dataclass(frozen=True, slots=True)
class Overtaken:
    """The time from a reply's commit to the provider, while ``sent`` other messages went out, at that rate."""

    late: Latency
    sent: int
    rate: float

    def line(self) -> str:
        """For people."""
        return (
            f"  a reply      sent after {self.late} while {self.sent:,} of it go out, {self.rate:,.0f} a second, "
            "by one process"
        )


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was found with one database: recipients and rows a second, and the seconds of one batch of rows."""

    kind: Kind
    recipients: int
    frozen: float
    made: float
    batches: Latency
    reply: Overtaken

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"announcement   {self.kind}, {self.recipients:,} recipients"
        yield f"  frozen       {self.frozen:,.0f} recipients/s"
        yield f"  fanned out   {self.made:,.0f} rows/s; a transaction {self.batches}"
        yield self.reply.line()


def measure(kind: Kind, folder: Path, recipients: int, count: int = 300) -> Delivered:
    """Fans an announcement out in a new database, and delivers it beside ``count`` replies."""
    with processes.database(kind, folder) as url:
        database = Database(url)
        schema.upgrade(database)
        people(database, recipients)
        frozen = _freeze(database)
        seconds = list(_fan_out(database))
        reply = replies(database, count)
        database.close()
    made = recipients / sum(seconds)
    return Delivered(kind, recipients, recipients / frozen, made, latency(seconds), reply)


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


class AtOnce:
    """A provider that takes everything at once; ``came`` is when each reply was handed over."""

    def __init__(self) -> None:
        self.came: dict[str, float] = {}
        self.sent = 0
        self._lock = threading.Lock()

    def send(self, message: Outgoing) -> Sent:
        """Takes it."""
        with self._lock:
            self.sent += 1
            if message.kind == "reply":
                self.came[message.message_id] = time.perf_counter()
        return Sent((message.message_id,))


def replies(database: Database, count: int) -> Overtaken:
    """Queues replies, each to somebody else, while one process delivers what waits."""
    provider, chance, queued = AtOnce(), random.Random(1), {}
    loop = DeliveryLoop(database, {"sms": [Carrier("bench", provider, QUICK)]}, "bench")
    began = time.perf_counter()
    loop.start()
    for number in range(count):
        with database.write() as session:
            contact = contacts.find_or_create(session, "sms", f"+9954{number:08}")
            row = outbox.enqueue(session, contact, "reply", f"reply:{number}", ["გამარჯობა"])
        if row is not None:
            queued[row.message_id] = time.perf_counter()
        time.sleep(chance.uniform(*EVERY))
    until = time.monotonic() + 60
    while len(provider.came) < len(queued) and time.monotonic() < until:
        time.sleep(0.01)
    loop.stop()
    seconds = time.perf_counter() - began
    late = [provider.came.get(name, float("inf")) - at for name, at in queued.items()]
    others = provider.sent - len(provider.came)
    return Overtaken(latency([max(one, 0.0) for one in late]), others, others / seconds)
