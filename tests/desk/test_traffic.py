"""The figures of the outbox are those of its rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

from desk import carriers, outbox, traffic
from desk.carriers import Carrier, Limit
from desk.messages import Sender
from desk.outbox import OutboxMessage
from desk.pace import Bucket
from desk.traffic import Count, Fares
from store import clock
from store.database import Database
from tests.desk.people import queue

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_what_waits_and_for_how_long(database: Database) -> None:
    with clock.fixed(NOON):
        for key in ("a", "b", "c"):
            row = queue(database, key)
        queue(database, "tomorrow", not_before=NOON + timedelta(days=1))
        with database.write() as session:
            outbox.move(session.get_one(OutboxMessage, row), "cancelled")
    with clock.fixed(NOON + timedelta(minutes=5)), database.read() as session:
        assert traffic.depth(session) == [Count("sms", "queued", 3)]
        assert traffic.oldest(session) == {"sms": 300.0}
        assert sorted(one.state for one in traffic.recent(session)) == ["cancelled", "queued"]
    with clock.fixed(NOON + timedelta(hours=2)), database.read() as session:
        assert traffic.recent(session) == []


def test_how_the_carriers_fare(database: Database) -> None:
    one = Carrier("phone", cast(Sender, None), Limit(1.0))
    with clock.fixed(NOON), database.write() as session:
        Bucket(session, one).spend(3)
        carriers.failed(session, one, None)
        assert traffic.carriers(session) == [Fares("phone", 1, 3, held=True)]
    with clock.fixed(NOON + timedelta(days=1)), database.read() as session:
        assert traffic.carriers(session) == [Fares("phone", 1, 0, held=False)]
