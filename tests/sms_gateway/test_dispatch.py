"""Answers of the phone go out right after the commit; what cannot is left for the delivery loop."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from desk import contacts, outbox
from desk.carriers import Carrier, Limit
from desk.contacts import Contact
from desk.messages import Later, Never, Outgoing, Sent
from desk.outbox import OutboxMessage
from sms_gateway.dispatch import ReplyDispatcher
from store import clock
from store.database import Database
from tests.sms_gateway.scripted import NUMBER


class ScriptedSender:
    """Raises or returns what it is told."""

    def __init__(self, outcome: Sent | Exception) -> None:
        self.outcome = outcome
        self.sent: list[Outgoing] = []

    def send(self, message: Outgoing) -> Sent:
        """Does as told."""
        self.sent.append(message)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def leased(database: Database, dispatcher: ReplyDispatcher) -> Outgoing:
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", NUMBER)
        row = outbox.enqueue(session, contact, "reply", "key", ["text"], lease=dispatcher.lease)
        assert row is not None
        return outbox.outgoing(row, NUMBER)


def row_of(database: Database, outgoing: Outgoing) -> OutboxMessage:
    with database.read() as session:
        row = outbox.by_message_id(session, outgoing.message_id)
        assert row is not None
        return row


def after_sending(database: Database, outcome: Sent | Exception) -> OutboxMessage:
    dispatcher = ReplyDispatcher(database, Carrier("phone", ScriptedSender(outcome), Limit(0.5)))
    outgoing = leased(database, dispatcher)
    dispatcher.submit(outgoing)
    deadline = time.monotonic() + 10
    while row_of(database, outgoing).state == "sending" and time.monotonic() < deadline:
        time.sleep(0.01)
    dispatcher.close()
    return row_of(database, outgoing)


def test_sent(database: Database) -> None:
    row = after_sending(database, Sent(["theirs"]))
    assert (row.state, row.provider_id, row.lease_owner) == ("sent", "theirs", None)


@pytest.mark.parametrize("outcome", [Later("503", "busy", after=60), RuntimeError("a fault of ours")])
def test_later(database: Database, outcome: Exception) -> None:
    row = after_sending(database, outcome)
    assert row.state == "queued"
    assert row.not_before > clock.now() + timedelta(seconds=10)


def test_never(database: Database) -> None:
    row = after_sending(database, Never("21614", "not mobile", suppress="not_mobile"))
    assert (row.state, row.error_code) == ("failed", "21614")
    with database.read() as session:
        assert session.get_one(Contact, row.contact_id).suppressed_reason == "not_mobile"


def test_a_receipt_that_came_first_is_not_undone(sqlite_database: Database) -> None:
    class Overtaken(ScriptedSender):
        def send(self, message: Outgoing) -> Sent:
            with sqlite_database.write() as session:
                row = outbox.by_message_id(session, message.message_id)
                assert row is not None
                outbox.move(row, "delivered")
            return super().send(message)

    dispatcher = ReplyDispatcher(sqlite_database, Carrier("phone", Overtaken(Sent(["theirs"])), Limit(0.5)))
    outgoing = leased(sqlite_database, dispatcher)
    dispatcher.submit(outgoing)
    deadline = time.monotonic() + 10
    while row_of(sqlite_database, outgoing).provider_id is None and time.monotonic() < deadline:
        time.sleep(0.01)
    dispatcher.close()
    assert (row_of(sqlite_database, outgoing).state, row_of(sqlite_database, outgoing).provider_id) == (
        "delivered",
        "theirs",
    )


def test_after_closing_the_row_stays_leased_for_the_delivery_loop(sqlite_database: Database) -> None:
    sender = ScriptedSender(Sent(["theirs"]))
    dispatcher = ReplyDispatcher(sqlite_database, Carrier("phone", sender, Limit(0.5)))
    outgoing = leased(sqlite_database, dispatcher)
    dispatcher.close()
    dispatcher.submit(outgoing)
    assert sender.sent == []
    with clock.fixed(clock.now() + timedelta(minutes=2)), sqlite_database.write() as session:
        assert outbox.recover(session) == 1
