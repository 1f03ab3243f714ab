"""Telling people of an event, each of every change once: rows first, carried out by a sweep.

A row is written for everybody who must be told (``INSERT ... SELECT``, no contact is locked), not before the quiet
hours end, and is dropped where nobody can use it by then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, exists, literal, or_, select, union
from sqlalchemy.orm import Session

from desk import quiet
from desk.contacts import Contact, Resident
from desk.events.models import (
    Attendance,
    Event,
    EventNews,
    NewsKind,
    Occurrence,
    Reminder,
    Subscription,
)
from desk.events.news import TellOfEvent
from desk.halls import bookings
from knowledge.models import CenterRow, PlaceRow
from store import clock
from store.base import Json, UtcDateTime
from store.statements import carry_out, insert_into

log = structlog.get_logger()

SWEEP = 200
"""How many people one transaction tells."""

REHEARSED = "rehearsed"
"""In ``Session.info`` the name of who would be told, while a change is only rehearsed (``rehearsing``)."""

Rehearsed = dict[NewsKind, set[int]]
"""The contacts who would be told, by what they would be told."""

_HERE: tuple[str, ...] = ("coming", "waiting")


def interested(session: Session, event: Event) -> Any:
    """The contacts that have subscribed to something that the event belongs to.

    Of those who subscribed to its topic only whoever lives in the centre's region, or has not said where: nobody
    crosses the country for an evening.
    """
    center = session.get(CenterRow, event.center_id)
    named: list[tuple[str, str]] = [("event", str(event.id))]
    topic = (
        select(Subscription.contact_id)
        .join(Contact, Contact.id == Subscription.contact_id)
        .join(Resident, Resident.id == Contact.resident_id)
        .outerjoin(PlaceRow, PlaceRow.id == Resident.home_place_id)
        .where(_is("topic", event.topic))
    )
    if center is not None:
        named += [("center", center.slug), ("municipality", center.municipality_en)]
        topic = topic.where(or_(PlaceRow.id.is_(None), PlaceRow.region_en == center.region_en))
    return union(select(Subscription.contact_id).where(or_(*(_is(*one) for one in named))), topic)


def _is(kind: str, value: str) -> ColumnElement[bool]:
    return (Subscription.kind == kind) & (Subscription.value == value)


def affected(occurrence_ids: Collection[int]) -> Any:
    """The contacts that come to one of these occurrences, wait for a place, or were reminded of one."""
    return union(*_affected(occurrence_ids))


def _affected(occurrence_ids: Collection[int]) -> tuple[Select[Any], Select[Any]]:
    coming = select(Attendance.contact_id).where(
        Attendance.occurrence_id.in_(occurrence_ids), Attendance.state.in_(_HERE)
    )
    reminded = select(Reminder.contact_id).where(
        Reminder.occurrence_id.in_(occurrence_ids), Reminder.state == "sent"
    )
    return coming, reminded


def concerned(event: Event, occurrence_ids: Collection[int]) -> Any:
    """Those whom a change of these occurrences concerns: the affected, and who wants to hear of the event.

    Whoever was told of the event counts too, unless they come to another time of it that stays as it was.
    """
    elsewhere = exists().where(
        Attendance.contact_id == EventNews.contact_id,
        Attendance.state.in_(_HERE),
        Attendance.occurrence_id == Occurrence.id,
        Occurrence.event_id == event.id,
        Occurrence.state == "planned",
        Occurrence.starts_at > clock.now(),
        Occurrence.id.not_in(occurrence_ids),
    )
    told = select(EventNews.contact_id).where(
        EventNews.event_id == event.id, EventNews.state == "sent", ~elsewhere
    )
    wanting = select(Subscription.contact_id).where(_is("event", str(event.id)))
    return union(*_affected(occurrence_ids), told, wanting)


def queue(
    session: Session,
    event: Event,
    who: Any,
    kind: NewsKind,
    number: int,
    useful_until: datetime,
    *,
    occurrence_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    urgent: bool = False,
) -> int:
    """Writes down that those contacts must be told, each once; how many. ``urgent`` does not wait for the morning.

    ``number`` is that of the change's audit entry. Nothing is written where it would come too late.
    """
    now = clock.now()
    due = now if urgent else quiet.held_until(now)
    if due >= useful_until:
        log.warning("event_news_too_late", event_id=event.id, kind=kind)
        return 0
    people = who.subquery()
    columns: dict[str, Any] = {
        "contact_id": people.c.contact_id,
        "event_id": literal(event.id),
        "occurrence_id": literal(occurrence_id, EventNews.occurrence_id.type),
        "kind": literal(kind),
        "number": literal(number),
        "facts": literal(dict(facts or {}), Json),
        "due_at": literal(due, UtcDateTime()),
        "useful_until": literal(useful_until, UtcDateTime()),
        "state": literal("due"),
        "changed_at": literal(now, UtcDateTime()),
    }
    rows = select(*columns.values()).select_from(people).join(Contact, Contact.id == people.c.contact_id)
    rows = rows.where(Contact.opted_out_at.is_(None), Contact.suppressed_at.is_(None)).distinct()
    rehearsed: Rehearsed | None = session.info.get(REHEARSED)
    if rehearsed is not None:
        would = set(session.scalars(rows.with_only_columns(people.c.contact_id)))
        rehearsed[kind] |= would
        return len(would)
    made = insert_into(session, EventNews).from_select(list(columns), rows)
    return carry_out(session, made.on_conflict_do_nothing())


def withdraw(session: Session, event: Event, kinds: tuple[NewsKind, ...]) -> int:
    """Takes back what is yet to be told and is not true any more, such as that an event is announced."""
    rows = session.scalars(
        select(EventNews)
        .where(EventNews.event_id == event.id, EventNews.kind.in_(kinds), EventNews.state == "due")
        .with_for_update()
    ).all()
    for row in rows:
        row.state, row.changed_at = "cancelled", clock.now()
    session.flush()
    return len(rows)


def send_due(session: Session, tell: TellOfEvent, limit: int = SWEEP) -> int:
    """Tells those whom it is time to tell, and drops what is of no use any more; how many rows were settled.

    Several processes may do so at once: each takes rows that nobody else holds.
    """
    now = clock.now()
    due = (
        select(EventNews)
        .where(EventNews.state == "due", EventNews.due_at <= now)
        .order_by(EventNews.due_at, EventNews.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    told = dropped = 0
    for row in session.scalars(due.execution_options(populate_existing=True)).all():
        contact = session.get(Contact, row.contact_id, populate_existing=True)
        if contact is not None and not bookings.lock_contact(session, contact.id, wait=False):
            continue  # is just being answered: the next sweep tells them
        useful = row.useful_until > now and contact is not None and contact.forget_at is None
        sent = useful and contact is not None and tell(session, contact, row)
        row.state, row.changed_at = ("sent" if sent else "dropped"), now
        told, dropped = told + sent, dropped + (not sent)
    session.flush()
    if dropped:
        log.warning("event_news_dropped", dropped=dropped, told=told)
    return told + dropped
