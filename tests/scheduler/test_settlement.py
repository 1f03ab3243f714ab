"""What carriers answered is written down, together or one by one, and nothing of it stops the others."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from desk import claiming, settling
from desk.carriers import Carrier, Limit
from desk.messages import Later, Never, Outgoing, SendFailure, Sent
from desk.outbox import OutboxMessage
from scheduler.settlement import MOST, Handed, Settlement
from store.database import Database
from tests.desk.people import contact_of, queue, row_of, states


class Nobody:
    """A sender that is never asked."""

    def send(self, message: Outgoing) -> Sent:
        raise AssertionError(message)


CARRIER = Carrier("twilio", Nobody(), Limit(1_000.0))


def handed(database: Database, *outcomes: Sent | SendFailure) -> list[Handed]:
    """As many messages as there are outcomes, claimed and handed over."""
    for number in range(len(outcomes)):
        queue(database, f"k{number}", number=number)
    with database.write() as session:
        claimed = claiming.claim(session, "sms", "me", timedelta(minutes=5), len(outcomes), carrier="twilio")
    return [Handed(one, CARRIER, outcome) for one, outcome in zip(claimed, outcomes, strict=True)]


def test_each_comes_to_what_became_of_it(database: Database) -> None:
    settlement = Settlement(database, "sms", "me", threading.Event())
    outcomes = (
        Sent(["SM1"]),
        Never("21614", "a landline", suppress="not_mobile"),
        Sent(["SM3"]),
        Later("503", "busy"),
    )
    for one in handed(database, *outcomes):
        settlement.note(one)
    settlement.step()
    assert states(database) == ["sent", "failed", "sent", "queued"]
    assert contact_of(database, 1).suppressed_reason == "not_mobile"


def test_what_had_changed_meanwhile_is_settled_by_itself(database: Database) -> None:
    settlement = Settlement(database, "sms", "me", threading.Event())
    first, second = handed(database, Sent(["SM1"]), Sent(["SM2"]))
    with database.write() as session:  # the lease of the first had run out
        row = session.get_one(OutboxMessage, first.claimed.row_id)
        row.state, row.unsure_since, row.lease_owner = "queued", row.attempted_at, None
    for one in (first, second):
        settlement.note(one)
    settlement.step()
    assert states(database) == ["sent", "sent"]
    assert row_of(database, first.claimed.row_id).provider_id == "SM1"


def test_many_take_one_transaction_and_all_are_written_down_at_the_end(database: Database) -> None:
    settlement = Settlement(database, "sms", "me", threading.Event())
    all_of_them = handed(database, *(Sent([f"SM{number}"]) for number in range(30)))
    begun, really = [], database.write

    def write():  # type: ignore[no-untyped-def]
        begun.append(1)
        return really()

    database.write = write  # type: ignore[method-assign]
    for one in all_of_them:
        settlement.note(one)
    settlement.start()
    settlement.stop()
    assert states(database) == ["sent"] * 30
    assert len(begun) < 30


def test_a_fault_of_ours_costs_one_message_and_no_other(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    settlement = Settlement(sqlite_database, "sms", "me", threading.Event())
    broken, whole = handed(sqlite_database, Never("1", "no"), Never("2", "no"))
    really = settling.settle

    def settle(session, row, *more):  # type: ignore[no-untyped-def]
        if row.id == broken.claimed.row_id:
            raise ValueError("a bug")
        really(session, row, *more)

    monkeypatch.setattr(settling, "settle", settle)
    settlement.start()
    for one in (broken, whole):
        settlement.note(one)
    settlement.stop()
    assert states(sqlite_database) == ["sending", "failed"]


def test_without_a_database_it_ends_at_once_and_all_is_left_to_the_leases(sqlite_database: Database) -> None:
    (one,) = handed(sqlite_database, Sent(["SM1"]))
    ending, tried = threading.Event(), threading.Event()
    settlement = Settlement(sqlite_database, "sms", "me", ending)

    def write():  # type: ignore[no-untyped-def]
        tried.set()
        raise OperationalError("begin", {}, Exception("no database"))

    sqlite_database.write = write  # type: ignore[method-assign]
    senders = [threading.Thread(target=settlement.note, args=(one,)) for _ in range(2 * MOST + 1)]
    settlement.start()
    for sender in senders:
        sender.start()
    assert tried.wait(20)
    assert any(sender.is_alive() for sender in senders)  # they do not run ahead of it
    ending.set()
    for sender in senders:
        sender.join()
    settlement.stop()
    assert states(sqlite_database) == ["sending"]
