"""Contacts and messages to them, for the tests of delivery."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from desk import claiming, contacts, outbox
from desk.contacts import Contact
from desk.outbox import Kind, OutboxMessage
from store.database import Database


def queue(database: Database, key: str, kind: Kind = "notice", number: int = 1, **more: Any) -> int:
    """Queues a text message to a contact, who is made where they are missing; its id."""
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", address(number))
        row = outbox.enqueue(session, contact, kind, key, ["გამარჯობა"], **more)
        assert row is not None
        return row.id


def claimed(session: Session, limit: int = 10, owner: str = "test") -> list[OutboxMessage]:
    """Claims the text messages that are due: their rows."""
    taken = claiming.claim(session, "sms", owner, timedelta(minutes=5), limit)
    return [session.get_one(OutboxMessage, one.row_id, populate_existing=True) for one in taken]


def address(number: int) -> str:
    """The number of a contact."""
    return f"+9955{number:08}"


def contact_of(database: Database, number: int = 1) -> Contact:
    """The contact as it stands."""
    with database.read() as session:
        found = contacts.find(session, "sms", address(number))
        assert found is not None
        return found


def row_of(database: Database, row_id: int) -> OutboxMessage:
    """The row as it stands."""
    with database.read() as session:
        return session.get_one(OutboxMessage, row_id)


def states(database: Database) -> list[str]:
    """The states of all rows, in the order in which they were made."""
    with database.read() as session:
        return [row.state for row in session.query(OutboxMessage).order_by(OutboxMessage.id)]
