"""What is claimed is due, the most urgent first, one message a person, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import claiming, contacts, outbox, pauses
from desk.claiming import Claimed
from desk.contacts import Contact
from desk.outbox import OutboxMessage
from store import clock
from store.database import Database
from tests.desk.people import queue, row_of, states

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def keys(database: Database, limit: int = 10, **more: object) -> list[str]:
    with database.write() as session:
        return keys_of(session, claiming.claim(session, "sms", "me", LEASE, limit, **more))  # type: ignore[arg-type]


def keys_of(session: Session, claimed: list[Claimed]) -> list[str]:
    return [session.get_one(OutboxMessage, one.row_id).dedupe_key for one in claimed]


def test_the_urgent_go_first_and_then_the_older(database: Database) -> None:
    for number, (key, kind) in enumerate(
        [("a", "announcement"), ("r", "reminder"), ("n", "notice"), ("p", "reply"), ("b", "announcement")]
    ):
        queue(database, key, kind, number)  # type: ignore[arg-type]
    assert keys(database, 2) == ["p", "n"]
    assert keys(database) == ["r", "a", "b"]
    assert keys(database) == []


def test_a_person_gets_one_message_at_a_time(database: Database) -> None:
    with clock.fixed(NOON):
        for key in ("a", "b"):
            queue(database, key)
        queue(database, "c", number=2)
        assert keys(database, apart=timedelta(seconds=1)) == ["a", "c"]
        assert keys(database, apart=timedelta(seconds=1)) == []
    with clock.fixed(NOON + timedelta(seconds=1)):
        assert keys(database) == ["b"]


def test_what_waits_for_its_time_is_left(database: Database) -> None:
    with clock.fixed(NOON):
        queue(database, "morning", not_before=NOON + timedelta(hours=1), expires_after=timedelta(hours=1))
        assert keys(database) == []
    with clock.fixed(NOON + timedelta(hours=1)):
        assert keys(database) == ["morning"]


def test_what_came_too_late_expires_and_does_not_stand_in_the_way(database: Database) -> None:
    with clock.fixed(NOON):
        for number in range(30):
            queue(database, f"old {number}", number=number, expires_after=timedelta(minutes=1))
    with clock.fixed(NOON + timedelta(minutes=2)):
        queue(database, "new", number=99)
        assert keys(database, 2) == ["new"]
    assert states(database) == ["expired"] * 30 + ["sending"]


def test_who_opted_out_meanwhile_is_spared_and_does_not_stand_in_the_way(database: Database) -> None:
    for number in range(12):
        queue(database, f"k{number}", number=number)
    with database.write() as session:
        for contact in session.scalars(select(Contact).order_by(Contact.id).limit(10)):
            contacts.opt_out(session, contact)
    assert keys(database, 2) == ["k10", "k11"]
    assert states(database)[:10] == ["suppressed"] * 10


def test_a_paused_announcement_is_put_off_and_comes_back(database: Database) -> None:
    with clock.fixed(NOON):
        for number in range(5):
            queue(database, f"a{number}", "announcement", number, announcement_id=7)
        queue(database, "other", "announcement", 9, announcement_id=8)
        with database.write() as session:
            assert pauses.pause(session, 7, "30007", "filtered")
            assert not pauses.pause(session, 7, "staff", "again")
        assert keys(database, 2) == ["other"]
    with clock.fixed(NOON + timedelta(minutes=1)), database.write() as session:
        pauses.resume(session, 7)
        assert pauses.take_back(session, 7) == 0
    with clock.fixed(NOON + timedelta(minutes=1)):
        assert keys(database) == [f"a{number}" for number in range(5)]


def test_what_another_carrier_may_have_taken_is_left_to_it(database: Database) -> None:
    first, _ = queue(database, "unsure"), queue(database, "fresh", number=2)
    with database.write() as session:
        row = session.get_one(OutboxMessage, first)
        row.carrier, row.unsure_since = "twilio", clock.now()
    assert keys(database, carrier="smsgate", others=["twilio"]) == ["fresh"]
    assert keys(database, carrier="twilio", others=["smsgate"]) == ["unsure"]
    assert row_of(database, first).carrier == "twilio"


def test_what_a_carrier_that_is_gone_may_have_taken_is_not_stuck(database: Database) -> None:
    first = queue(database, "unsure")
    with database.write() as session:
        row = session.get_one(OutboxMessage, first)
        row.carrier, row.unsure_since = "former", clock.now()
    assert keys(database, carrier="smsgate", others=["twilio"]) == ["unsure"]


def test_two_processes_claim_different_rows(postgres_database: Database) -> None:
    for number in range(4):
        queue(postgres_database, f"k{number}", number=number)
    with postgres_database.write() as first, postgres_database.write() as second:
        mine = claiming.claim(first, "sms", "one", LEASE, 2)
        yours = claiming.claim(second, "sms", "two", LEASE, 10)
        assert keys_of(first, mine) == ["k0", "k1"]
        assert keys_of(second, yours) == ["k2", "k3"]


def test_a_person_who_is_being_answered_is_passed_over(postgres_database: Database) -> None:
    queue(postgres_database, "k0", number=0)
    queue(postgres_database, "k1", number=1)
    with postgres_database.write() as front:
        contacts.find(front, "sms", "+995500000000", lock=True)
        assert keys(postgres_database) == ["k1"]
    assert keys(postgres_database) == ["k0"]


def test_a_reply_overtakes_ten_thousand_announcements(database: Database) -> None:
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", "+995555000000")
        moment = clock.now()
        template = {
            "contact_id": contact.id,
            "channel": "sms",
            "kind": "announcement",
            "priority": outbox.PRIORITY["announcement"],
            "texts": ["news"],
            "payload": {},
            "state": "queued",
            "created_at": moment,
            "not_before": moment,
            "attempts": 0,
            "doubts": 0,
            "changed_at": moment,
        }
        names = [str(number) for number in range(10_000)]
        session.execute(
            OutboxMessage.__table__.insert(),
            [{**template, "message_id": name, "dedupe_key": name} for name in names],
        )
    queue(database, "answer", "reply", 2)
    assert keys(database, 1) == ["answer"]


@pytest.mark.parametrize("used_up", [True, False])
def test_where_the_day_is_used_up_only_replies_go(database: Database, used_up: bool) -> None:
    queue(database, "news", "notice", 1)
    queue(database, "answer", "reply", 2)
    assert keys(database, replies_only=used_up) == (["answer"] if used_up else ["answer", "news"])
