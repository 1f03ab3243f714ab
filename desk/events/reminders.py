"""Reminders: which ones a person wants, planning them as rows, and sending what is due.

By default one the day before at 10:00 in Tbilisi and one two hours before; of a booking the day before only. What
falls into the quiet hours waits for the morning, unless it is of no use by then. A row speaks of one beginning:
when a time changes, the old rows end by themselves and the next sweep plans new ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, cast

import structlog
from sqlalchemy import ColumnElement, Select, String, func, literal, or_, select, union
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from desk import contacts, quiet
from desk.contacts import Contact
from desk.events.models import (
    OPEN,
    Attendance,
    Event,
    Occurrence,
    Reminder,
    ReminderChoice,
    ReminderKind,
    ReminderWish,
    Subscription,
)
from desk.events.news import Remind
from desk.halls import bookings, days
from desk.halls.bookings import Booking
from store import clock
from store.base import UtcDateTime
from store.statements import carry_out, insert_into

log = structlog.get_logger()

DAY_BEFORE_AT = time(10, 0)
"""On the wall clock of Tbilisi."""

TWO_HOURS = timedelta(hours=2)
USEFUL = timedelta(minutes=30)
"""So long before the beginning the last reminder is still of use: one must get there."""

AHEAD = timedelta(days=3)
"""So long before they begin the reminders of a thing are planned."""

SWEEP = 200
"""How many reminders one transaction sends."""

_WISHES: Mapping[ReminderKind, tuple[ReminderWish, ...]] = {
    "day_before": ("day_before", "both"),
    "two_hours": ("both",),
}
"""The wishes that a kind of reminder is part of."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a reminder is due. ``nominal`` is before the quiet hours are thought of; all in UTC."""

    kind: ReminderKind
    nominal: datetime
    due_at: datetime
    useful_until: datetime

    @property
    def is_of_use(self) -> bool:
        """Whether it comes in time after all, once the quiet hours are over."""
        return self.due_at < self.useful_until


def due_for(starts_at: datetime, kind: ReminderKind) -> Due:
    """When to remind of what begins then. The day before is of use until two hours before the beginning."""
    if kind == "day_before":
        day = days.local_day(starts_at) - timedelta(days=1)
        nominal, until = days.at(day, DAY_BEFORE_AT), starts_at - TWO_HOURS
    else:
        nominal, until = starts_at - TWO_HOURS, starts_at - USEFUL
    return Due(kind, nominal, quiet.held_until(nominal), until)


def wish_of(session: Session, contact: Contact) -> ReminderWish:
    """Which reminders the person wants; both where they have not said."""
    row = session.get(ReminderChoice, contact.id)
    return cast(ReminderWish, row.wish) if row is not None else "both"


def choose(session: Session, contact: Contact, wish: ReminderWish) -> None:
    """The person chose. What is planned and not wanted any more is not sent."""
    row = session.get(ReminderChoice, contact.id)
    if row is None:
        session.add(ReminderChoice(contact_id=contact.id, wish=wish, changed_at=clock.now()))
    else:
        row.wish, row.changed_at = wish, clock.now()
    session.flush()


def plan(session: Session) -> int:
    """Writes down the reminders of what begins within AHEAD; how many were new. Safe to repeat at any time."""
    now = clock.now()
    near = (
        select(Occurrence)
        .join(Event, Event.id == Occurrence.event_id)
        .where(
            Event.state.in_(OPEN),
            Occurrence.state == "planned",
            Occurrence.starts_at > now,
            Occurrence.starts_at <= now + AHEAD,
        )
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    made = sum(_plan_occurrence(session, one) for one in session.scalars(near).unique().all())
    lent = (
        select(Booking)
        .where(
            Booking.state == "confirmed",
            Booking.contact_id.is_not(None),
            Booking.starts_at > now,
            Booking.starts_at <= now + AHEAD,
        )
        .order_by(Booking.starts_at, Booking.id)
    )
    return made + sum(_plan_booking(session, one) for one in session.scalars(lent).all())


def _plan_occurrence(session: Session, occurrence: Occurrence) -> int:
    made = 0
    for due in _useful(occurrence.starts_at, ("day_before", "two_hours")):
        if occurrence.changed_at > due.nominal:
            continue  # whoever comes was told of the time after this reminder would have been due
        coming = select(Attendance.contact_id).where(
            Attendance.occurrence_id == occurrence.id,
            Attendance.state == "coming",
            Attendance.changed_at <= due.nominal,
        )
        wanting = select(Subscription.contact_id).where(
            Subscription.kind == "event",
            Subscription.value == str(occurrence.event_id),
            Subscription.created_at <= due.nominal,
        )
        who = _wishing(union(coming, wanting), due)
        made += _write(session, who, due, occurrence.starts_at, occurrence_id=occurrence.id)
    return made


def _plan_booking(session: Session, booking: Booking) -> int:
    made = 0
    for due in _useful(booking.starts_at, ("day_before",)):
        if booking.changed_at <= due.nominal:
            who = _wishing(select(Booking.contact_id).where(Booking.id == booking.id), due)
            made += _write(session, who, due, booking.starts_at, booking_id=booking.id)
    return made


def _useful(starts_at: datetime, kinds: tuple[ReminderKind, ...]) -> Iterator[Due]:
    """The reminders that can still be of use, however late: a process that was down makes up for them."""
    for kind in kinds:
        due = due_for(starts_at, kind)
        if due.is_of_use and clock.now() < due.useful_until:
            yield due


def _wishing(who: Any, due: Due) -> Select[Any]:
    """Those of the contacts who may be written to and wanted such a reminder when it fell due."""
    people = who.subquery()
    chosen = ReminderChoice.contact_id == Contact.id
    wanted = (ReminderChoice.wish.in_(_WISHES[due.kind])) & (ReminderChoice.changed_at <= due.nominal)
    return (
        select(Contact.id)
        .join(people, people.c.contact_id == Contact.id)
        .outerjoin(ReminderChoice, chosen)
        .where(
            Contact.opted_out_at.is_(None),
            Contact.suppressed_at.is_(None),
            Contact.forget_at.is_(None),
            or_(ReminderChoice.contact_id.is_(None), wanted),
        )
        .distinct()
    )


def _write(
    session: Session,
    who: Select[Any],
    due: Due,
    starts_at: datetime,
    *,
    occurrence_id: int | None = None,
    booking_id: int | None = None,
) -> int:
    """A row for each of the contacts, once for each beginning that the thing ever had."""
    people = who.subquery()
    thing = f"event:{occurrence_id}" if occurrence_id is not None else f"booking:{booking_id}"
    stem = f"reminder:{thing}:{due.kind}:{starts_at:%Y%m%d%H%M}:"
    key: ColumnElement[str] = literal(stem, String) + as_type(people.c.id, String)
    columns: dict[str, Any] = {
        "contact_id": people.c.id,
        "occurrence_id": literal(occurrence_id, Reminder.occurrence_id.type),
        "booking_id": literal(booking_id, Reminder.booking_id.type),
        "kind": literal(due.kind),
        "starts_at": literal(starts_at, UtcDateTime()),
        "due_at": literal(due.due_at, UtcDateTime()),
        "useful_until": literal(due.useful_until, UtcDateTime()),
        "state": literal("due"),
        "dedupe_key": key,
        "changed_at": literal(clock.now(), UtcDateTime()),
    }
    # SQLite reads ON CONFLICT after a FROM without WHERE as a join.
    rows = select(*columns.values()).select_from(people).where(people.c.id.is_not(None))
    made = insert_into(session, Reminder).from_select(list(columns), rows)
    return carry_out(session, made.on_conflict_do_nothing())


def send_due(session: Session, remind: Remind, limit: int = SWEEP) -> int:
    """Sends the reminders that are due, and drops those that are of no use any more; how many were settled.

    Several processes may do so at once: each takes rows that nobody else holds.
    """
    now = clock.now()
    due = (
        select(Reminder)
        .where(Reminder.state == "due", Reminder.due_at <= now)
        .order_by(Reminder.due_at, Reminder.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    sent = late = withdrawn = 0
    for row in session.scalars(due.execution_options(populate_existing=True)).all():
        contact = session.get(Contact, row.contact_id, populate_existing=True)
        if contact is not None and not bookings.lock_contact(session, contact.id, wait=False):
            continue  # is just being answered: the next sweep reminds them
        if row.useful_until <= now:
            row.state, late = "dropped", late + 1
        elif contact is None or not _still_true(session, contact, row) or not remind(session, contact, row):
            row.state, withdrawn = "cancelled", withdrawn + 1
        else:
            row.state, sent = "sent", sent + 1
        row.changed_at = now
    session.flush()
    if late:
        log.warning("reminders_dropped", too_late=late, sent=sent)
    return sent + late + withdrawn


def _still_true(session: Session, contact: Contact, row: Reminder) -> bool:
    """Whether it still takes place then, and the person still wants to be reminded of it."""
    wished = wish_of(session, contact) in _WISHES[cast(ReminderKind, row.kind)]
    if not wished or not contacts.may_receive(contact) or contact.forget_at is not None:
        return False
    if row.booking_id is not None:
        booking = session.get(Booking, row.booking_id, populate_existing=True)
        return (
            booking is not None
            and booking.state == "confirmed"
            and booking.contact_id == contact.id
            and booking.starts_at == row.starts_at
        )
    occurrence = session.get(Occurrence, row.occurrence_id, populate_existing=True)
    return (
        occurrence is not None
        and occurrence.state == "planned"
        and occurrence.starts_at == row.starts_at
        and _awaits(session, contact, occurrence)
    )


def _awaits(session: Session, contact: Contact, occurrence: Occurrence) -> bool:
    coming = select(func.count()).where(
        Attendance.contact_id == contact.id,
        Attendance.occurrence_id == occurrence.id,
        Attendance.state == "coming",
    )
    wanting = select(func.count()).where(
        Subscription.contact_id == contact.id,
        Subscription.kind == "event",
        Subscription.value == str(occurrence.event_id),
    )
    return bool(session.scalar(coming)) or bool(session.scalar(wanting))
