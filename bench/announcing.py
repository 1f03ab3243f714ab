"""An announcement to a whole country: how long it takes to queue, in how much memory, and who waits for it."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import app.tables  # noqa: F401  every model is known to the metadata
from bench import delivering, processes
from bench.figures import Latency, latency
from bench.processes import Kind
from bench.texts import ROOT
from desk import audit, contacts, outbox
from desk.announcements import sending
from desk.announcements.models import Announcement
from desk.carriers import Carrier, Limit
from desk.messages import Outgoing, Sent
from scheduler.delivery import DeliveryLoop
from store import clock, schema
from store.database import Database

TEXT = "ხვალ 18:00 საათზე ცენტრში კონსულტაცია გაიმართება. გელოდებით!"
QUICK = Limit(10_000.0, burst=1_000)
"""A carrier that is never in the way: what is measured is ours."""

EVERY = (0.02, 0.08)
"""Seconds between two replies."""


@dataclass(frozen=True, slots=True)
class Announced:
    """Seconds to freeze the recipients and to queue their rows; megabytes at the most, and before it began.

    ``reply`` is the time from the commit of a reply to its sender, while the announcement is delivered, of which
    ``sent`` messages went out meanwhile.
    """

    kind: Kind
    recipients: int
    frozen: float
    queued: float
    peak: float
    before: float
    reply: Latency
    sent: int


def measure(kind: Kind, folder: Path, recipients: int, replies: int = 300) -> Announced:
    """Queues an announcement to so many people, in a process of its own, and delivers it beside replies."""
    with processes.database(kind, folder) as url:
        database = Database(url)
        schema.upgrade(database)
        delivering.people(database, recipients)
        number = _announcement(database)
        command = [sys.executable, "-m", "bench.announcing", url, str(number)]
        done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, check=True)
        found = json.loads(done.stdout)
        reply, sent = _replies(database, replies)
        database.close()
    return Announced(kind, recipients, **found, reply=reply, sent=sent)


def _announcement(database: Database) -> int:
    """One that has just started."""
    moment, staff = clock.now(), audit.staff("bench")
    with database.write() as session:
        row = Announcement(
            name="bench", texts={"ka": TEXT}, audience={"everyone": True}, urgent=True, state="running"
        )
        row.created_by, row.created_at, row.changed_at, row.send_at = staff, moment, moment, moment
        row.wordings = {"sms:ka": {"texts": [TEXT], "payload": {}}}
        session.add(row)
        session.flush()
        return row.id


def queue_all(database: Database, number: int) -> dict[str, float]:
    """Takes all the steps of an announcement: their seconds, and the memory of this process in megabytes."""
    before, began = _peak(), time.perf_counter()
    frozen = 0.0
    while True:
        with database.write() as session:
            if not sending.advance(session):
                break
            if not frozen and session.get_one(Announcement, number).frozen_at is not None:
                frozen = time.perf_counter() - began
    queued = time.perf_counter() - began - frozen
    return {"frozen": frozen, "queued": queued, "peak": _peak(), "before": before}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class _AtOnce:
    """A sender that answers at once; ``came`` is when each reply was handed over."""

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
        return Sent([message.message_id])


def _replies(database: Database, count: int) -> tuple[Latency, int]:
    """How late replies are, each to somebody else, while the loop delivers the announcement."""
    sender, chance, queued = _AtOnce(), random.Random(1), {}
    loop = DeliveryLoop(database, {"sms": [Carrier("bench", sender, QUICK)]}, "bench")
    loop.start()
    for number in range(count):
        with database.write() as session:
            contact = contacts.find_or_create(session, "sms", f"+9954{number:08}")
            row = outbox.enqueue(session, contact, "reply", f"reply:{number}", ["გამარჯობა"])
        if row is not None:
            queued[row.message_id] = time.perf_counter()
        time.sleep(chance.uniform(*EVERY))
    until = time.monotonic() + 60
    while len(sender.came) < len(queued) and time.monotonic() < until:
        time.sleep(0.01)
    loop.stop()
    late = [sender.came.get(name, float("inf")) - began for name, began in queued.items()]
    return latency([max(seconds, 0.0) for seconds in late]), sender.sent - len(sender.came)


if __name__ == "__main__":
    opened = Database(sys.argv[1])
    print(json.dumps(queue_all(opened, int(sys.argv[2]))))
    opened.close()
