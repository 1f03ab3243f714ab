"""A carrier gives way when it takes messages and does not deliver them; not when few do, or none ever tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from desk import carriers, outbox, slowness
from desk.carriers import Carrier, CarrierState, GiveWay, Limit
from desk.messages import Sender
from desk.outbox import OutboxMessage
from store import clock
from store.database import Database
from tests.desk.people import queue

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TWILIO = Carrier("twilio", cast(Sender, None), Limit(10.0), GiveWay())


def sent(database: Database, count: int, delivered: int, moment: datetime) -> None:
    """So many messages that Twilio took then, some of them delivered a minute later."""
    for number in range(count):
        with clock.fixed(moment):
            row_id = queue(database, f"{moment} {number}")
            with database.write() as session:
                row = session.get_one(OutboxMessage, row_id)
                row.carrier = "twilio"
                outbox.move(row, "sent")
        if number < delivered:
            with clock.fixed(moment + timedelta(minutes=1)), database.write() as session:
                outbox.move(session.get_one(OutboxMessage, row_id), "delivered")


@pytest.mark.parametrize(
    ("count", "delivered", "minutes", "slow"),
    [(20, 9, 15, 1), (20, 10, 15, 0), (19, 1, 15, 0), (20, 9, 5, 0), (20, 9, 40, 0), (20, 0, 15, 0)],
    ids=["slow", "half of them", "too few", "too soon", "long ago", "no receipts ever"],
)
def test_when_a_carrier_is_slow(database: Database, count: int, delivered: int, minutes: int, slow: int) -> None:
    sent(database, count, delivered, NOON - timedelta(minutes=minutes))
    with clock.fixed(NOON), database.write() as session:
        assert slowness.look(session, [TWILIO]) == slow
        assert carriers.share(session.get(CarrierState, "twilio"), TWILIO.gives_way) == (0 if slow else 1)


def test_who_used_to_deliver_and_now_does_not_at_all_is_slow(database: Database) -> None:
    sent(database, 3, 3, NOON - timedelta(hours=2))
    sent(database, 20, 0, NOON - timedelta(minutes=15))
    with clock.fixed(NOON), database.write() as session:
        assert slowness.look(session, [TWILIO]) == 1


def test_who_has_nobody_to_give_way_to_is_left(database: Database) -> None:
    sent(database, 20, 1, NOON - timedelta(minutes=15))
    with clock.fixed(NOON), database.write() as session:
        assert slowness.look(session, [Carrier("twilio", cast(Sender, None), Limit(1.0))]) == 0
