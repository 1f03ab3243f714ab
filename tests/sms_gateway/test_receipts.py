"""Receipts move a message forward and never back."""

from __future__ import annotations

import pytest

from desk import contacts, outbox
from desk.contacts import Contact
from desk.messages import Never
from desk.outbox import OutboxMessage, State
from sms_gateway import receipts
from sms_gateway.receipts import Receipt
from store.database import Database
from tests.sms_gateway.scripted import NUMBER


def queued(database: Database, state: State = "sent", provider_id: str | None = "SM1") -> str:
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", NUMBER)
        row = outbox.enqueue(session, contact, "notice", "key", ["text"])
        assert row is not None
        row.state, row.provider_id, row.attempts = state, provider_id, 1
        return row.message_id


def applied(database: Database, receipt: Receipt) -> tuple[bool, OutboxMessage, Contact]:
    with database.write() as session:
        moved = receipts.apply(session, receipt)
    with database.read() as session:
        row = outbox.by_provider_id(session, "SM1")
        assert row is not None
        return moved, row, session.get_one(Contact, row.contact_id)


def test_delivered_is_the_end(database: Database) -> None:
    queued(database)
    assert applied(database, Receipt("delivered", "", "SM1"))[1].state == "delivered"
    moved, row, _ = applied(database, Receipt("sent", "", "SM1"))
    assert (moved, row.state) == (False, "delivered")
    assert not applied(database, Receipt("failed", "", "SM1", Never("30008", "x")))[0]


def test_an_unknown_receipt_is_ignored(database: Database) -> None:
    with database.write() as session:
        assert not receipts.apply(session, Receipt("sent", "", "SMunknown"))


def test_a_failure_says_why_and_spares_the_address(database: Database) -> None:
    queued(database)
    receipt = Receipt("failed", "", "SM1", Never("30006", "a landline", suppress="not_mobile"))
    _, row, contact = applied(database, receipt)
    assert (row.state, row.error_code, row.error_words) == ("failed", "30006", "a landline")
    assert contact.suppressed_reason == "not_mobile"


def test_an_opt_out_at_the_provider_is_one_here(database: Database) -> None:
    queued(database)
    receipt = Receipt("failed", "", "SM1", Never("21610", "said stop", suppress="opted_out"))
    assert applied(database, receipt)[2].opted_out_at is not None


@pytest.mark.parametrize("state", ["sending", "queued"])
def test_a_receipt_may_overtake_our_own_bookkeeping(database: Database, state: State) -> None:
    message_id = queued(database, state, provider_id=None)
    _, row, _ = applied(database, Receipt("delivered", message_id, "SM1"))
    assert (row.state, row.provider_id) == ("delivered", "SM1")


def test_the_failure_of_an_earlier_attempt_does_not_end_a_later_one(database: Database) -> None:
    message_id = queued(database)
    assert not applied(database, Receipt("failed", message_id, "SMearlier", Never("30008", "x")))[0]
