"""Tallies: what is counted, when it is counted anew, and what stays when messages and people go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, func, select, update

from desk import contacts, outbox, reports, tallies
from desk.contacts import Contact
from desk.intake import InboundMessage
from desk.outbox import OutboxMessage
from desk.reports import Period
from desk.tallies import EVERYWHERE, MessageTally
from store import clock
from store.database import Database
from store.replacing import replace
from tests.desk.people import queue
from tests.desk.tallying import tally

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def write(database: Database, key: str, at: datetime, intent: str | None = "hours") -> None:
    """A message that came in at that moment."""
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", "+995555000111")
        session.add(
            InboundMessage(
                dedupe_key=key,
                contact_id=contact.id,
                channel="sms",
                text="?",
                received_at=at,
                intent=intent,
                reply=[],
            )
        )


def written(database: Database, days: int = 30) -> int:
    """How many messages the reports of the last days know."""
    with database.read() as session:
        period = Period(clock.local_now().date() - timedelta(days=days), clock.local_now().date())
        return sum(one.number for one in reports.messages(session, period))


def test_counting_again_changes_nothing(database: Database) -> None:
    with clock.fixed(NOON):
        write(database, "a", NOON)
        assert tally(database) > 0
        assert tally(database) == 0
        write(database, "b", NOON)
        assert tally(database) > 0
        assert written(database) == 2


def test_the_first_sweep_counts_what_was_there_before(database: Database) -> None:
    with clock.fixed(NOON):
        for days in (0, 1, 100, 365, 500):
            write(database, str(days), NOON - days * DAY)
        with database.read() as session:
            due = tallies.days_of_messages(session)
        assert (due[0], len(due)) == (TODAY, tallies.HISTORY.days + 1)
        tally(database)
        assert written(database, 500) == 4


def test_a_late_message_counts_for_its_day_while_that_is_open(database: Database) -> None:
    with clock.fixed(NOON):
        tally(database)
        write(database, "yesterday", NOON - DAY)
        write(database, "too late", NOON - tallies.LATE - DAY)
        tally(database)
        assert written(database) == 1


def test_days_are_made_up_for_in_which_nobody_counted(database: Database) -> None:
    with clock.fixed(NOON):
        tally(database)
    for days in range(1, 20):
        write(database, str(days), NOON + days * DAY)
    with clock.fixed(NOON + 20 * DAY):
        tally(database)
        assert written(database) == 19


def test_who_is_forgotten_stays_in_the_counts_of_days_that_are_closed(database: Database) -> None:
    write(database, "a", NOON)
    for days in (0, 4):
        with clock.fixed(NOON + days * DAY):
            tally(database)
    with clock.fixed(NOON + 4 * DAY):
        with database.write() as session:
            session.execute(delete(Contact))
            assert session.scalar(select(func.count()).select_from(InboundMessage)) == 0
        tally(database)
        assert written(database) == 1


def test_a_day_is_counted_again_when_one_of_its_deliveries_changes(database: Database) -> None:
    with clock.fixed(NOON):
        row = queue(database, "a")
        queue(database, "b")
        tally(database)
        with database.read() as session:
            assert tallies.days_of_deliveries(session) == [TODAY]  # changed a moment ago
    with clock.fixed(NOON + 10 * DAY):
        with database.read() as session:
            assert tallies.days_of_deliveries(session) == [TODAY]
        tally(database)
        with database.read() as session:
            assert tallies.days_of_deliveries(session) == []
        with database.write() as session:
            outbox.move(session.get_one(OutboxMessage, row), "expired")
        tally(database)
        with database.read() as session:
            found = reports.deliveries(session, Period(TODAY, TODAY))
    assert sorted((one.state, one.number) for one in found) == [("expired", 1), ("queued", 1)]


def test_deliveries_stay_counted_when_their_texts_are_erased(database: Database) -> None:
    with clock.fixed(NOON):
        queue(database, "a")
        tally(database)
    with clock.fixed(NOON + 300 * DAY):
        with database.write() as session:
            session.execute(update(OutboxMessage).values(texts=[], erased_at=clock.now()))
        tally(database)
        with database.read() as session:
            (found,) = reports.deliveries(session, Period(TODAY, TODAY))
    assert found.number == 1


def test_only_what_differs_is_written(database: Database) -> None:
    def put(*rows: tuple[str, int, str, int]) -> int:
        with database.write() as session:
            return replace(session, MessageTally, {"day": TODAY}, rows)

    def kept() -> list[tuple[str, date, int]]:
        with database.read() as session:
            columns = (MessageTally.value, MessageTally.day, MessageTally.number)
            return sorted(tuple(row) for row in session.execute(select(*columns)))

    sms, telegram = ("channel", EVERYWHERE, "sms", 2), ("channel", EVERYWHERE, "telegram", 1)
    with database.write() as session:
        replace(session, MessageTally, {"day": TODAY - DAY}, [sms])
    assert put(sms, telegram) == 2
    assert put(sms, telegram) == 0
    assert put(("channel", EVERYWHERE, "sms", 3)) == 3
    assert kept() == [("sms", TODAY - DAY, 2), ("sms", TODAY, 3)]
    assert put() == 1
