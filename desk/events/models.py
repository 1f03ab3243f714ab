"""The tables of events: what takes place and when, who comes, who wants to hear of it, what is yet to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.base import Base, BigId

State = Literal["draft", "announced", "changed", "cancelled", "over"]

OPEN: tuple[State, ...] = ("announced", "changed")
"""The states in which an event is shown and can be come to."""

OccurrenceState = Literal["planned", "cancelled", "over"]
AttendanceState = Literal["coming", "waiting", "cancelled"]
SubscriptionKind = Literal["center", "municipality", "topic", "event"]
ReminderKind = Literal["day_before", "two_hours"]
ReminderWish = Literal["none", "day_before", "both"]
NewsKind = Literal["announced", "time_changed", "cancelled", "place_freed"]
DueState = Literal["due", "sent", "dropped", "cancelled"]


class Event(Base):
    """Something that takes place at a centre, once or again and again. Times are in UTC.

    ``titles`` and ``descriptions`` are by language (ka, en, ru, az, hy), as many as staff wrote. ``starts_at`` and
    ``ends_at`` are those of the first occurrence; ``rrule`` (RFC 5545, without DTSTART) says when it comes again,
    counted on the wall clock of Tbilisi. ``version`` counts the changes that people were told of.
    """

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_center", "center_id", "state"), Index("ix_events_state", "state"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    center_id: Mapped[int]
    topic: Mapped[str] = mapped_column(String(20))
    titles: Mapped[dict[str, Any]] = mapped_column(default=dict)
    descriptions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int | None]  # of each occurrence; None where everybody fits
    rrule: Mapped[str | None] = mapped_column(Text)
    registration: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(default=0)
    expanded_until: Mapped[datetime | None]  # so far the occurrences stand in rows
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Occurrence(Base):
    """One time at which an event takes place."""

    __tablename__ = "occurrences"
    __table_args__ = (
        Index("ix_occurrences_event_id", "event_id", "starts_at"),
        Index("ix_occurrences_when", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    changed_at: Mapped[datetime]  # since then it takes place at this time
    event: Mapped[Event] = relationship(lazy="joined", innerjoin=True)


class Attendance(Base):
    """That a person comes with so many heads, or stands in line. The line goes by ``joined_at``."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("contact_id", "occurrence_id"),
        Index("ix_attendance_line", "occurrence_id", "state", "joined_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"))
    heads: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    joined_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    occurrence: Mapped[Occurrence] = relationship(lazy="joined", innerjoin=True)


class Subscription(Base):
    """What a person wants to hear of.

    ``value`` is the slug of a centre, the English name of a municipality, the code of a topic or the id of an
    event, by ``kind``.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("contact_id", "kind", "value"),
        Index("ix_subscriptions_what", "kind", "value"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class ReminderChoice(Base):
    """Which reminders a person wants; without a row both."""

    __tablename__ = "reminder_choices"

    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    wish: Mapped[str] = mapped_column(String(12))
    changed_at: Mapped[datetime]


class Reminder(Base):
    """A reminder that is due at a moment, of an occurrence or of a booking; ``starts_at`` is what it speaks of.

    ``contact_id`` is no foreign key: checking one would wait for whoever is just being answered, and that person
    may be waiting for an event that we hold. A row whose contact is gone is dropped when it is due.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        Index("ix_reminders_due", "state", "due_at"),
        Index("ix_reminders_contact_id", "contact_id"),
        Index("ix_reminders_occurrence_id", "occurrence_id"),
        Index("ix_reminders_booking_id", "booking_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(BigId)
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime]
    useful_until: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    dedupe_key: Mapped[str] = mapped_column(String(80), unique=True)
    changed_at: Mapped[datetime]


class EventNews(Base):
    """That a person must be told of a change. ``number`` is that of its audit entry: told once to each person.

    ``facts`` holds what the words need besides the event: ``old_starts_at``, ``starts_at``, ``heads``.
    ``contact_id`` is no foreign key for the reason that ``Reminder`` gives.
    """

    __tablename__ = "event_news"
    __table_args__ = (
        UniqueConstraint("contact_id", "number"),
        Index("ix_event_news_due", "state", "due_at"),
        Index("ix_event_news_event_id", "event_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contact_id: Mapped[int] = mapped_column(BigId)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrences.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    number: Mapped[int] = mapped_column(BigId)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    due_at: Mapped[datetime]
    useful_until: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    changed_at: Mapped[datetime]


def state_of(event: Event) -> State:
    """The event's state, as a type."""
    return cast(State, event.state)
