"""How far an announcement has got: counted at once and as it was tallied, from the first step to the last."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk import contacts, outbox, tallies
from desk.announcements import life, progress, sending
from desk.announcements.models import Announcement
from desk.announcements.progress import Progress
from desk.contacts import Contact
from desk.outbox import OutboxMessage
from knowledge.snapshot import Snapshot
from store import clock
from store.database import Database
from tests.desk.announcements.people import NINO, TUESDAY, many, resident, run, sent, start


def counted(database: Database, number: int) -> Progress:
    with database.read() as session:
        return progress.of(session, session.get_one(Announcement, number))


def seen(database: Database, number: int) -> Progress:
    with database.read() as session:
        return progress.seen(session, session.get_one(Announcement, number))


def tally(database: Database) -> list[int]:
    """What the sweep does; which announcements were due."""
    moment = clock.now()
    with database.write() as session:
        due = progress.due(session)
        for number in due:
            progress.keep(session, number, progress.count(session, session.get_one(Announcement, number)))
        tallies.note(session, "announcements", moment)
    return due


def test_the_tally_says_what_counting_said(database: Database, known: Snapshot) -> None:
    many(database, 3)
    with database.write() as session:
        resident(session, "telegram", locale="en")
    number = sent(database, known)
    run(database, known)
    with database.write() as session:
        first, second, *_ = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        for row in (first, second):
            outbox.move(row, "sending")
        outbox.move(first, "failed", code="21211", words="not a number")
        outbox.move(second, "sent")
    live = counted(database, number)
    assert tally(database) == [number]
    told = seen(database, number)
    assert sorted(told.parts, key=str) == sorted(live.parts, key=str)
    assert (told.recipients, told.done, told.forgotten) == (4, 2, 0)
    assert told.failures() == [("21211", "not a number", 1)]
    assert {(part.channel, part.locale) for part in told.parts} == {("sms", "ka"), ("telegram", "en")}


def test_who_has_no_row_yet_waits(database: Database, known: Snapshot) -> None:
    many(database, 5)
    number = sent(database, known)
    with clock.fixed(TUESDAY):
        start(database, known)
        with database.write() as session:
            sending.advance(session, residents=5)
            sending.advance(session, residents=5)  # nobody is left to be frozen
            sending.advance(session, rows=2)
    with database.read() as session:
        assert len(session.scalars(select(OutboxMessage)).all()) == 2
    found = counted(database, number)
    assert (found.recipients, found.done, found.by_outcome()["queued"]) == (5, 0, 5)
    with clock.fixed(TUESDAY), database.write() as session:
        life.cancel(session, session.get_one(Announcement, number), NINO)
        outbox.move_many(session, OutboxMessage.announcement_id == number, "queued", "cancelled", 10)
    found = counted(database, number)
    assert (found.done, found.by_outcome()["cancelled"]) == (5, 5)


def test_who_was_forgotten_is_told_apart(database: Database, known: Snapshot) -> None:
    many(database, 3)
    number = sent(database, known)
    run(database, known)
    with database.write() as session:
        contacts.forget(session, session.scalars(select(Contact).limit(1)).one())
        session.delete(session.scalars(select(Contact).limit(1)).one())
    tally(database)
    told = seen(database, number)
    assert (told.recipients, told.forgotten, told.by_outcome()["queued"]) == (3, 1, 2)


def test_only_what_has_changed_is_counted_again(database: Database, known: Snapshot) -> None:
    many(database, 1)
    number = sent(database, known)
    run(database, known)
    with clock.fixed(TUESDAY):
        assert tally(database) == [number]
    later = TUESDAY + timedelta(hours=1)
    with clock.fixed(later):
        assert tally(database) == [number]  # what was changed right before may not have been seen
        assert tally(database) == []
        with database.write() as session:
            outbox.move(session.scalars(select(OutboxMessage)).one(), "sending")
        assert seen(database, number).by_outcome()["queued"] == 1
    with clock.fixed(later + timedelta(seconds=1)):
        assert tally(database) == [number]
