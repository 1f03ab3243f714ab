"""An announcement to a whole country: how long it takes to queue, in how much memory, and who waits for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import app.tables  # noqa: F401  every model is known to the metadata
from bench import delivering, figures, processes
from bench.delivering import Overtaken
from bench.processes import Kind
from bench.texts import ROOT
from desk import audit
from desk.announcements import sending
from desk.announcements.models import Announcement
from store import clock, schema
from store.database import Database

TEXT = "ხვალ 18:00 საათზე ცენტრში კონსულტაცია გაიმართება. გელოდებით!"


@dataclass(frozen=True, slots=True)
class Announced:
    """Seconds to freeze the recipients and to queue their rows; megabytes at the most, and before it began.

    ``reply`` tells how late replies were while it went out.
    """

    kind: Kind
    recipients: int
    frozen: float
    queued: float
    peak: float
    before: float
    reply: Overtaken

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"a country      {self.kind}, {self.recipients:,} people, in a process of its own"
        yield f"  queued       in {self.frozen + self.queued:,.0f} s, of which {self.frozen:,.0f} s to choose them"
        yield f"  memory       {self.peak:.0f} MB at the most, {self.before:.0f} MB before it began"
        yield self.reply.line()


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
        reply = delivering.replies(database, replies)
        database.close()
    return Announced(kind, recipients, **found, reply=reply)


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
    before, began = figures.peak_megabytes(), time.perf_counter()
    frozen = 0.0
    while True:
        with database.write() as session:
            if not sending.advance(session):
                break
            if not frozen and session.get_one(Announcement, number).frozen_at is not None:
                frozen = time.perf_counter() - began
    queued = time.perf_counter() - began - frozen
    return {"frozen": frozen, "queued": queued, "peak": figures.peak_megabytes(), "before": before}


if __name__ == "__main__":
    opened = Database(sys.argv[1])
    print(json.dumps(queue_all(opened, int(sys.argv[2]))))
    opened.close()
