"""Old texts are erased, what is still to go out is not, and what can be counted stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desk import intake, retention
from desk.intake import InboundMessage
from desk.messages import Inbound, Understanding
from desk.outbox import OutboxMessage
from store import clock
from store.database import Database
from tests.desk.people import address, queue, row_of, states

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
KEEP = timedelta(days=90)


def write(database: Database, provider_id: str) -> None:
    with database.write() as session:
        received = intake.record(session, Inbound("sms", address(1), provider_id, clock.now(), text="my secret"))
        intake.finish(received.row, Understanding("hours", 0.9, "ka"), ["my answer"])


def erase(database: Database, moment: datetime, limit: int = 100) -> int:
    with clock.fixed(moment), database.write() as session:
        return retention.erase_texts(session, KEEP, limit)


def test_texts_go_and_counts_stay(database: Database) -> None:
    with clock.fixed(NOON):
        write(database, "old")
        row = queue(database, "old", payload={"pins": []})
        with database.write() as session:
            session.get_one(OutboxMessage, row).state = "delivered"
    with clock.fixed(NOON + timedelta(days=80)):
        write(database, "new")
    assert erase(database, NOON + KEEP - timedelta(days=1)) == 0
    assert erase(database, NOON + KEEP + timedelta(days=1)) == 2
    assert erase(database, NOON + KEEP + timedelta(days=1)) == 0
    with database.read() as session:
        old, new = session.query(InboundMessage).order_by(InboundMessage.id)
        assert (old.text, old.reply, old.intent, old.language) == ("", [], "hours", "ka")
        assert (new.text, new.reply, new.erased_at) == ("my secret", ["my answer"], None)
    message = row_of(database, row)
    assert (message.texts, message.payload, message.state) == ([], {}, "delivered")
    assert message.erased_at == NOON + KEEP + timedelta(days=1)


def test_what_has_not_gone_out_is_kept(database: Database) -> None:
    with clock.fixed(NOON):
        row = queue(database, "waiting", not_before=NOON + timedelta(days=400))
    assert erase(database, NOON + timedelta(days=300)) == 0
    assert row_of(database, row).texts == ["გამარჯობა"]
    assert states(database) == ["queued"]


def test_it_goes_in_batches_the_oldest_first(database: Database) -> None:
    for number in range(5):
        with clock.fixed(NOON + timedelta(minutes=number)):
            write(database, str(number))
    assert [erase(database, NOON + timedelta(days=365), 2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_message_that_was_erased_is_still_known(database: Database) -> None:
    with clock.fixed(NOON):
        write(database, "SM1")
    erase(database, NOON + timedelta(days=365))
    with database.write() as session:
        again = intake.record(session, Inbound("sms", address(1), "SM1", clock.now(), text="my secret"))
        assert (again.again, list(again.row.reply)) == (True, [])
