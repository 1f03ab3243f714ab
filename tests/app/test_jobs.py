"""The sweeps of the tick, over a real database: what is due is done, and people are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app import jobs
from app.bootstrap import Neighbour
from desk import contacts
from desk.halls import making
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from store import clock
from store.database import Database
from tests.desk.halls.people import MONDAY, Told, request


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
