"""Finding what is on: at some centres, in some days, about a topic."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from desk.events.models import OPEN, Event, Occurrence, State
from desk.halls import days
from store import clock


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are looked for; what is None or empty does not narrow. Days are in Tbilisi, both included."""

    centers: Collection[int] = ()
    topics: Collection[str] = ()
    first: date | None = None
    last: date | None = None


def upcoming(session: Session, wanted: Wanted, limit: int = 100) -> Sequence[Occurrence]:
    """What is announced and not over, the soonest first; of a series each time that it takes place."""
    query = _narrowed(_upcoming(select(Occurrence)), wanted)
    return session.scalars(query.limit(limit)).unique().all()


def between(session: Session, wanted: Wanted, limit: int = 100) -> Sequence[Occurrence]:
    """What takes place, or took place, in those days, the soonest first: for a calendar."""
    query = (
        select(Occurrence)
        .join(Event, Event.id == Occurrence.event_id)
        .where(Event.state.in_((*OPEN, "over")), Occurrence.state.in_(("planned", "over")))
    )
    return session.scalars(_narrowed(query, wanted).limit(limit)).unique().all()


def _upcoming(query: Select[Any]) -> Select[Any]:
    return query.join(Event, Event.id == Occurrence.event_id).where(
        Event.state.in_(OPEN), Occurrence.state == "planned", Occurrence.ends_at > clock.now()
    )


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.centers:
        query = query.where(Event.center_id.in_(wanted.centers))
    if wanted.topics:
        query = query.where(Event.topic.in_(wanted.topics))
    if wanted.first is not None:
        query = query.where(Occurrence.ends_at > days.at(wanted.first, time(0)))
    if wanted.last is not None:
        query = query.where(Occurrence.starts_at < days.at(wanted.last + timedelta(days=1), time(0)))
    return query.order_by(Occurrence.starts_at, Occurrence.id)


def next_of_each(session: Session, wanted: Wanted, limit: int = 100, offset: int = 0) -> Sequence[Occurrence]:
    """The next time of each event that is announced, the soonest first: a weekly course stands in a list once."""
    place = func.row_number().over(
        partition_by=Occurrence.event_id, order_by=(Occurrence.starts_at, Occurrence.id)
    )
    ranked = _narrowed(_upcoming(select(Occurrence.id, place.label("place"))), wanted).order_by(None).subquery()
    query = select(Occurrence).join(ranked, ranked.c.id == Occurrence.id).where(ranked.c.place == 1)
    query = query.order_by(Occurrence.starts_at, Occurrence.id).limit(limit).offset(offset)
    return session.scalars(query).unique().all()


def next_of(session: Session, event_id: int) -> Occurrence | None:
    """The next time at which the event takes place, or is taking place now."""
    query = (
        select(Occurrence)
        .where(Occurrence.event_id == event_id, Occurrence.state == "planned", Occurrence.ends_at > clock.now())
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(1)
    )
    return session.scalars(query).first()


def last_of(session: Session, event_id: int) -> Occurrence | None:
    """The last time that the event has, whatever became of it."""
    query = select(Occurrence).where(Occurrence.event_id == event_id)
    return session.scalars(query.order_by(Occurrence.starts_at.desc(), Occurrence.id).limit(1)).first()


def times_of(session: Session, event_id: int, limit: int = 10) -> Sequence[Occurrence]:
    """The next times at which the event takes place, the soonest first."""
    query = (
        select(Occurrence)
        .where(Occurrence.event_id == event_id, Occurrence.state == "planned", Occurrence.ends_at > clock.now())
        .order_by(Occurrence.starts_at, Occurrence.id)
        .limit(limit)
    )
    return session.scalars(query).unique().all()


def listing(
    session: Session,
    *,
    centers: Collection[int] = (),
    states: Collection[State] = (),
    limit: int = 200,
    offset: int = 0,
) -> Sequence[Event]:
    """The events for staff, drafts and past ones too, the latest first."""
    query = select(Event).order_by(Event.starts_at.desc(), Event.id.desc())
    if centers:
        query = query.where(Event.center_id.in_(centers))
    if states:
        query = query.where(Event.state.in_(states))
    return session.scalars(query.limit(limit).offset(offset)).all()
