"""Figures for reports. Days are those of Tbilisi.

Messages, questions and deliveries come from the tallies (``desk.tallies``), which a sweep brings up to date;
bookings, events and the wait for a confirmation are counted when they are asked for.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from desk import tallies
from desk.audit import AuditEntry
from desk.events.models import Event, Occurrence
from desk.halls.bookings import Booking
from desk.tallies import EVERYWHERE, DeliveryTally, MessageTally, Thing
from store import clock
from store.statements import is_sqlite


@dataclass(frozen=True, slots=True)
class Period:
    """Days of Tbilisi, the first and the last of them."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """The moment at which the first day begins."""
        return datetime.combine(self.first, time.min, clock.TBILISI)

    @property
    def ends(self) -> datetime:
        """The moment at which the last day is over."""
        return datetime.combine(self.last + timedelta(days=1), time.min, clock.TBILISI)

    @property
    def days(self) -> list[date]:
        """Every day."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def last_days(number: int) -> Period:
    """The last days, today included."""
    today = clock.local_now().date()
    return Period(today - timedelta(days=number - 1), today)


@dataclass(frozen=True, slots=True)
class Written:
    """So many messages of residents came in on a day on a channel."""

    day: date
    channel: str
    number: int


Kind = Literal["language", "intent", "center"]
"""What messages are told apart by; an intent and a language are not known of further pages and after a fault."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """So many messages of a day found no answer or only an unsure one, or broke the assistant."""

    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """So many messages to residents; ``code`` and ``words`` say why they failed."""

    channel: str
    kind: str
    state: str
    code: str | None
    words: str | None
    number: int


Happened = Literal["held", "cancelled", "planned"]


@dataclass(frozen=True, slots=True)
class Planned:
    """So many bookings or dates of events at a centre that begin in the period, by what became of them."""

    center_id: int
    state: str
    number: int


def counted(session: Session) -> datetime | None:
    """Of which moment messages and deliveries tell; None while nothing was counted yet."""
    moments = [tallies.counted(session, subject) for subject in ("messages", "deliveries")]
    return min((moment for moment in moments if moment is not None), default=None)


def messages(session: Session, period: Period, centers: Collection[int] = ()) -> list[Written]:
    """What residents wrote, by day and channel; ``centers`` narrows it to messages that meant one of them."""
    rows = session.execute(_tallied("channel", period, centers, MessageTally.day, MessageTally.value))
    return [Written(*row) for row in rows]


def messages_by(
    session: Session, kind: Kind, period: Period, centers: Collection[int] = ()
) -> Counter[str | int | None]:
    """What residents wrote, by something else; None where that is not known."""
    if kind == "center" and centers:
        of_centers = session.execute(_tallied("channel", period, centers, MessageTally.center_id)).all()
        return Counter({center: number for center, number in of_centers})  # noqa: C416  rows are no pairs
    found = session.execute(_tallied(kind, period, centers, MessageTally.value)).all()
    if kind == "center":
        return Counter({int(value) if value else None: number for value, number in found})
    return Counter({value or None: number for value, number in found})


def unanswered(session: Session, period: Period) -> list[Unanswered]:
    """The messages that found no answer, by day."""
    found: Counter[date] = Counter()
    for thing in ("unanswered", "fault"):
        for day, number in session.execute(_tallied(thing, period, (), MessageTally.day)):
            found[day] += number
    return [Unanswered(day, number) for day, number in sorted(found.items())]


def _tallied(thing: Thing, period: Period, centers: Collection[int], *kinds: Any) -> Select[Any]:
    """The sums of a thing's tallies by these columns."""
    mine = (MessageTally.thing == thing, MessageTally.center_id.in_(centers or (EVERYWHERE,)))
    query = select(*kinds, func.sum(MessageTally.number)).where(*mine, *_of_days(MessageTally.day, period))
    return query.group_by(*kinds)


def deliveries(session: Session, period: Period) -> list[Delivered]:
    """What was to be sent in the period and what became of it."""
    kinds = (DeliveryTally.channel, DeliveryTally.kind, DeliveryTally.state, DeliveryTally.code)
    query = (
        select(*kinds, func.max(DeliveryTally.words), func.sum(DeliveryTally.number))
        .where(*_of_days(DeliveryTally.day, period))
        .group_by(*kinds)
    )
    return [
        Delivered(channel, kind, state, code or None, words or None, number)
        for channel, kind, state, code, words, number in session.execute(query)
    ]


def _of_days(column: InstrumentedAttribute[date], period: Period) -> tuple[ColumnElement[bool], ...]:
    return column >= period.first, column <= period.last


def bookings(session: Session, period: Period, centers: Collection[int] = ()) -> list[Planned]:
    """The bookings that begin in the period."""
    query = select(Booking.center_id, Booking.state, func.count()).where(*_within(Booking.starts_at, period))
    if centers:
        query = query.where(Booking.center_id.in_(centers))
    return [Planned(*row) for row in session.execute(query.group_by(Booking.center_id, Booking.state))]


def events(session: Session, period: Period, centers: Collection[int] = ()) -> list[Planned]:
    """The dates of events that begin in the period: held, cancelled, or still planned."""
    over = Occurrence.ends_at <= clock.now()
    query = (
        select(Event.center_id, Occurrence.state, over, func.count())
        .join(Occurrence.event)
        .where(Event.state != "draft", *_within(Occurrence.starts_at, period))
    )
    if centers:
        query = query.where(Event.center_id.in_(centers))
    rows = session.execute(query.group_by(Event.center_id, Occurrence.state, over))
    return [Planned(center, _happened(state, is_over), number) for center, state, is_over, number in rows]


def median_to_confirm(session: Session, period: Period, centers: Collection[int] = ()) -> timedelta | None:
    """How long residents waited for a confirmation that came in the period, the median; None where none came."""
    query = (
        select(_seconds(session, Booking.created_at, AuditEntry.at))
        .join(Booking, Booking.id == AuditEntry.subject_id)
        .where(
            AuditEntry.subject_kind == "booking",
            AuditEntry.action == "confirm",
            Booking.booked_by.is_(None),
            *_within(AuditEntry.at, period),
        )
    )
    if centers:
        query = query.where(Booking.center_id.in_(centers))
    waited = session.scalars(query).all()
    return timedelta(seconds=round(statistics.median(waited))) if waited else None


def _seconds(session: Session, begin: Any, end: Any) -> ColumnElement[Any]:
    """How long it is from one moment to the other."""
    if is_sqlite(session):
        return (func.julianday(end) - func.julianday(begin)) * timedelta(days=1).total_seconds()
    return extract("epoch", end - begin)


def _within(column: InstrumentedAttribute[datetime], period: Period) -> tuple[ColumnElement[bool], ...]:
    return column >= period.begins, column < period.ends


def _happened(state: str, is_over: bool) -> Happened:
    if state == "cancelled":
        return "cancelled"
    return "held" if is_over else "planned"
