"""The occurrences of an event as rows, made from its rule up to a horizon and kept in step with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from desk.events import series
from desk.events.models import OPEN, Event, Occurrence
from store import clock

HORIZON = timedelta(days=120)
"""So far ahead occurrences stand in rows; people plan no further."""

STEP = timedelta(days=7)
"""How much further the rows must reach before a series is looked at again."""

SWEEP = 100
"""How many series one transaction expands."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a change did to the occurrences that are still to come: new times, and what takes place no more."""

    moved: tuple[tuple[Occurrence, datetime], ...]  # with the time at which it was to begin
    gone: tuple[Occurrence, ...]


def locked(session: Session, event_id: int) -> Event | None:
    """The event as it stands now, nobody else being able to change it until the transaction ends."""
    query = select(Event).where(Event.id == event_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def lock_occurrences(session: Session, event: Event) -> list[Occurrence]:
    """The planned occurrences that have not begun, locked in the order of their ids, the soonest first."""
    query = (
        select(Occurrence)
        .where(
            Occurrence.event_id == event.id,
            Occurrence.state == "planned",
            Occurrence.starts_at > clock.now(),
        )
        .order_by(Occurrence.id)
        .with_for_update(key_share=True, of=Occurrence)
    )
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    return sorted(rows, key=lambda row: (row.starts_at, row.id))


def expand(session: Session, event: Event) -> int:
    """Adds the occurrences up to the horizon that are missing; how many. The event is locked.

    A past one is made too where the series began in the past, so that it counts; a cancelled one stays cancelled.
    """
    until = max(clock.now() + HORIZON, event.starts_at)
    known = set(session.scalars(select(Occurrence.starts_at).where(Occurrence.event_id == event.id)))
    after = event.expanded_until
    added = 0
    for one in series.times(event.starts_at, event.ends_at, event.rrule, until):
        if one.starts_at in known or (after is not None and one.starts_at <= after):
            continue
        session.add(_row(event, one))
        added += 1
    event.expanded_until = until
    session.flush()
    return added


def expand_due(session: Session, limit: int = SWEEP) -> int:
    """Lengthens the series whose rows do not reach the horizon any more; how many series."""
    due = (
        select(Event.id)
        .where(
            Event.state.in_(OPEN),
            or_(
                Event.expanded_until.is_(None),
                and_(Event.rrule.is_not(None), Event.expanded_until < clock.now() + HORIZON - STEP),
            ),
        )
        .order_by(Event.id)
        .limit(limit)
    )
    done = 0
    for event_id in session.scalars(due).all():
        event = locked(session, event_id)
        if event is not None and event.state in OPEN:
            expand(session, event)
            done += 1
    return done


def follow(session: Session, event: Event, planned: Sequence[Occurrence]) -> Moved:
    """Brings the occurrences to come in step with the event's new times. The event and they are locked."""
    now = clock.now()
    until = max(now + HORIZON, event.starts_at)
    wanted = [
        one for one in series.times(event.starts_at, event.ends_at, event.rrule, until) if one.starts_at > now
    ]
    plan = series.compare([row.starts_at for row in planned], wanted)
    moved: list[tuple[Occurrence, datetime]] = []
    for old, new in plan.moved:
        row, at = planned[old], wanted[new]
        if (row.starts_at, row.ends_at) != (at.starts_at, at.ends_at):
            moved.append((row, row.starts_at))
            row.starts_at, row.ends_at, row.changed_at = at.starts_at, at.ends_at, now
    gone = tuple(planned[index] for index in plan.gone)
    for row in gone:
        row.state, row.changed_at = "cancelled", now
    session.add_all([_row(event, wanted[index]) for index in plan.added])
    event.expanded_until = until
    session.flush()
    return Moved(tuple(moved), gone)


def _row(event: Event, one: series.Times) -> Occurrence:
    # The event is named by its id: through the relationship SQLAlchemy would load all that it has.
    return Occurrence(
        event_id=event.id, starts_at=one.starts_at, ends_at=one.ends_at, state="planned", changed_at=clock.now()
    )
