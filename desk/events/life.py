"""The life of an event. One function moves it; what is not in the table of moves raises.

    draft -> announced -> changed (again and again) -> over
    any of them but over -> cancelled

Each move locks the event and its coming occurrences, writes the audit trail, and writes down who must be told.
Reminders follow by themselves: a sweep plans them anew for what takes place now (``desk.events.planning``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from desk import audit
from desk.audit import ActorKind
from desk.events import attending, expanding, telling
from desk.events.editing import Wording, applied, differences
from desk.events.models import OPEN, Event, Occurrence, State, state_of
from store import clock

_STAFF: frozenset[ActorKind] = frozenset({"staff"})
_SYSTEM: frozenset[ActorKind] = frozenset({"system"})

MOVES: Mapping[State, Mapping[State, frozenset[ActorKind]]] = {
    "draft": {"announced": _STAFF, "cancelled": _STAFF},
    "announced": {"changed": _STAFF, "cancelled": _STAFF, "over": _SYSTEM},
    "changed": {"changed": _STAFF, "cancelled": _STAFF, "over": _SYSTEM},
    "cancelled": {},
    "over": {},
}
"""From a state to another, and who may do it."""

_ACTIONS: Mapping[State, str] = {
    "announced": "announce",
    "changed": "change",
    "cancelled": "cancel",
    "over": "mark_over",
}

SWEEP = 200
"""How many events one transaction closes."""


class IllegalMove(ValueError):
    """The life of an event does not allow this; the sentence says why."""


def create(session: Session, wording: Wording, actor: str) -> Event:
    """A new event, as a draft that nobody sees. Raises ``editing.BadEvent`` for what cannot be kept."""
    now = clock.now()
    event = Event(state="draft", version=0, created_at=now, changed_at=now, **applied(session, wording))
    session.add(event)
    session.flush()
    audit.record(session, actor, "create", "event", event.id, {"center": event.center_id, "topic": event.topic})
    return event


def announce(session: Session, event: Event, actor: str, *, urgent: bool = False) -> int:
    """Shows the event and tells those who subscribed to its centre, municipality or topic; how many."""
    found = _open_for(session, event, "announced", actor)
    if found.ends_at <= clock.now() and found.rrule is None:
        raise IllegalMove(f"event {found.id} is over already")
    expanding.expand(session, found)
    planned = expanding.lock_occurrences(session, found)
    if not planned:
        raise IllegalMove(f"event {found.id} has no time to come")
    number = _moved(session, found, "announced", actor)
    who = telling.interested(session, found)
    return telling.queue(session, found, who, "announced", number, planned[0].starts_at, urgent=urgent)


def change(session: Session, event: Event, wording: Wording, actor: str, *, urgent: bool = False) -> int:
    """Changes what staff wrote; where a time or the place changed, all whom it concerns are told; how many.

    A draft is changed without a move. Another text or a bigger hall is told to nobody.
    """
    locked = expanding.locked(session, event.id)
    if locked is None:
        raise IllegalMove(f"there is no event {event.id} any more")
    if locked.state == "draft":
        _write(session, locked, wording)
        audit.record(session, actor, "edit", "event", locked.id)
        return 0
    found = _open_for(session, locked, "changed", actor)
    planned = expanding.lock_occurrences(session, found)
    changed = differences(found, applied(session, wording))
    if not changed:
        return 0
    _write(session, found, wording)
    told = 0
    if changed & {"starts_at", "ends_at", "rrule", "center_id"}:
        told = _replan(session, found, planned, actor, "center_id" in changed, urgent)
    else:
        found.state, found.changed_at = "changed", clock.now()
        audit.record(session, actor, "edit", "event", found.id, {"changed": sorted(changed)})
    attending.fill_event(session, found)
    return told


def _write(session: Session, event: Event, wording: Wording) -> None:
    for name, value in applied(session, wording).items():
        setattr(event, name, value)
    event.changed_at = clock.now()
    session.flush()


def _replan(
    session: Session, event: Event, planned: Sequence[Occurrence], actor: str, elsewhere: bool, urgent: bool
) -> int:
    """Moves the occurrences, and tells of the new time or place."""
    before = {row.id: row.starts_at for row in planned}
    done = expanding.follow(session, event, planned)
    if not expanding.lock_occurrences(session, event):
        raise IllegalMove(f"event {event.id} would have no time to come: cancel it instead")
    number = _moved(session, event, "changed", actor)
    telling.withdraw(session, event, ("time_changed",))
    told = sum(_drop(session, event, row, actor, urgent=urgent) for row in done.gone)
    moved = [row for row, _ in done.moved]
    if elsewhere:
        moved = [row for row in planned if row.state == "planned"]
    if not moved:
        return told
    only = moved[0].id if event.rrule is None else None
    ends = max(max(row.starts_at, before[row.id]) for row in moved)
    who = telling.concerned(event, [row.id for row in moved])
    return told + telling.queue(
        session, event, who, "time_changed", number, ends, occurrence_id=only, urgent=urgent
    )


def cancel(session: Session, event: Event, actor: str, *, urgent: bool = False) -> int:
    """The event does not take place: all who come, or who were told of it, are told; how many."""
    found = _open_for(session, event, "cancelled", actor)
    planned = expanding.lock_occurrences(session, found)
    was_draft = found.state == "draft"
    number = _moved(session, found, "cancelled", actor)
    for row in planned:
        row.state, row.changed_at = "cancelled", clock.now()
    session.flush()
    telling.withdraw(session, found, ("announced", "time_changed", "place_freed"))
    if was_draft or not planned:
        return 0
    who = telling.concerned(found, [row.id for row in planned])
    ends = planned[0].starts_at if found.rrule is None else planned[-1].starts_at
    only = planned[0].id if len(planned) == 1 else None
    return telling.queue(session, found, who, "cancelled", number, ends, occurrence_id=only, urgent=urgent)


def cancel_one(session: Session, event: Event, occurrence_id: int, actor: str, *, urgent: bool = False) -> int:
    """One time of a series does not take place: who comes to it, or was told of the event, is told; how many."""
    found = _open_for(session, event, "changed", actor)
    row = next((row for row in expanding.lock_occurrences(session, found) if row.id == occurrence_id), None)
    if row is None:
        raise IllegalMove(f"event {found.id} has no such time to come")
    row.state, row.changed_at = "cancelled", clock.now()
    session.flush()
    return _drop(session, found, row, actor, urgent=urgent, all_told=True)


def _drop(
    session: Session, event: Event, row: Occurrence, actor: str, *, urgent: bool, all_told: bool = False
) -> int:
    details = {"event": event.id, "starts_at": row.starts_at}
    number = audit.record(session, actor, "cancel", "occurrence", row.id, details).id
    who = telling.concerned(event, [row.id]) if all_told else telling.affected([row.id])
    return telling.queue(
        session, event, who, "cancelled", number, row.starts_at, occurrence_id=row.id, urgent=urgent
    )


def close_past(session: Session, limit: int = SWEEP) -> int:
    """Marks what is over: occurrences whose end has passed, and events of which none is to come; how many."""
    now = clock.now()
    ended = (
        select(Occurrence.id)
        .where(Occurrence.state == "planned", Occurrence.ends_at <= now)
        .order_by(Occurrence.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=Occurrence)
    )
    past = session.scalars(ended).all()
    session.execute(update(Occurrence).where(Occurrence.id.in_(past)).values(state="over", changed_at=now))
    to_come = exists().where(Occurrence.event_id == Event.id, Occurrence.state == "planned")
    over = (
        select(Event)
        .where(Event.state.in_(OPEN), Event.ends_at <= now, ~to_come, _reached(now))
        .order_by(Event.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    closed = 0
    for event in session.scalars(over).all():
        _moved(session, event, "over", audit.SYSTEM)
        closed += 1
    return len(past) + closed


def _reached(now: datetime) -> ColumnElement[bool]:
    """That the rows reach beyond now: a series that nobody has expanded yet may have more to come."""
    return Event.rrule.is_(None) | (Event.expanded_until > now + timedelta(days=1))


def _open_for(session: Session, event: Event, to: State, actor: str) -> Event:
    """The event, locked, where the actor may move it to that state. Raises IllegalMove where they may not."""
    found = expanding.locked(session, event.id)
    if found is None:
        raise IllegalMove(f"there is no event {event.id} any more")
    legal = MOVES[state_of(found)]
    if to not in legal:
        raise IllegalMove(f"event {found.id} is {found.state} and cannot become {to}")
    if audit.kind_of(actor) not in legal[to]:
        raise IllegalMove(f"event {found.id}: {audit.kind_of(actor)} may not move an event to {to}")
    return found


def _moved(session: Session, event: Event, to: State, actor: str) -> int:
    """Moves the event, and writes it down; the number of the audit entry."""
    before, event.state = event.state, to
    event.changed_at, event.version = clock.now(), event.version + 1
    session.flush()
    return audit.record(session, actor, _ACTIONS[to], "event", event.id, {"from": before}).id
