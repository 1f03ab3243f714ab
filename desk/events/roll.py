"""Who comes to an event and who waits for a place, for staff: heads by occurrence, and the list to print."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from desk.contacts import Contact
from desk.events.models import Attendance, Occurrence

SHOWN_DIGITS = 3
"""Of a telephone number so much is shown: people find themselves by it, and nobody can copy the number."""


@dataclass(frozen=True, slots=True)
class Heads:
    """How many heads come to an occurrence, and how many wait."""

    coming: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Party:
    """A person with those whom they bring; ``digits`` are the last of their number, empty on Telegram."""

    channel: str
    digits: str
    heads: int
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Roll:
    """Who comes, and who waits in line, in the order in which they said so."""

    coming: tuple[Party, ...]
    waiting: tuple[Party, ...]


def heads(session: Session, occurrence_ids: Collection[int]) -> Mapping[int, Heads]:
    """The heads of each of these occurrences, in one query; one that nobody comes to is there too."""
    query = (
        select(Attendance.occurrence_id, Attendance.state, func.sum(Attendance.heads))
        .where(Attendance.occurrence_id.in_(occurrence_ids), Attendance.state.in_(("coming", "waiting")))
        .group_by(Attendance.occurrence_id, Attendance.state)
    )
    counted = {(number, state): int(total) for number, state, total in session.execute(query)}
    return {
        number: Heads(counted.get((number, "coming"), 0), counted.get((number, "waiting"), 0))
        for number in occurrence_ids
    }


def of(session: Session, occurrence_id: int) -> Roll:
    """The people of one occurrence. What is known of them is how they wrote and how many they are."""
    query = (
        select(Attendance, Contact)
        .join(Contact, Contact.id == Attendance.contact_id)
        .where(Attendance.occurrence_id == occurrence_id)
        .order_by(Attendance.joined_at, Attendance.id)
    )
    rows = session.execute(query).all()
    coming, waiting = (
        tuple(_party(row, contact) for row, contact in rows if row.state == state)
        for state in ("coming", "waiting")
    )
    return Roll(coming, waiting)


def occurrences(session: Session, event_id: int, limit: int = 60) -> list[Occurrence]:
    """The times of an event for staff: those that are planned first, then cancelled and past ones."""
    query = select(Occurrence).where(Occurrence.event_id == event_id)
    planned_first = case((Occurrence.state == "planned", 0), else_=1)
    query = query.order_by(planned_first, Occurrence.starts_at, Occurrence.id).limit(limit)
    return list(session.scalars(query).unique())


def _party(row: Attendance, contact: Contact) -> Party:
    digits = contact.address[-SHOWN_DIGITS:] if contact.channel != "telegram" else ""
    return Party(contact.channel, digits, row.heads, row.joined_at)
