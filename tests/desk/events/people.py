"""A centre, events at it, and the people who come, for the tests of events."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit, contacts
from desk.contacts import Contact
from desk.events import expanding, life, telling
from desk.events.editing import Wording
from desk.events.models import Event, EventNews, Occurrence, Reminder
from knowledge.models import CenterRow
from store.clock import TBILISI
from store.database import Database

NINO = audit.staff("nino")

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=TBILISI)
"""Noon of an ordinary working day."""


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of autumn 2026 on the wall clock of Tbilisi, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=TBILISI).astimezone(UTC)


def found_center(session: Session, number: int = 1, municipality: str = "Lagodekhi") -> CenterRow:
    """A centre with that number, made where it is missing."""
    row = session.get(CenterRow, number)
    if row is None:
        names = {"slug": f"center-{number}", "name_en": f"Center {number}", "name_ka": "ცენტრი"}
        row = CenterRow(
            id=number,
            **names,
            municipality_en=municipality,
            region_en="Kakheti",
            coord_quality="none",
            source="test",
        )
        session.add(row)
        session.flush()
    return row


BEES = Wording(
    center_id=1,
    topic="agriculture",
    titles={"ka": "მეფუტკრეობა დამწყებთათვის", "en": "Beekeeping for beginners"},
    starts_at=local(28, 15),
    ends_at=local(28, 17),
)
"""Saturday at three, for two hours."""


def announced(session: Session, **changes: Any) -> Event:
    """An event that everybody may see."""
    wording = replace(BEES, **changes)
    found_center(session, wording.center_id)
    event = life.create(session, wording, NINO)
    life.announce(session, event, NINO)
    return event


def person(session: Session, number: int = 1) -> Contact:
    """A person with a telephone of that number."""
    return contacts.find_or_create(session, "sms", f"+9955{number:08}")


def only(session: Session, event: Event) -> Occurrence:
    """The one time at which the event takes place."""
    (found,) = expanding.lock_occurrences(session, event)
    return found


class Heard:
    """A ``TellOfEvent`` and a ``Remind`` that remember what they were called with."""

    def __init__(self) -> None:
        self.news: list[tuple[int, str]] = []
        self.reminders: list[tuple[int, str, datetime]] = []

    def tell(self, _session: Session, contact: Contact, news: EventNews) -> bool:
        self.news.append((contact.id, news.kind))
        return True

    def remind(self, _session: Session, contact: Contact, reminder: Reminder) -> bool:
        self.reminders.append((contact.id, reminder.kind, reminder.starts_at))
        return True


def told(database: Database) -> list[tuple[int, str]]:
    """Everybody who is told something now, with what."""
    heard = Heard()
    with database.write() as session:
        while telling.send_due(session, heard.tell):
            pass
    return sorted(heard.news)


def states(session: Session, event: Event) -> list[tuple[datetime, str]]:
    """The times of an event with their states."""
    rows = session.scalars(
        select(Occurrence).where(Occurrence.event_id == event.id).order_by(Occurrence.starts_at)
    )
    return [(row.starts_at, row.state) for row in rows.unique()]


WEEK = timedelta(days=7)
