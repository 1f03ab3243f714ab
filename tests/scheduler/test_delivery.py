"""What is due is sent once; what fails is tried again, given up, or taken over from the dead."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from desk import claiming, contacts, outbox
from desk.carriers import Carrier, Limit
from desk.contacts import Contact
from desk.messages import Later, Never, Outgoing, Sender, Sent
from desk.outbox import OutboxMessage
from desk.settling import MAX_ATTEMPTS, backoff
from scheduler.delivery import LEASE, DeliveryLoop
from store import clock
from store.database import Database

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class ScriptedSender:
    """Answers each send with the next outcome of a script; the last one for ever."""

    def __init__(self, *outcomes: Sent | Exception) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[Outgoing] = []

    def send(self, message: Outgoing) -> Sent:
        self.sent.append(message)
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


FAST = Limit(1_000.0, burst=100)


def loop_over(database: Database, sender: Sender, limit: Limit = FAST) -> DeliveryLoop:
    """A delivery loop of text messages that go out as fast as the limit allows."""
    return DeliveryLoop(database, {"sms": [Carrier("test", sender, limit)]}, "here")


def queue(database: Database, key: str = "k", kind: outbox.Kind = "notice", number: int = 1) -> int:
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", f"+99555500000{number}")
        row = outbox.enqueue(session, contact, kind, key, ["გამარჯობა"])
        assert row is not None
        return row.id


def state(database: Database, row_id: int) -> str:
    with database.read() as session:
        return session.get_one(OutboxMessage, row_id).state


def test_a_due_message_is_sent_once(database: Database) -> None:
    row = queue(database)
    sender = ScriptedSender(Sent(["SM1"]))
    loop = loop_over(database, sender)
    assert loop.step() == 1
    assert loop.step() == 0
    assert [message.texts for message in sender.sent] == [("გამარჯობა",)]
    assert state(database, row) == "sent"


def test_the_same_message_is_queued_once(database: Database) -> None:
    queue(database)
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", "+995555000001")
        assert outbox.enqueue(session, contact, "notice", "k", ["again"]) is None


def test_later_is_tried_again_and_at_last_given_up(database: Database) -> None:
    row = queue(database)
    sender = ScriptedSender(Later("503", "busy"))
    loop = loop_over(database, sender)
    moment = datetime.now(UTC)
    for _ in range(MAX_ATTEMPTS + 3):
        with clock.fixed(moment):
            loop.step()
        moment += timedelta(hours=2)
    assert len(sender.sent) == MAX_ATTEMPTS
    assert state(database, row) == "failed"


def test_the_providers_own_wish_is_obeyed(database: Database) -> None:
    with clock.fixed(NOON):
        queue(database)
        sender = ScriptedSender(Later("429", "slow down", after=40), Sent(["1"]))
        loop = loop_over(database, sender)
        loop.step()
    with clock.fixed(NOON + timedelta(seconds=39)):
        assert loop.step() == 0
    with clock.fixed(NOON + timedelta(seconds=41)):
        assert loop.step() == 1


def test_never_suppresses_the_contact(database: Database) -> None:
    row = queue(database)
    sender = ScriptedSender(Never("21614", "not a mobile number", suppress="not_mobile"))
    loop_over(database, sender).step()
    assert state(database, row) == "failed"
    with database.write() as session:
        contact = contacts.find(session, "sms", "+995555000001")
        assert contact is not None
        assert contact.suppressed_reason == "not_mobile"
        assert outbox.enqueue(session, contact, "notice", "other", ["x"]) is None


def test_an_opt_out_after_queueing_is_obeyed(database: Database) -> None:
    row = queue(database)
    with database.write() as session:
        contact = contacts.find(session, "sms", "+995555000001")
        assert contact is not None
        contacts.opt_out(session, contact)
    sender = ScriptedSender(Sent(["1"]))
    loop_over(database, sender).step()
    assert sender.sent == []
    assert state(database, row) == "suppressed"


def test_what_a_dead_process_had_claimed_is_taken_over(database: Database) -> None:
    with clock.fixed(NOON):
        row = queue(database)
        with database.write() as session:
            assert len(claiming.claim(session, "sms", "the dead", LEASE, 10)) == 1
    sender = ScriptedSender(Sent(["1"]))
    loop = loop_over(database, sender)
    for seconds, recovered in ((-1, 0), (1, 1)):
        with clock.fixed(NOON + LEASE + timedelta(seconds=seconds)):
            with database.write() as session:
                assert outbox.recover(session) == recovered
            assert loop.step() == recovered
    assert state(database, row) == "sent"
    (message,) = sender.sent
    assert (message.unsure_since, message.doubts) == (NOON, 1)


def test_a_sender_that_breaks_does_not_stop_the_others(database: Database) -> None:
    first, second = queue(database, "a"), queue(database, "b", number=2)
    sender = ScriptedSender(RuntimeError("a bug"), Sent(["1"]))
    loop = loop_over(database, sender, Limit(1_000.0, burst=1))
    assert loop.step() == 1
    time.sleep(0.01)
    assert loop.step() == 1
    assert (state(database, first), state(database, second)) == ("queued", "sent")


def test_waiting_doubles_up_to_an_hour() -> None:
    assert [backoff(n, 0.0).total_seconds() for n in (1, 2, 3)] == [15, 30, 60]
    assert backoff(40, 0.0) == timedelta(hours=1)


def test_forgetting_waits_for_the_last_answer(database: Database) -> None:
    row = queue(database, "last words", "reply")
    with database.write() as session:
        contact = contacts.find(session, "sms", "+995555000001")
        assert contact is not None
        contacts.forget(session, contact)
        assert contacts.sweep(session) == 0
    loop_over(database, ScriptedSender(Sent(["1"]))).step()
    assert state(database, row) == "sent"
    with database.write() as session:
        assert contacts.sweep(session) == 1
    with database.read() as session:
        assert session.query(Contact).count() == session.query(OutboxMessage).count() == 0
