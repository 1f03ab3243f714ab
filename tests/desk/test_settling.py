"""What follows from each outcome: for the message, its contact, its announcement and its carrier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from desk import claiming, outbox, pauses, settling
from desk.carriers import Carrier, CarrierState, Limit
from desk.messages import Filtered, Later, Never, Sender, SendFailure, Sent, Strike
from desk.outbox import OutboxMessage
from desk.settling import MAX_ATTEMPTS, PATIENCE
from store import clock
from store.database import Database
from tests.desk.people import contact_of, queue, row_of

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CARRIER = Carrier("twilio", cast(Sender, None), Limit(10.0))


def settled(database: Database, row_id: int, outcome: Sent | SendFailure, owner: str = "me") -> OutboxMessage:
    """The row after it was claimed, sent with that outcome, and settled."""
    with database.write() as session:
        claiming.claim(session, "sms", "me", timedelta(minutes=5), 10, carrier="twilio")
    return after(database, row_id, outcome, owner)


def after(database: Database, row_id: int, outcome: Sent | SendFailure, owner: str = "me") -> OutboxMessage:
    with database.write() as session:
        row = session.get_one(OutboxMessage, row_id, with_for_update=True)
        settling.settle(session, row, outcome, owner, CARRIER)
    return row_of(database, row_id)


def test_three_strikes_and_the_address_is_left_alone(database: Database) -> None:
    for number in range(3):
        assert contact_of(database).suppressed_at is None if number else True
        row = settled(database, queue(database, f"k{number}"), Strike("30005", "no such handset"))
        assert (row.state, row.error_code) == ("failed", "30005")
    assert (contact_of(database).suppressed_reason, contact_of(database).strikes) == ("gone", 3)


def test_a_filtered_announcement_is_paused_and_nobody_is_blamed(database: Database) -> None:
    row = settled(database, queue(database, "k", "announcement", announcement_id=7), Filtered("30007", "filtered"))
    assert (row.state, row.error_code) == ("failed", "30007")
    assert contact_of(database).suppressed_at is None
    assert contact_of(database).strikes == 0
    with database.read() as session:
        assert session.get_one(pauses.Pause, 7).code == "30007"


def test_a_filtered_notice_fails_and_pauses_nothing(database: Database) -> None:
    assert settled(database, queue(database, "k"), Filtered("30007", "filtered")).state == "failed"
    with database.read() as session:
        assert session.query(pauses.Pause).count() == 0


def test_unsure_is_remembered_from_the_first_doubt_on(database: Database) -> None:
    row_id = queue(database, "k")
    moment = clock.now()
    for doubts in (1, 2):
        with clock.fixed(moment + timedelta(minutes=10 * doubts)):
            row = settled(database, row_id, Later("timeout", "no answer", unsure=True))
        assert (row.state, row.doubts) == ("queued", doubts)
        assert row.unsure_since == moment + timedelta(minutes=10)
    with clock.fixed(moment + timedelta(minutes=30)):
        row = settled(database, row_id, Sent(["SM1"]))
    assert (row.state, row.unsure_since, row.provider_id) == ("sent", None, "SM1")


def test_a_chat_that_is_flooded_waits_and_others_do_not(database: Database) -> None:
    with clock.fixed(NOON):
        settled(database, queue(database, "k"), Later("429", "flood", after=30, scope="address"))
        queue(database, "same chat")
        other = queue(database, "other chat", number=2)
        with database.write() as session:
            claimed = claiming.claim(session, "sms", "me", timedelta(minutes=5), 10)
        assert [one.row_id for one in claimed] == [other]
        assert contact_of(database).paced_until == NOON + timedelta(seconds=30)


def test_a_carrier_in_trouble_is_held_and_the_message_keeps_its_chances(database: Database) -> None:
    row_id, moment = queue(database, "k"), clock.now()
    for number in range(MAX_ATTEMPTS + 5):
        with clock.fixed(moment + timedelta(hours=number)):
            row = settled(database, row_id, Later("network", "down", scope="carrier"))
        assert row.state == "queued"
    with database.read() as session:
        state = session.get_one(CarrierState, "twilio")
        assert state.held_until is not None
        assert state.failures == MAX_ATTEMPTS + 5


def test_in_the_end_a_message_is_given_up(database: Database) -> None:
    row_id, moment = queue(database, "k"), clock.now()
    with clock.fixed(moment + 2 * PATIENCE):
        row = settled(database, row_id, Later("network", "down", scope="carrier"))
    assert (row.state, row.error_code) == ("failed", "network")


def test_a_failure_of_a_message_that_another_process_has_is_not_our_business(database: Database) -> None:
    row = settled(database, queue(database, "k"), Never("21610", "stop", suppress="opted_out"), owner="former")
    assert (row.state, row.lease_owner) == ("sending", "me")
    assert contact_of(database).opted_out_at is None


def test_that_it_was_taken_is_news_even_after_the_lease_ran_out(database: Database) -> None:
    row_id = queue(database, "k")
    with database.write() as session:
        claiming.claim(session, "sms", "me", timedelta(0), 1)
    with clock.fixed(clock.now() + timedelta(seconds=1)), database.write() as session:
        assert outbox.recover(session) == 1
    row = after(database, row_id, Sent(["SM1"]))
    assert (row.state, row.provider_id) == ("sent", "SM1")


@pytest.mark.parametrize("reason", ["blocked", "not_mobile", "gone"])
def test_never_suppresses_for_its_reason(database: Database, reason: str) -> None:
    settled(database, queue(database, "k"), Never("403", "no", suppress=reason))
    assert contact_of(database).suppressed_reason == reason


def test_many_that_were_taken_are_settled_together(database: Database) -> None:
    rows = [queue(database, f"k{number}", number=number) for number in range(4)]
    with database.write() as session:
        assert len(claiming.claim(session, "sms", "me", timedelta(minutes=5), 3, carrier="twilio")) == 3
    with database.write() as session:
        row = session.get_one(OutboxMessage, rows[1])
        row.lease_owner = "another process"  # which has taken it over
        outbox.move(session.get_one(OutboxMessage, rows[2]), "delivered")  # as a receipt says
    taken = {row_id: Sent([f"SM{row_id}"]) for row_id in rows}
    with clock.fixed(NOON), database.write() as session:
        assert settling.took_many(session, taken, "me", CARRIER) == {rows[0]}
    assert [row_of(database, row_id).state for row_id in rows] == ["sent", "sending", "delivered", "queued"]
    first = row_of(database, rows[0])
    assert (first.provider_id, first.sent_at, first.changed_at) == (f"SM{rows[0]}", NOON, NOON)
    assert (first.lease_owner, first.lease_until, first.unsure_since) == (None, None, None)
    assert row_of(database, rows[1]).provider_id is None


def test_what_is_taken_without_a_name_keeps_the_one_it_has(database: Database) -> None:
    row_id = queue(database, "k")
    with database.write() as session:
        claiming.claim(session, "sms", "me", timedelta(minutes=5), 1)
        session.get_one(OutboxMessage, row_id).provider_id = "SM1"
    with database.write() as session:
        assert settling.took_many(session, {row_id: Sent([])}, "me") == {row_id}
    assert row_of(database, row_id).provider_id == "SM1"
