"""The life of an announcement. One function moves it; what is not in the table of moves raises.

    draft -> scheduled -> running <-> paused
    draft -> approving -> scheduled, where it goes to many people: a second person looks at it
    running -> done
    any but the last ones -> cancelled | expired

Each move locks the announcement, looks again, and writes the audit trail. The rows of the outbox follow: nothing
is sent that a pause stands before, and sweeps (``desk.announcements.sending``) settle the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit, pauses, quiet
from desk.announcements.models import Announcement, Refused, State, state_of
from desk.audit import ActorKind
from store import clock
from store.clock import TBILISI

_STAFF: frozenset[ActorKind] = frozenset({"staff"})
_SYSTEM: frozenset[ActorKind] = frozenset({"system"})
_BOTH: frozenset[ActorKind] = _STAFF | _SYSTEM

MOVES: Mapping[State, Mapping[State, frozenset[ActorKind]]] = {
    "draft": {"approving": _STAFF, "scheduled": _STAFF, "cancelled": _STAFF},
    "approving": {"scheduled": _STAFF, "draft": _STAFF, "cancelled": _STAFF, "expired": _SYSTEM},
    # Back by itself where its audience has outgrown what one person may decide, or where it cannot be rendered.
    "scheduled": {
        "running": _SYSTEM,
        "approving": _SYSTEM,
        "draft": _BOTH,
        "cancelled": _STAFF,
        "expired": _SYSTEM,
    },
    "running": {"paused": _BOTH, "done": _SYSTEM, "cancelled": _STAFF, "expired": _SYSTEM},
    "paused": {"running": _STAFF, "cancelled": _STAFF, "expired": _SYSTEM},
    "done": {},
    "cancelled": {},
    "expired": {},
}
"""From a state to another, and who may do it."""

ENDED: frozenset[State] = frozenset({"done", "cancelled", "expired"})

_ACTIONS: Mapping[tuple[State, State], str] = {
    ("draft", "approving"): "ask_approval",
    ("draft", "scheduled"): "schedule",
    ("approving", "scheduled"): "approve",
    ("approving", "draft"): "recall",
    ("scheduled", "draft"): "recall",
    ("scheduled", "approving"): "ask_approval",
    ("scheduled", "running"): "start",
    ("running", "paused"): "pause",
    ("paused", "running"): "resume",
    ("running", "done"): "finish",
}


class IllegalMove(Refused):
    """The life of an announcement does not allow this; the sentence says why and what to do."""


class AlreadyMoved(IllegalMove):
    """Somebody was quicker; the sentence says who, and what they did."""


def locked(session: Session, announcement_id: int) -> Announcement:
    """The announcement as it stands now, locked until the transaction ends. Raises IllegalMove for none."""
    query = select(Announcement).where(Announcement.id == announcement_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        problem = f"there is no announcement {announcement_id}; see: mezobeli announce list"
        raise IllegalMove(problem, "missing")
    return found


def move(
    session: Session,
    announcement: Announcement,
    to: State,
    actor: str,
    details: Mapping[str, object] | None = None,
) -> Announcement:
    """Moves an announcement to another state, and writes it down; the announcement as it stands then.

    Raises AlreadyMoved where somebody was quicker, and IllegalMove for anything else that may not be.
    """
    found = locked(session, announcement.id)
    before = state_of(found)
    legal = MOVES[before]
    if to not in legal:
        raise _refusal(session, found, to)
    if audit.kind_of(actor) not in legal[to]:
        problem = f"announcement {found.id}: {audit.kind_of(actor)} may not make it {to}"
        raise IllegalMove(problem, "not_now", state=before)
    found.state, found.changed_at = to, clock.now()
    session.flush()
    written = {"from": before, **(details or {})}
    audit.record(session, actor, _ACTIONS.get((before, to), to), "announcement", found.id, written)
    return found


def send(
    session: Session,
    announcement: Announcement,
    actor: str,
    *,
    people: int,
    approval_from: int,
    send_at: datetime | None = None,
) -> Announcement:
    """Lets a draft go out, now or at ``send_at``; from ``approval_from`` people on a second person must approve.

    Raises IllegalMove where it could never be sent.
    """
    found = _in_state(session, announcement, "draft", "scheduled")
    if not people:
        raise IllegalMove(f"announcement {found.id} would reach nobody: widen its audience", "nobody")
    at = max(send_at or clock.now(), clock.now())
    if found.expires_at is not None and found.expires_at <= begins(found, at):
        problem = f"announcement {found.id} would expire before it could be sent: let it expire later"
        raise IllegalMove(problem, "expires_early")
    moved = move(
        session, found, "approving" if people >= approval_from else "scheduled", actor, {"people": people}
    )
    moved.send_at, moved.sent_by, moved.approved_by = at, actor, None
    session.flush()
    return moved


def approve(session: Session, announcement: Announcement, actor: str) -> Announcement:
    """A second person agrees: neither who wrote it nor who sent it. Raises IllegalMove for one of those."""
    found = _in_state(session, announcement, "approving", "scheduled")
    if _same(actor, found.created_by, found.sent_by):
        problem = f"announcement {found.id} needs somebody else: who wrote or sent it cannot approve it"
        raise IllegalMove(problem, "somebody_else")
    moved = move(session, found, "scheduled", actor)
    moved.approved_by = actor
    session.flush()
    return moved


def recall(session: Session, announcement: Announcement, actor: str, reason: str | None = None) -> Announcement:
    """Takes an announcement that has not begun back to a draft; ``reason`` is a code."""
    moved = move(session, announcement, "draft", actor, {"reason": reason} if reason else None)
    moved.send_at = moved.sent_by = moved.approved_by = None
    session.flush()
    return moved


def pause(session: Session, announcement: Announcement, actor: str) -> Announcement:
    """Lets a running announcement stand still; messages that are just being sent still go out."""
    moved = move(session, announcement, "paused", actor)
    pauses.pause(session, moved.id, "paused", f"paused by {audit.shown(actor)}")
    return moved


def resume(session: Session, announcement: Announcement, actor: str) -> Announcement:
    """Lets it go on, in the morning where it is night; ``pauses.take_back`` then wakes the rows still put off."""
    moved = move(session, announcement, "running", actor)
    pauses.resume(session, moved.id, begins(moved, clock.now()))
    return moved


def cancel(session: Session, announcement: Announcement, actor: str) -> Announcement:
    """Nothing more of it is sent; what was sent is not undone."""
    moved = move(session, announcement, "cancelled", actor)
    pauses.pause(session, moved.id, "cancelled", f"cancelled by {audit.shown(actor)}")
    return moved


def begins(announcement: Announcement, moment: datetime) -> datetime:
    """When it may be sent that is due at that moment: after the quiet hours, unless it is urgent."""
    return moment if announcement.urgent else quiet.held_until(moment)


def _in_state(session: Session, announcement: Announcement, state: State, to: State) -> Announcement:
    """The announcement, locked, where it is in the one state from which this may be done."""
    found = locked(session, announcement.id)
    if found.state != state:
        raise _refusal(session, found, to)
    return found


def _same(actor: str, *others: str | None) -> bool:
    return actor.casefold() in {other.casefold() for other in others if other}


def _refusal(session: Session, announcement: Announcement, to: State) -> IllegalMove:
    entry = audit.last(session, "announcement", announcement.id)
    who = f"announcement {announcement.id}"
    if entry is None or announcement.state == "draft":
        return IllegalMove(f"{who} is {announcement.state}: {_only(to)}", "not_now", state=announcement.state)
    when = entry.at.astimezone(TBILISI)
    done = f"is {announcement.state} since {when:%H:%M on %d.%m.%Y} by {audit.shown(entry.actor)}"
    if announcement.state == to or announcement.state in ENDED:
        by = audit.shown(entry.actor)
        return AlreadyMoved(f"{who} {done}", "already", state=announcement.state, who=by, at=entry.at)
    return IllegalMove(f"{who} {done}: {_only(to)}", "not_now", state=announcement.state)


def _only(to: State) -> str:
    """From which states one can come to this one."""
    before = sorted(source for source, legal in MOVES.items() if to in legal)
    return f"to become {to} it has to be {' or '.join(before)}" if before else f"it cannot become {to}"
