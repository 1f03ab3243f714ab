"""Every frozen recipient gets one row, whoever dies in between, and nobody is locked out meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import case, insert, select, union_all

from desk import contacts, fan_out
from desk.contacts import Contact, Resident
from desk.fan_out import UnknownWording, Wording
from desk.outbox import OutboxMessage
from store import clock
from store.database import Database
from tests.desk.people import address

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WORDINGS = {
    "sms:ka": Wording(["სიახლე «აქ»"]),
    "telegram:en": Wording(["News", "It's here"], {"locale": "en", "choices": [{"label": "a", "value": "b"}]}),
}
AUDIENCE = select(Contact.id, case((Contact.channel == "sms", "sms:ka"), else_="telegram:en"))


def people(database: Database, count: int) -> None:
    """Contacts, every third of them on Telegram."""
    moment = clock.now()
    residents = [{"created_at": moment} for _ in range(count)]
    rows = [
        {
            "resident_id": number + 1,
            "channel": "sms" if number % 3 else "telegram",
            "address": address(number),
            "created_at": moment,
            "budget_used": 0,
            "strikes": 0,
        }
        for number in range(count)
    ]
    with database.write() as session:
        session.execute(insert(Resident), residents)
        session.execute(insert(Contact), rows)


def frozen(database: Database, count: int) -> None:
    people(database, count)
    with database.write() as session:
        assert fan_out.freeze(session, 7, AUDIENCE) == count


def run(database: Database, limit: int = 4, after: int = 0) -> int:
    """All batches from there on; how many rows they made."""
    made = 0
    while True:
        with database.write() as session:
            batch = fan_out.step(session, 7, WORDINGS, after=after, limit=limit)
        made, after = made + batch.made, batch.last
        if batch.done:
            return made


def rows(database: Database) -> list[OutboxMessage]:
    with database.read() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.contact_id)))


@pytest.mark.parametrize("limit", [1, 4, 10, 100])
def test_every_recipient_gets_a_row_with_their_wording(database: Database, limit: int) -> None:
    frozen(database, 10)
    assert run(database, limit) == 10
    made = rows(database)
    assert len({row.message_id for row in made}) == 10
    first, second = made[0], made[1]
    assert (first.channel, first.texts, first.payload["locale"]) == ("telegram", ["News", "It's here"], "en")
    assert (second.channel, second.texts, second.payload) == ("sms", ["სიახლე «აქ»"], {})
    assert {(row.state, row.kind, row.priority, row.announcement_id) for row in made} == {
        ("queued", "announcement", 3, 7)
    }


def test_beginning_anew_makes_no_row_twice(database: Database) -> None:
    frozen(database, 10)
    with database.write() as session:
        assert fan_out.step(session, 7, WORDINGS, limit=4).made == 4
    assert run(database) == 6
    assert run(database) == 0
    assert len(rows(database)) == 10


def test_who_joins_later_is_no_recipient(database: Database) -> None:
    frozen(database, 3)
    with database.write() as session:
        contacts.find_or_create(session, "sms", "+995555999999")
    assert run(database) == 3


def test_a_contact_in_two_audiences_is_one_recipient(database: Database) -> None:
    people(database, 3)
    with database.write() as session:
        assert fan_out.freeze(session, 7, select(union_all(AUDIENCE, AUDIENCE).subquery())) == 3
        assert fan_out.freeze(session, 7, AUDIENCE) == 0


def test_who_may_not_be_written_to_is_counted_and_not_queued(database: Database) -> None:
    frozen(database, 3)
    with database.write() as session:
        first, second, _ = session.scalars(select(Contact).order_by(Contact.id))
        first.opted_out_at, second.suppressed_at = clock.now(), clock.now()
    assert run(database) == 3
    assert [(row.state, row.error_code) for row in rows(database)] == [
        ("suppressed", "opted_out"),
        ("suppressed", "opted_out"),
        ("queued", None),
    ]


def test_the_times_of_the_announcement_are_those_of_its_rows(database: Database) -> None:
    frozen(database, 1)
    morning = NOON + timedelta(hours=21)
    with clock.fixed(NOON), database.write() as session:
        fan_out.step(session, 7, WORDINGS, not_before=morning, expires_at=morning + timedelta(days=1))
    (row,) = rows(database)
    assert (row.created_at, row.not_before, row.expires_at) == (NOON, morning, morning + timedelta(days=1))


def test_a_wording_that_is_not_there_is_an_error(database: Database) -> None:
    frozen(database, 3)
    with pytest.raises(UnknownWording, match="telegram:en"), database.write() as session:
        fan_out.step(session, 7, {"sms:ka": WORDINGS["sms:ka"]})
    assert rows(database) == []


def test_forgotten_people_are_recipients_no_more(database: Database) -> None:
    frozen(database, 3)
    with database.write() as session:
        contacts.forget(session, session.scalars(select(Contact).order_by(Contact.id).limit(1)).one())
    assert run(database) == 2


def test_nobody_who_writes_has_to_wait_for_a_fan_out(postgres_database: Database) -> None:
    frozen(postgres_database, 3)
    with postgres_database.write() as session:
        assert fan_out.step(session, 7, WORDINGS).made == 3
        with postgres_database.write() as front:
            front.connection().exec_driver_sql("SET LOCAL lock_timeout = '500ms'")
            assert contacts.find(front, "telegram", address(0), lock=True) is not None
