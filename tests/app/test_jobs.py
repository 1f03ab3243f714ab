"""The sweeps of the tick, over a real database: what is due is done, and people are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app import jobs
from app.bootstrap import Neighbour
from desk import audit, contacts, settling
from desk.announcements import editing
from desk.announcements import life as announcements
from desk.announcements.audience import Audience
from desk.announcements.editing import Draft
from desk.announcements.models import Announcement
from desk.halls import making
from desk.halls.bookings import Booking
from desk.messages import Sent
from desk.outbox import OutboxMessage
from store import clock
from store.database import Database
from tests.desk.halls.people import MONDAY, Told, request
from tests.desk.people import claimed


def run(neighbour: Neighbour, database: Database, name: str) -> int:
    (job,) = [job for job in jobs.of(replace(neighbour, database=database)) if job.name == name]
    return job.run()


def test_jobs_have_different_names(neighbour: Neighbour) -> None:
    names = [job.name for job in jobs.of(neighbour)]
    assert len(names) == len(set(names))


def test_a_hold_that_ran_out_expires_and_its_person_is_told(neighbour: Neighbour, database: Database) -> None:
    center = neighbour.knowledge.current.centers_by_slug["chakvi"]
    with clock.fixed(MONDAY), database.write() as session:
        contact = contacts.find_or_create(session, "sms", "+995555000001")
        made = making.book(session, center, request(), Told(), contact=contact)
        assert isinstance(made, Booking)
    with clock.fixed(MONDAY + timedelta(days=2)):
        assert run(neighbour, database, "expire holds") == 1
        assert run(neighbour, database, "expire holds") == 0
    with database.read() as session:
        assert session.scalar(select(Booking.state)) == "expired"
        (row,) = session.scalars(select(OutboxMessage)).all()
        assert (row.kind, row.contact_id) == ("notice", made.contact_id)


def test_an_announcement_goes_from_sent_to_done(neighbour: Neighbour, database: Database) -> None:
    draft = Draft("Seeds", {"ka": "თესლი მოვიდა — {hotline}"}, Audience(everyone=True))
    with clock.fixed(MONDAY):
        with database.write() as session:
            contacts.find_or_create(session, "sms", "+995555000001")
            row = editing.create(session, draft, neighbour.knowledge.current, audit.staff("nino"))
            announcements.send(session, row, audit.staff("nino"), people=1, approval_from=10)
        assert run(neighbour, database, "start announcements") == 1
        assert run(neighbour, database, "fan out") > 0
        with database.write() as session:
            (message,) = claimed(session)
            hotline = neighbour.knowledge.current.hotline.display
            assert message.texts == [f"თესლი მოვიდა - {hotline}"]
            settling.settle(session, message, Sent(["SM1"]), "test")
        assert run(neighbour, database, "finish announcements") == 1
    with database.read() as session:
        assert session.get_one(Announcement, row.id).state == "done"


def test_one_that_cannot_be_rendered_any_more_is_a_draft_again(neighbour: Neighbour, database: Database) -> None:
    draft = Draft("Seeds", {"en": "Seeds in {center}"}, Audience(centers=("kabali",)))
    with clock.fixed(MONDAY):
        with database.write() as session:
            row = editing.create(session, draft, neighbour.knowledge.current, audit.staff("nino"))
            announcements.send(session, row, audit.staff("nino"), people=1, approval_from=10)
            row.audience = {"centers": ["gone"]}
        run(neighbour, database, "start announcements")
    with database.read() as session:
        assert session.get_one(Announcement, row.id).state == "draft"
        entry = audit.last(session, "announcement", row.id)
        assert entry is not None
        assert entry.details["reason"] == "cannot_be_rendered"
