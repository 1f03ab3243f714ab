"""Receipts move a message forward and never back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import contacts, outbox, pauses, settling
from desk.contacts import Contact
from desk.messages import Filtered, Later, Never, SendFailure, Strike
from desk.outbox import OutboxMessage, State
from sms_gateway import receipts
from sms_gateway.receipts import Receipt
from store import clock
from store.database import Database
from tests.desk.people import row_of
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


def failed(message_id: str, provider_id: str, failure: SendFailure) -> Receipt:
    return Receipt("failed", message_id, provider_id, failure)


OFF = Later("30003", "the phone is off", after=900)


def test_a_phone_that_was_off_is_tried_again_later_and_old_news_does_not_matter(database: Database) -> None:
    message_id = queued(database)
    moved, row, contact = applied(database, failed(message_id, "SM1", OFF))
    assert (moved, row.state, row.error_code) == (True, "queued", "30003")
    assert row.not_before > clock.now() + timedelta(minutes=14)
    assert contact.suppressed_at is None
    for late in (failed(message_id, "SM1", OFF), Receipt("sent", message_id, "SM1")):
        assert not applied(database, late)[0]
    assert row_of(database, row.id).state == "queued"
    with database.write() as session:
        row = session.get_one(OutboxMessage, row.id)
        outbox.move(row, "sending")
        row.attempts += 1
    for late in (failed(message_id, "SM1", OFF), Receipt("sent", message_id, "SM1")):
        assert not applied(database, late)[0]
    with database.write() as session:
        assert receipts.apply(session, Receipt("sent", message_id, "SM2"))
    row = row_of(database, row.id)
    assert (row.state, row.provider_id) == ("sent", "SM2")


def test_a_phone_that_stays_off_is_given_up(database: Database) -> None:
    message_id = queued(database)
    with database.write() as session:
        row = outbox.by_message_id(session, message_id)
        assert row is not None
        row.attempts = settling.RESENDS
    assert applied(database, failed(message_id, "SM1", OFF))[1].state == "failed"


def test_a_strike_counts_once_and_a_delivery_clears_it(database: Database) -> None:
    message_id = queued(database)
    strike = failed(message_id, "SM1", Strike("30005", "no handset"))
    assert applied(database, strike)[2].strikes == 1
    moved, row, contact = applied(database, strike)
    assert (moved, row.state, contact.strikes) == (False, "failed", 1)
    with database.write() as session:
        to = session.get_one(Contact, contact.id)
        other = outbox.enqueue(session, to, "notice", "next", ["text"])
        assert other is not None
        other.state, other.provider_id = "sent", "SM2"
    with database.write() as session:
        assert receipts.apply(session, Receipt("delivered", "", "SM2"))
    with database.read() as session:
        assert session.get_one(Contact, contact.id).strikes == 0


def test_filtered_pauses_the_announcement(database: Database) -> None:
    message_id = queued(database)
    with database.write() as session:
        row = outbox.by_message_id(session, message_id)
        assert row is not None
        row.announcement_id = 7
    _, row, contact = applied(database, failed(message_id, "SM1", Filtered("30007", "filtered")))
    assert (row.state, contact.suppressed_at, contact.strikes) == ("failed", None, 0)
    with database.read() as session:
        assert pauses.is_paused(session, 7)


NEWS = [
    Receipt("sent", "", "SM1"),
    Receipt("delivered", "", "SM1"),
    Receipt("failed", "", "SM1", Never("30008", "unknown")),
    Receipt("sent", "", "SMunknown"),
]
RANK = {"sent": 0, "failed": 1, "delivered": 2}


@given(st.lists(st.sampled_from(NEWS), max_size=8))
def test_in_whatever_order_receipts_come_states_only_move_forward(
    sqlite_database: Database, news: list[Receipt]
) -> None:
    with sqlite_database.write() as session:
        session.query(OutboxMessage).delete()
    queued(sqlite_database)
    seen = ["sent"]
    for receipt in news:
        seen.append(applied(sqlite_database, receipt)[1].state)
    assert [RANK[state] for state in seen] == sorted(RANK[state] for state in seen)
    final = next((one.state for one in news if one.provider_id == "SM1" and one.state != "sent"), "sent")
    assert seen[-1] == final


@pytest.mark.parametrize(
    "failure",
    [
        None,
        Never("30006", "a landline", suppress="not_mobile"),
        Strike("30005", "no handset"),
        Filtered("30007", "spam"),
        Later("30003", "off", after=900, unsure=True, scope="address"),
    ],
    ids=repr,
)
def test_a_receipt_is_kept_whole(failure: SendFailure | None) -> None:
    receipt = Receipt("failed", "ours", "SM1", failure)
    again = receipts.of_json(json.loads(json.dumps(receipts.to_json(receipt))))
    assert (again.state, again.message_id, again.provider_id) == ("failed", "ours", "SM1")
    assert type(again.failure) is type(failure)
    assert failure is None or vars(again.failure) == vars(failure)
