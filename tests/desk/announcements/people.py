"""Residents with homes, channels and wishes, and an announcement to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit
from desk.announcements import audience, editing, life, resolving, sending, texts
from desk.announcements.audience import Audience
from desk.announcements.editing import Draft
from desk.announcements.models import Announcement
from desk.announcements.resolving import Reach
from desk.contacts import Contact, Resident
from desk.conversations import Conversation
from desk.events.models import Subscription
from desk.fan_out import Recipient, Wording
from desk.outbox import OutboxMessage
from knowledge.snapshot import Snapshot
from store import clock
from store.clock import TBILISI
from store.database import Database

TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=TBILISI).astimezone(UTC)
NINO, GIORGI = audit.staff("Nino"), audit.staff("Giorgi")

DRAFT = Draft("Seeds", {"ka": "თესლი მოვიდა", "en": "The seeds are here"}, Audience(everyone=True))


def resident(
    session: Session,
    *channels: str,
    home: int | None = None,
    locale: str | None = None,
    spoken: str | None = None,
    prefers: str | None = None,
    wishes: Sequence[tuple[str, str]] = (),
    **contact: Any,
) -> list[Contact]:
    """A person with a contact on each channel (an SMS one where none is named); the wishes are of the last one."""
    moment = clock.now()
    person = Resident(created_at=moment, locale=locale, home_place_id=home, preferred_channel=prefers)
    session.add(person)
    session.flush()
    made = []
    for channel in channels or ("sms",):
        row = Contact(resident=person, channel=channel, address=f"{channel}-{person.id}", created_at=moment)
        session.add(row)
        session.flush()
        made.append(row)
        if spoken:
            session.add(Conversation(contact_id=row.id, state={"language": spoken}, pages=[], updated_at=moment))
    for name, value in contact.items():
        setattr(made[0], name, value)
    for kind, value in wishes:
        session.add(Subscription(contact_id=made[-1].id, kind=kind, value=value, created_at=moment))
    session.flush()
    return made


def many(database: Database, count: int) -> None:
    """So many people with a telephone."""
    with database.write() as session:
        for _ in range(count):
            resident(session)


def written(database: Database, known: Snapshot, **changes: Any) -> int:
    """An announcement as Nino wrote it; its number."""
    with database.write() as session:
        return editing.create(session, replace(DRAFT, **changes), known, NINO).id


def sent(database: Database, known: Snapshot, approval_from: int = 1_000, **changes: Any) -> int:
    """The same, sent by Nino; its number."""
    send_at = changes.pop("send_at", None)
    made = written(database, known, **changes)
    with database.write() as session:
        row = session.get_one(Announcement, made)
        crowds = resolving.count(session, *resolved(row, known))
        people = resolving.total(crowds)
        life.send(session, row, NINO, people=people, approval_from=approval_from, send_at=send_at)
    return made


def resolved(row: Announcement, known: Snapshot) -> tuple[Audience, Reach]:
    """The audience with its settlements."""
    whom = audience.from_json(row.audience)
    return whom, resolving.reach_of(whom, known)


def prepare(known: Snapshot) -> sending.Prepare:
    """Texts as they are, on every channel."""

    def made(row: Announcement) -> tuple[Mapping[str, Wording], Reach]:
        names = {
            texts.wording_for(channel, locale, row.texts): locale
            for channel in audience.CHANNELS
            for locale in ("ka", "ka-Latn", "en", "ru", "az", "hy")
        }
        said = {name: Wording([str(row.texts[texts.language_for(names[name], row.texts)])]) for name in names}  # type: ignore[arg-type]
        return said, resolved(row, known)[1]

    return made


def sweep(database: Database, step: Callable[[Session], int]) -> int:
    """Repeats a step, a transaction each time, until there is nothing left; how often it did something."""
    times = 0
    while True:
        with database.write() as session:
            done = step(session)
        if not done:
            return times
        times += 1


def start(database: Database, known: Snapshot, approval_from: int = 1_000) -> int:
    """Starts what is due; how many."""
    return sweep(database, lambda session: sending.start_due(session, prepare(known), approval_from))


def run(database: Database, known: Snapshot) -> None:
    """Starts what is due and queues all of it."""
    start(database, known)
    sweep(database, lambda session: sending.advance(session, 3, 2))


def state(database: Database, number: int) -> str:
    """The state of an announcement."""
    with database.read() as session:
        return session.get_one(Announcement, number).state


def rows(database: Database) -> list[OutboxMessage]:
    """The rows of the outbox, by contact."""
    with database.read() as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.contact_id)))


def frozen(database: Database) -> list[tuple[int, str]]:
    """The frozen recipients with their wordings."""
    with database.read() as session:
        found = select(Recipient.contact_id, Recipient.wording).order_by(Recipient.contact_id)
        return [(contact, wording) for contact, wording in session.execute(found)]
