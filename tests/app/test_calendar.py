"""A year, its nights and holidays, and a week without power, on the clock of the machine itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from structlog.testing import capture_logs

from app import jobs
from app.bootstrap import Neighbour
from desk import audit, contacts, settling
from desk.announcements import editing, life
from desk.announcements.audience import Audience
from desk.announcements.editing import Draft
from desk.announcements.models import Announcement
from desk.events import subscriptions
from desk.events.subscriptions import Wish
from desk.halls import making
from desk.halls.bookings import Booking
from desk.messages import Sent
from desk.outbox import OutboxMessage
from scheduler.tick import Tick
from store import clock
from store.clock import TBILISI
from store.database import Database
from tests.desk.events.people import announced
from tests.desk.halls.people import Told, request
from tests.desk.people import claimed

STAFF = audit.staff("nino")


def local(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TBILISI)


@pytest.fixture
def travel() -> Iterator[time_machine.Coordinates]:
    """A clock that stands still, and can be moved."""
    with time_machine.travel(local(11, 24, 12), tick=False) as machine:
        yield machine


def tick(neighbour: Neighbour, database: Database) -> int:
    """Everything that is due, as a process does it that has just begun; how many jobs."""
    ticking = Tick(database, jobs.of(replace(neighbour, database=database)))
    ran = ticking.step()
    ticking.stop()
    return ran


EVENTS = ("expand events", "close past events", "plan reminders", "send reminders")


def run_events(neighbour: Neighbour, database: Database) -> None:
    """The jobs of events alone: a year has many days."""
    for job in jobs.of(replace(neighbour, database=database)):
        if job.name in EVENTS:
            job.run()


def deliver(database: Database) -> list[OutboxMessage]:
    """Sends what may go now; the messages that went."""
    with database.write() as session:
        rows = claimed(session, 100)
        for row in rows:
            settling.settle(session, row, Sent(["SM1"]), "test")
        return rows


def person(database: Database, number: int = 1) -> int:
    with database.write() as session:
        return contacts.find_or_create(session, "sms", f"+9955{number:08}").id


def announcement(
    database: Database, neighbour: Neighbour, send_at: datetime, expires_at: datetime | None = None
) -> int:
    draft = Draft("Seeds", {"ka": "თესლი მოვიდა"}, Audience(everyone=True), expires_at=expires_at)
    with database.write() as session:
        row = editing.create(session, draft, neighbour.knowledge.current, STAFF)
        life.send(session, row, STAFF, people=1, approval_from=10, send_at=send_at)
        return row.id


def state(database: Database, number: int) -> str:
    with database.read() as session:
        return session.get_one(Announcement, number).state


def test_a_year_of_a_weekly_event(
    neighbour: Neighbour, sqlite_database: Database, travel: time_machine.Coordinates
) -> None:
    who = person(sqlite_database)
    first = local(11, 27, 18)
    with sqlite_database.write() as session:
        event = announced(
            session, center_id=1, starts_at=first, ends_at=first + timedelta(hours=2), rrule="FREQ=WEEKLY;COUNT=52"
        )
        contact = session.get_one(contacts.Contact, who)
        subscriptions.subscribe(session, contact, Wish("event", str(event.id)))
    heard: list[tuple[str, datetime]] = []
    for week in range(52):
        begins = first + timedelta(weeks=week)
        for at in (-32, -19, -2, 5):  # hours from the beginning: also in the night before, and afterwards
            travel.move_to(begins + timedelta(hours=at))
            run_events(neighbour, sqlite_database)
            heard += [(row.kind, clock.local_now()) for row in deliver(sqlite_database)]
    assert heard == [
        ("reminder", first + timedelta(weeks=week, hours=hours)) for week in range(52) for hours in (-32, -2)
    ]


def test_a_hold_lasts_over_the_holidays(
    neighbour: Neighbour, database: Database, travel: time_machine.Coordinates
) -> None:
    center = neighbour.knowledge.current.centers_by_slug["chakvi"]
    travel.move_to(local(12, 31, 12))
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", "+995555000001")
        wish = request(date(2027, 1, 15))
        assert isinstance(making.book(session, center, wish, Told(), contact=contact), Booking)
    for day in (1, 2, 3):  # two holidays and a Sunday, on which nobody reads requests
        travel.move_to(local(1, day, 20, year=2027))
        tick(neighbour, database)
        assert booking_state(database) == "tentative"
    travel.move_to(local(1, 4, 10, year=2027))
    tick(neighbour, database)
    assert booking_state(database) == "tentative"
    travel.move_to(local(1, 5, 9, year=2027))
    tick(neighbour, database)
    assert booking_state(database) == "expired"


def booking_state(database: Database) -> str | None:
    with database.read() as session:
        return session.scalar(select(Booking.state))


def test_after_a_week_without_power_what_is_still_of_use_is_made_up_for(
    neighbour: Neighbour, database: Database, travel: time_machine.Coordinates
) -> None:
    who = person(database)
    with database.write() as session:
        event = announced(session)  # on Saturday
        subscriptions.subscribe(session, session.get_one(contacts.Contact, who), Wish("event", str(event.id)))
    late = announcement(database, neighbour, local(11, 25, 10))
    over = announcement(database, neighbour, local(11, 25, 10), expires_at=local(11, 28, 10))
    tick(neighbour, database)
    assert deliver(database) == []
    travel.move_to(local(12, 1, 22))  # the power is back, and it is night
    with capture_logs() as logs:
        tick(neighbour, database)
    assert {"fan out", "send reminders", "start announcements"} <= {
        line["job"] for line in logs if line["event"] == "job_missed"
    }
    assert (state(database, late), state(database, over)) == ("scheduled", "expired")
    assert deliver(database) == []
    travel.move_to(local(12, 2, 9))
    tick(neighbour, database)
    assert [row.announcement_id for row in deliver(database)] == [late]
    travel.move_to(local(12, 2, 9, 1))
    tick(neighbour, database)
    assert state(database, late) == "done"


def test_an_announcement_of_a_whole_day_keeps_off_the_night(
    neighbour: Neighbour, sqlite_database: Database, travel: time_machine.Coordinates
) -> None:
    for number in range(40):
        person(sqlite_database, number)
    number = announcement(sqlite_database, neighbour, local(11, 24, 20))
    sent: list[datetime] = []
    for hour in range(16):
        travel.move_to(local(11, 24, 20) + timedelta(hours=hour))
        tick(neighbour, sqlite_database)
        with sqlite_database.write() as session:
            for row in claimed(session):
                settling.settle(session, row, Sent(["SM1"]), "test")
                sent.append(clock.local_now())
    assert [moment.hour for moment in sent] == [20] * 10 + [9] * 10 + [10] * 10 + [11] * 10
    travel.move_to(local(11, 25, 12))
    tick(neighbour, sqlite_database)
    assert state(sqlite_database, number) == "done"
