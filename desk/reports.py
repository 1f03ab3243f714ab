"""Figures for reports, counted from what the tables keep. Days are those of Tbilisi.

Whoever asked to be forgotten is gone from messages and deliveries; questions and bookings stay, without a person.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from desk.audit import AuditEntry
from desk.events.models import Event, Occurrence
from desk.halls.bookings import Booking
from desk.intake import InboundMessage
from desk.outbox import OutboxMessage
from desk.questions import Question
from store import clock


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


Thing = Literal["language", "intent", "center"]
"""What messages are told apart by; an intent and a language are not known of further pages and after a fault."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """So many questions of a day, in a language and on a channel, found no answer or only an unsure one."""

    day: date
    channel: str
    language: str
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


def messages(session: Session, period: Period, centers: Collection[int] = ()) -> list[Written]:
    """What residents wrote, by day and channel; ``centers`` narrows it to messages that meant one of them."""
    day = _day(session, InboundMessage.received_at)
    channel: Any = InboundMessage.channel
    rows = session.execute(_messages(period, centers, day, channel))
    return [Written(_date(when), on, number) for when, on, number in rows]


def messages_by(
    session: Session, thing: Thing, period: Period, centers: Collection[int] = ()
) -> Counter[str | int | None]:
    """What residents wrote, by something else; None where that is not known.

    Each thing is counted by itself: all of them at once would make as many groups as there are messages.
    """
    column: Any = _THINGS[thing]
    return Counter({row[0]: row[1] for row in session.execute(_messages(period, centers, column))})


_THINGS = {
    "language": InboundMessage.language,
    "intent": InboundMessage.intent,
    "center": InboundMessage.center_id,
}


def _messages(period: Period, centers: Collection[int], *kinds: ColumnElement[Any]) -> Select[Any]:
    query = select(*kinds, func.count()).where(*_within(InboundMessage.received_at, period)).group_by(*kinds)
    return query.where(InboundMessage.center_id.in_(centers)) if centers else query


def unanswered(session: Session, period: Period) -> list[Unanswered]:
    """The questions that found no answer, counted."""
    day = _day(session, Question.asked_at)
    kinds = (Question.channel, Question.language)
    query = select(day, *kinds, func.count()).where(*_within(Question.asked_at, period)).group_by(day, *kinds)
    return [Unanswered(_date(when), *rest) for when, *rest in session.execute(query)]


def deliveries(session: Session, period: Period) -> list[Delivered]:
    """What was to be sent in the period and what became of it."""
    kinds = (OutboxMessage.channel, OutboxMessage.kind, OutboxMessage.state, OutboxMessage.error_code)
    query = (
        select(*kinds, func.max(OutboxMessage.error_words), func.count())
        .where(*_within(OutboxMessage.created_at, period))
        .group_by(*kinds)
    )
    return [Delivered(*row) for row in session.execute(query)]


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
        select(AuditEntry.at, Booking.created_at)
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
    waited = [(at - asked).total_seconds() for at, asked in session.execute(query)]
    return timedelta(seconds=statistics.median(waited)) if waited else None


def _within(column: InstrumentedAttribute[datetime], period: Period) -> tuple[ColumnElement[bool], ...]:
    return column >= period.begins, column < period.ends


def _day(session: Session, column: InstrumentedAttribute[datetime]) -> ColumnElement[Any]:
    """The day of a moment in Tbilisi. SQLite knows no time zones; Tbilisi is four hours ahead all year."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(column, literal_column("'+4 hours'"))
    return func.date(func.timezone(literal_column("'Asia/Tbilisi'"), column))


def _date(found: date | str) -> date:
    """What the databases give for a day: SQLite has no type for it."""
    return date.fromisoformat(found) if isinstance(found, str) else found


def _happened(state: str, is_over: bool) -> Happened:
    if state == "cancelled":
        return "cancelled"
    return "held" if is_over else "planned"
