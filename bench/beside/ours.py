"""Our own delivery loop: the messages of an announcement, through a provider that takes each at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import exists, literal, select
from sqlalchemy.orm import Session

import app.tables  # noqa: F401  every model is known to the metadata
from bench import delivering
from bench.beside import workers
from desk import audit, fan_out
from desk.announcements.models import Announcement
from desk.carriers import Carrier
from desk.contacts import Contact
from desk.outbox import OutboxMessage
from scheduler.delivery import DeliveryLoop
from store import clock, schema
from store.database import Database

WARM_UP = 100


class Outbox:
    """Messages in our outbox, and workers that deliver them."""

    name = "the outbox"

    def __init__(self, url: str, people: int) -> None:
        """Makes the tables and the people to write to in an empty database."""
        self._url, self._people = url, people
        self._database = Database(url)
        schema.upgrade(self._database)
        delivering.people(self._database, people)

    def fill(self, count: int) -> None:
        """Queues an announcement to everybody."""
        with self._database.write() as session:
            number = _announcement(session)
            fan_out.freeze(session, number, select(Contact.id, literal("sms")).limit(count))
        after, done = 0, False
        while not done:
            with self._database.write() as session:
                batch = fan_out.step(session, number, delivering.WORDING, after=after)
            after, done = batch.last, batch.done

    def is_empty(self) -> bool:
        """Whether everything is sent and written down."""
        with self._database.read() as session:
            return not any(
                session.scalar(select(exists().where(OutboxMessage.state == state)))
                for state in ("queued", "sending")
            )

    def workers(self, processes: int) -> AbstractContextManager[Callable[[], None]]:
        """So many processes behind a gate, each of which has delivered some messages already."""
        self.fill(min(WARM_UP * processes, self._people))
        return workers.gated(["-m", "bench.beside.ours", self._url], processes)

    def close(self) -> None:
        """Ends the connections."""
        self._database.close()


def _announcement(session: Session) -> int:
    """One that runs."""
    moment, staff = clock.now(), audit.staff("bench")
    row = Announcement(name="bench", texts={}, audience={"everyone": True}, urgent=True, state="running")
    row.created_by, row.created_at, row.changed_at, row.send_at = staff, moment, moment, moment
    session.add(row)
    session.flush()
    return row.id


def main() -> None:
    """``python -m bench.beside.ours DATABASE``: delivers as ``mezobeli worker`` does, until its input ends."""
    database = Database(sys.argv[1])
    loop = DeliveryLoop(
        database, {"sms": [Carrier("bench", delivering.AtOnce(), delivering.QUICK)]}, f"bench {os.getpid()}"
    )
    while loop.step():
        pass
    workers.stand_ready()
    loop.start()
    sys.stdin.read()
    loop.stop()
    database.close()


if __name__ == "__main__":
    main()
