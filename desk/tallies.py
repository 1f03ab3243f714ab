"""Tallies for reports: what residents wrote and what was sent to them, counted by the days of Tbilisi and kept.

A sweep of the tick counts (``app.jobs``), reports only read (``desk.reports``): a year of messages is too much to
count for a page. A day's messages are counted again until LATE has passed, a day's deliveries whenever one of them
changes. Nobody is named in a tally, so it stays when texts are erased and when people are forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Index, String, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from desk.halls import days
from desk.intake import InboundMessage
from desk.outbox import OutboxMessage
from desk.questions import Question
from store import clock
from store.base import Base, BigId
from store.replacing import replace
from store.statements import is_sqlite

Subject = Literal["messages", "deliveries", "recent", "announcements", "crowds"]

Thing = Literal["channel", "language", "intent", "center", "fault", "unanswered"]
"""What messages are told apart by. ``fault``: the assistant broke, by channel; ``unanswered``: open questions."""

EVERYWHERE = -1
"""Stands for all messages, whatever centre they meant or none; 0 is the id of no centre."""

UNKNOWN = ""
"""The value of what is not known of a message."""

LATE = timedelta(days=3)
"""A telephone that was off may hand on messages that came in so long ago."""

HISTORY = timedelta(days=366)
"""So far back the first sweep looks."""

SLACK = timedelta(minutes=5)
"""A change that was made so long before a sweep may not have been committed then."""


class MessageTally(Base):
    """So many messages of a day had this value; of those that meant one centre, or EVERYWHERE."""

    __tablename__ = "message_tallies"
    __table_args__ = (Index("ix_message_tallies_day", "day"), {"sqlite_with_rowid": False})

    thing: Mapped[str] = mapped_column(String(10), primary_key=True)
    center_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(24), primary_key=True)
    number: Mapped[int]


class DeliveryTally(Base):
    """So many messages that were queued on a day have come to this state; ``code`` and ``words`` say why."""

    __tablename__ = "delivery_tallies"
    __table_args__ = ({"sqlite_with_rowid": False},)

    day: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)  # empty where none was given
    words: Mapped[str] = mapped_column(String(300))
    number: Mapped[int]


class Tallied(Base):
    """When a subject was last counted to the end; ``upto`` is the last row that was, where that matters."""

    __tablename__ = "tallied"

    subject: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]
    upto: Mapped[int | None] = mapped_column(BigId)


Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The fresh tallies of a day: rows of the model's columns, without the day."""

    model: type[Base]
    day: date
    rows: frozenset[Row]


def counted(session: Session, subject: Subject) -> datetime | None:
    """The moment of which the tallies tell; None before the first sweep."""
    found = session.get(Tallied, subject)
    return found.at if found is not None else None


def note(session: Session, subject: Subject, at: datetime, upto: int | None = None) -> None:
    """Notes that everything was counted that was there at that moment."""
    session.merge(Tallied(subject=subject, at=at, upto=upto))


def days_of_messages(session: Session) -> list[date]:
    """The days whose messages are to be counted now, the newest first."""
    before = counted(session, "messages")
    if before is not None:
        return _days_since(before - LATE)
    first = (session.scalar(select(func.min(one))) for one in (InboundMessage.received_at, Question.asked_at))
    return _days_since(min((at for at in first if at is not None), default=clock.now()))


def days_of_deliveries(session: Session) -> list[date]:
    """The days of whose deliveries one has changed since they were counted, the newest first."""
    before = counted(session, "deliveries")
    if before is None:
        first = session.scalar(select(func.min(OutboxMessage.created_at)))
        return _days_since(first or clock.now())
    still_kept = OutboxMessage.erased_at.is_(None)  # as the index has it
    day = _day(session, OutboxMessage.created_at)
    changed = select(day).where(still_kept, OutboxMessage.changed_at > before - SLACK).distinct()
    return sorted((_date(found) for found in session.scalars(changed)), reverse=True)


def messages_of(session: Session, day: date) -> Day:
    """Counts the messages and the open questions of a day."""
    kinds = (
        InboundMessage.channel,
        InboundMessage.language,
        InboundMessage.intent,
        InboundMessage.center_id,
    )
    within = _within(InboundMessage.received_at, day)
    found: Counter[Row] = Counter()
    grouped = select(*kinds, func.count()).where(*within).group_by(*kinds)
    for channel, language, intent, center_id, number in session.execute(grouped):
        for key in _keys(channel, language, intent, center_id):
            found[key] += number
    broken = select(InboundMessage.channel, func.count()).where(*within, InboundMessage.fault.is_not(None))
    for channel, number in session.execute(broken.group_by(InboundMessage.channel)):
        found["fault", EVERYWHERE, channel] = number
    open_ = session.scalar(select(func.count()).where(*_within(Question.asked_at, day)))
    if open_:
        found["unanswered", EVERYWHERE, UNKNOWN] = open_
    return Day(MessageTally, day, frozenset((*key, number) for key, number in found.items()))


def _keys(channel: str, language: str | None, intent: str | None, center_id: int | None) -> Iterable[Row]:
    """Under what a message is counted: by itself, and once more for its centre."""
    told = {"channel": channel, "language": language, "intent": intent}
    centers = [EVERYWHERE] if center_id is None else [EVERYWHERE, center_id]
    for center in centers:
        yield from ((thing, center, value or UNKNOWN) for thing, value in told.items())
    yield "center", EVERYWHERE, UNKNOWN if center_id is None else str(center_id)


def deliveries_of(session: Session, day: date) -> Day:
    """Counts what was queued on a day, by what has become of it."""
    code = func.coalesce(OutboxMessage.error_code, UNKNOWN)
    words = func.coalesce(func.max(OutboxMessage.error_words), UNKNOWN)
    kinds = (OutboxMessage.channel, OutboxMessage.kind, OutboxMessage.state, code)
    query = select(*kinds, words, func.count()).where(*_within(OutboxMessage.created_at, day))
    return Day(DeliveryTally, day, frozenset(tuple(row) for row in session.execute(query.group_by(*kinds))))


def keep(session: Session, fresh: Day) -> int:
    """Puts the tallies of a day in the place of those before; how many differ."""
    return replace(session, fresh.model, {"day": fresh.day}, fresh.rows)


def _days_since(moment: datetime) -> list[date]:
    """The days from that of the moment on, but no further back than HISTORY, up to today; the newest first."""
    today = clock.local_now().date()
    first = days.local_day(max(moment, clock.now() - HISTORY))
    return [today - timedelta(days=number) for number in range((today - first).days + 1)]


def _within(column: InstrumentedAttribute[datetime], day: date) -> tuple[ColumnElement[bool], ...]:
    return column >= days.at(day, time(0)), column < days.at(day + timedelta(days=1), time(0))


def _day(session: Session, column: InstrumentedAttribute[datetime]) -> ColumnElement[Any]:
    """The day of a moment in Tbilisi. SQLite knows no time zones; Tbilisi is four hours ahead all year."""
    if is_sqlite(session):
        return func.date(column, literal_column("'+4 hours'"))
    return func.date(func.timezone(literal_column("'Asia/Tbilisi'"), column))


def _date(found: date | str) -> date:
    """What the databases give for a day: SQLite has no type for it."""
    return date.fromisoformat(found) if isinstance(found, str) else found
