"""The sweeps: what is frozen stays so, everybody gets one row, and pauses, nights and expiry are kept."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from desk import audit, contacts, outbox, pauses, settling
from desk.announcements import life, progress, sending
from desk.announcements.models import Announcement
from desk.contacts import Contact, Resident
from desk.fan_out import Recipient
from desk.messages import Filtered, Never, SendFailure, Sent
from desk.outbox import OutboxMessage
from knowledge.snapshot import Snapshot
from store import clock
from store.database import Database
from tests.desk.announcements.people import (
    GIORGI,
    NINO,
    TUESDAY,
    frozen,
    many,
    resident,
    rows,
    run,
    sent,
    start,
    state,
    sweep,
)
from tests.desk.people import claimed

ROOT = Path(__file__).parents[3]
HOUR = timedelta(hours=1)
NIGHT = TUESDAY + 10 * HOUR
MORNING = TUESDAY + 21 * HOUR


def deliver(database: Database, outcome: Sent | SendFailure, limit: int = 100) -> int:
    """Claims and settles what is due; how many messages."""
    with database.write() as session:
        taken = claimed(session, limit)
        for row in taken:
            settling.settle(session, row, outcome, "test")
        return len(taken)


def states(database: Database) -> list[str]:
    return [row.state for row in rows(database)]


def told(database: Database, number: int) -> dict[str, int]:
    with database.read() as session:
        counted = progress.of(session, session.get_one(Announcement, number)).by_outcome()
    return {outcome: people for outcome, people in counted.items() if people}


def test_from_the_draft_to_the_end(database: Database, known: Snapshot) -> None:
    with database.write() as session:
        resident(session, "sms")
        resident(session, "sms", "telegram", spoken="en")
        resident(session, "sms", spoken="az")
        resident(session, "sms", spoken="ka-Latn")
        resident(session, "sms", opted_out_at=clock.now())
    number = sent(database, known)
    run(database, known)
    assert [wording for _, wording in frozen(database)] == ["sms:ka", "telegram:en", "sms:ka", "sms:ka-Latn"]
    assert [row.texts for row in rows(database)] == [
        ["თესლი მოვიდა"],
        ["The seeds are here"],
        ["თესლი მოვიდა"],
        ["თესლი მოვიდა"],
    ]
    assert told(database, number) == {"queued": 4}
    assert sweep(database, sending.finish) == 0
    deliver(database, Sent(["SM1"]))
    with database.write() as session:
        telegram = session.scalars(select(OutboxMessage).where(OutboxMessage.channel == "telegram")).one()
        outbox.move(telegram, "sending")
        outbox.move(telegram, "delivered")
    assert sweep(database, sending.finish) == 1
    assert state(database, number) == "done"
    assert told(database, number) == {"sent": 3, "delivered": 1}


def test_the_audience_is_frozen_when_it_starts(database: Database, known: Snapshot) -> None:
    many(database, 3)
    sent(database, known)
    run(database, known)
    many(database, 2)
    sweep(database, sending.advance)
    assert len(rows(database)) == len(frozen(database)) == 3


def test_one_that_is_not_due_waits(database: Database, known: Snapshot) -> None:
    many(database, 1)
    number = sent(database, known, send_at=TUESDAY + HOUR)
    assert start(database, known) == 0
    with clock.fixed(TUESDAY + HOUR):
        assert start(database, known) == 1
    assert state(database, number) == "running"


@pytest.mark.parametrize("urgent", [False, True])
def test_nothing_starts_at_night_but_what_is_urgent(database: Database, known: Snapshot, urgent: bool) -> None:
    many(database, 1)
    sent(database, known, urgent=urgent, send_at=NIGHT)
    with clock.fixed(NIGHT):
        assert start(database, known) == urgent
    with clock.fixed(MORNING):
        assert start(database, known) == (not urgent)


@pytest.mark.parametrize("urgent", [False, True])
def test_what_is_not_out_by_nine_in_the_evening_waits_for_the_morning(
    database: Database, known: Snapshot, urgent: bool
) -> None:
    many(database, 3)
    sent(database, known, urgent=urgent)
    run(database, known)
    assert deliver(database, Sent(["SM1"]), limit=1) == 1
    with clock.fixed(NIGHT):
        assert deliver(database, Sent(["SM2"])) == (2 if urgent else 0)
    if not urgent:
        assert [row.not_before for row in rows(database) if row.state == "queued"] == [MORNING] * 2
        with clock.fixed(MORNING - timedelta(seconds=1)):
            assert deliver(database, Sent(["SM2"])) == 0
        with clock.fixed(MORNING):
            assert deliver(database, Sent(["SM3"])) == 2


def test_pausing_and_going_on(database: Database, known: Snapshot) -> None:
    many(database, 4)
    number = sent(database, known)
    start(database, known)
    with database.write() as session:  # three frozen, then paused before any row was made
        sending.advance(session, 3, 2)
        life.pause(session, session.get_one(Announcement, number), NINO)
    assert sweep(database, sending.advance) == 0
    with database.write() as session:
        life.resume(session, session.get_one(Announcement, number), GIORGI)
    sweep(database, lambda session: sending.advance(session, 3, 2))
    assert deliver(database, Sent(["SM1"]), limit=1) == 1
    with database.write() as session:
        life.pause(session, session.get_one(Announcement, number), NINO)
    assert deliver(database, Sent(["SM2"])) == 0
    with database.write() as session:
        life.resume(session, session.get_one(Announcement, number), GIORGI)
    assert deliver(database, Sent(["SM3"])) == 3
    assert sweep(database, sending.finish) == 1


def test_nobody_resumes_while_a_process_is_putting_off(postgres_database: Database, known: Snapshot) -> None:
    many(postgres_database, 3)
    number = sent(postgres_database, known)
    run(postgres_database, known)
    with postgres_database.write() as session:
        life.pause(session, session.get_one(Announcement, number), NINO)

    def resume() -> None:
        with postgres_database.write() as session:
            life.resume(session, session.get_one(Announcement, number), GIORGI)

    resuming = threading.Thread(target=resume)
    with postgres_database.write() as session:
        assert claimed(session) == []
        resuming.start()
        resuming.join(0.5)
    resuming.join()
    assert deliver(postgres_database, Sent(["SM1"])) == 3


def test_resuming_at_night_goes_on_in_the_morning(database: Database, known: Snapshot) -> None:
    many(database, 2)
    number = sent(database, known)
    run(database, known)
    with database.write() as session:
        life.pause(session, session.get_one(Announcement, number), NINO)
    with clock.fixed(NIGHT):
        with database.write() as session:
            life.resume(session, session.get_one(Announcement, number), NINO)
        assert deliver(database, Sent(["SM1"])) == 0
    with clock.fixed(MORNING):
        assert deliver(database, Sent(["SM1"])) == 2


def test_cancelling_the_rest(database: Database, known: Snapshot) -> None:
    many(database, 5)
    number = sent(database, known)
    start(database, known)
    sweep_until_rows(database, 2)
    assert deliver(database, Sent(["SM1"]), limit=1) == 1
    with database.write() as session:
        life.cancel(session, session.get_one(Announcement, number), GIORGI)
    assert deliver(database, Sent(["SM2"])) == 0
    assert sweep(database, sending.advance) == 0
    assert sweep(database, sending.settle_cancelled) == 1
    assert states(database) == ["sent", "cancelled"]
    assert told(database, number) == {"sent": 1, "cancelled": 4}


def sweep_until_rows(database: Database, count: int) -> None:
    while len(rows(database)) < count:
        with database.write() as session:
            assert sending.advance(session, 10, count)


def test_nothing_is_sent_after_it_expired(database: Database, known: Snapshot) -> None:
    many(database, 5)
    number = sent(database, known, expires_at=TUESDAY + HOUR)
    start(database, known)
    sweep_until_rows(database, 2)
    with clock.fixed(TUESDAY + HOUR):
        assert sweep(database, sending.advance) == 0
        assert deliver(database, Sent(["SM1"])) == 0
        assert sweep(database, sending.expire_due) == 1
        with database.write() as session:
            outbox.expire(session)
        assert states(database) == ["expired", "expired"]
        assert state(database, number) == "expired"
        assert told(database, number) == {"expired": 5}


def test_one_that_nobody_approved_in_time_expires(database: Database, known: Snapshot) -> None:
    many(database, 1)
    number = sent(database, known, approval_from=1, expires_at=TUESDAY + HOUR)
    with clock.fixed(TUESDAY + HOUR):
        assert sweep(database, sending.expire_due) == 1
    assert state(database, number) == "expired"


def test_one_that_has_grown_asks_for_approval(database: Database, known: Snapshot) -> None:
    many(database, 1)
    number = sent(database, known, approval_from=2, send_at=TUESDAY + HOUR)
    many(database, 1)
    with clock.fixed(TUESDAY + HOUR):
        assert start(database, known, approval_from=2) == 1
        assert state(database, number) == "approving"
        with database.write() as session:
            life.approve(session, session.get_one(Announcement, number), GIORGI)
        assert start(database, known, approval_from=2) == 1
    assert state(database, number) == "running"


def test_one_bad_number_stops_nothing(database: Database, known: Snapshot) -> None:
    many(database, 3)
    number = sent(database, known)
    run(database, known)
    assert deliver(database, Never("21211", "not a telephone number", suppress="not_mobile"), limit=1) == 1
    assert deliver(database, Sent(["SM1"])) == 2
    assert sweep(database, sending.finish) == 1
    assert told(database, number) == {"sent": 2, "failed": 1}
    with database.read() as session:
        found = progress.of(session, session.get_one(Announcement, number))
        assert found.failures() == [("21211", "not a telephone number", 1)]


def test_a_filtered_message_pauses_it(database: Database, known: Snapshot) -> None:
    many(database, 3)
    number = sent(database, known)
    run(database, known)
    deliver(database, Filtered("30007", "a carrier takes it for spam"), limit=1)
    assert deliver(database, Sent(["SM1"])) == 0
    assert sweep(database, sending.note_pause) == 1
    assert state(database, number) == "paused"
    with database.read() as session:
        entry = audit.last(session, "announcement", number)
        assert entry is not None
        assert (entry.actor, entry.details["code"]) == ("system", "30007")
        assert session.scalar(select(func.count()).where(Contact.suppressed_at.is_not(None))) == 0
    with database.write() as session:
        life.resume(session, session.get_one(Announcement, number), NINO)
    assert deliver(database, Sent(["SM1"])) == 2


def test_who_stops_meanwhile_is_counted_as_opted_out(database: Database, known: Snapshot) -> None:
    many(database, 2)
    number = sent(database, known)
    run(database, known)
    with database.write() as session:
        contacts.opt_out(session, session.scalars(select(Contact).limit(1)).one())
    deliver(database, Sent(["SM1"]))
    assert told(database, number) == {"sent": 1, "opted_out": 1}


def test_who_is_forgotten_meanwhile_does_not_keep_it_open(database: Database, known: Snapshot) -> None:
    many(database, 3)
    number = sent(database, known)
    run(database, known)
    deliver(database, Sent(["SM1"]))
    with database.write() as session:
        contacts.forget(session, session.scalars(select(Contact).limit(1)).one())
        contacts.sweep(session)
    assert sweep(database, sending.finish) == 1
    assert state(database, number) == "done"
    with database.read() as session:
        found = progress.of(session, session.get_one(Announcement, number))
        assert (found.recipients, found.forgotten, found.by_outcome()["sent"]) == (3, 1, 2)


def test_one_that_stopped_half_way_goes_on(database: Database, known: Snapshot) -> None:
    many(database, 4)
    number = sent(database, known)
    run(database, known)
    deliver(database, Sent(["SM1"]))
    with database.write() as session:  # as a restored copy of the outbox would lack it
        session.execute(delete(OutboxMessage).where(OutboxMessage.contact_id == 3))
    assert sweep(database, sending.finish) == 1
    sweep(database, sending.advance)
    assert len(rows(database)) == 4
    assert deliver(database, Sent(["SM2"])) == 1
    assert sweep(database, sending.finish) == 1
    assert state(database, number) == "done"


def test_no_person_gets_it_twice_whatever_is_frozen(database: Database, known: Snapshot) -> None:
    with database.write() as session:
        first, second = resident(session, "sms", "whatsapp")
    number = sent(database, known)
    run(database, known)
    with database.write() as session:
        session.merge(Recipient(announcement_id=number, contact_id=first.id, wording="sms:ka"))
        session.merge(Recipient(announcement_id=number, contact_id=second.id, wording="whatsapp:ka"))
        row = session.get_one(Announcement, number)
        row.queued_to, row.queued_at = 0, None
    sweep(database, sending.advance)
    assert len(rows(database)) == 1


def test_a_pause_of_two_processes_is_one(database: Database) -> None:
    with database.write() as session:
        assert pauses.pause(session, 1, "30007", "spam")
        assert not pauses.pause(session, 1, "paused", "by staff")


CHILD = """
import sys, time
import app.tables
from desk.announcements import sending
from store.database import Database
database = Database(sys.argv[1])
while True:
    with database.write() as session:
        sending.advance(session, 7, 5)
        if sys.argv[2] == "before":
            time.sleep(0.05)
    time.sleep(0.02)
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("table", [Recipient, OutboxMessage])
def test_killed_half_way_and_taken_up_again(
    database: Database, known: Snapshot, table: type[Recipient | OutboxMessage], when: str
) -> None:
    many(database, 60)
    number = sent(database, known)
    start(database, known)
    url = database.url.render_as_string(hide_password=False)
    child = subprocess.Popen([sys.executable, "-c", CHILD, url, when], cwd=ROOT)
    try:
        deadline = time.monotonic() + 30
        while counted(database, table) < 20:
            assert time.monotonic() < deadline
            assert child.poll() is None
            time.sleep(0.005)
    finally:
        child.kill()
        child.wait()
    assert counted(database, table) < 60
    sweep(database, lambda session: sending.advance(session, 7, 5))
    assert counted(database, OutboxMessage) == counted(database, Recipient) == 60
    with database.read() as session:
        assert session.scalar(select(func.count(OutboxMessage.contact_id.distinct()))) == 60
        assert session.get_one(Announcement, number).recipients == 60


def counted(database: Database, table: type[Recipient | OutboxMessage]) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)


def test_everybody_who_was_removed_leaves_nobody_waiting(database: Database, known: Snapshot) -> None:
    many(database, 3)
    number = sent(database, known)
    start(database, known)
    with database.write() as session:
        session.execute(delete(Resident))
    sweep(database, sending.advance)
    assert sweep(database, sending.finish) == 1
    assert state(database, number) == "done"
