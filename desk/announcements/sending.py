"""Carrying announcements out, by sweeps of the tick: each does one small step in one transaction.

Whoever dies leaves nothing behind but rows: how far an announcement has got is written in the transaction that
got it there, and the next sweep, in whatever process, goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from desk import audit, fan_out, outbox, quiet
from desk.announcements import audience as audiences
from desk.announcements import life, resolving
from desk.announcements.models import Announcement, BadAnnouncement, State
from desk.announcements.resolving import Reach
from desk.contacts import Resident
from desk.fan_out import Recipient, Wording
from desk.outbox import SWEEP, OutboxMessage
from desk.pauses import Pause
from store import clock

log = structlog.get_logger()

BATCH = 5_000
"""Residents who are looked at in one transaction that freezes recipients."""

Prepare = Callable[[Announcement], tuple[Mapping[str, Wording], Reach]]
"""Renders the texts for every channel and language, and says which settlements the audience stands for."""


def start_due(session: Session, prepare: Prepare, approval_from: int) -> int:
    """Starts one announcement whose time has come, and fixes what is sent and whom it is for; 1, or 0 for none.

    One that has come to reach so many people that a second person must look at it is not started. Where it cannot
    be rendered any more (its centre was removed) it becomes a draft again, and staff see so.
    """
    moment = clock.now()
    due = Announcement.send_at <= moment
    if quiet.is_quiet(moment):
        due &= Announcement.urgent.is_(True)
    found = _next(session, Announcement.state == "scheduled", _in_time(), due)
    if found is None:
        return 0
    try:
        wordings, reach = prepare(found)
    except BadAnnouncement as error:
        life.recall(session, found, audit.SYSTEM, "cannot_be_rendered")
        log.error("announcement_not_started", announcement=found.id, why=str(error))
        return 1
    if found.approved_by is None and not _may_start_unseen(session, found, reach, approval_from):
        return 1
    life.move(session, found, "running", audit.SYSTEM)
    found.wordings = {
        name: {"texts": list(one.texts), "payload": dict(one.payload)} for name, one in wordings.items()
    }
    found.reach, found.started_at = reach.as_json(), moment
    session.flush()
    return 1


def _may_start_unseen(session: Session, found: Announcement, reach: Reach, approval_from: int) -> bool:
    people = resolving.total(resolving.count(session, audiences.from_json(found.audience), reach))
    if people < approval_from:
        return True
    life.move(session, found, "approving", audit.SYSTEM, {"people": people})
    log.warning("announcement_needs_approval", announcement=found.id, people=people)
    return False


def advance(session: Session, residents: int = BATCH, rows: int = fan_out.BATCH) -> int:
    """One step of one running announcement: freezes recipients, or queues rows; 0 where nothing is to be done.

    First all recipients are frozen, ``residents`` looked at in a step; then ``rows`` of them are queued in one.
    """
    found = _next(
        session, Announcement.state == "running", _in_time(), Announcement.queued_at.is_(None), _is_free()
    )
    if found is None:
        return 0
    if found.frozen_at is None:
        _freeze(session, found, residents)
    else:
        _queue(session, found, rows)
    session.flush()
    return 1


def _freeze(session: Session, found: Announcement, residents: int) -> None:
    chunk = select(Resident.id).where(Resident.id > found.frozen_to).order_by(Resident.id).limit(residents)
    upto = session.scalar(select(func.max(chunk.subquery().c.id)))
    if upto is None:
        found.frozen_at = clock.now()
        return
    chosen = resolving.recipients(
        audiences.from_json(found.audience),
        resolving.reach_from_json(found.reach),
        list(found.texts),
        after=found.frozen_to,
        upto=upto,
    )
    found.recipients += fan_out.freeze(session, found.id, chosen)
    found.frozen_to = upto


def _queue(session: Session, found: Announcement, rows: int) -> None:
    batch = fan_out.step(
        session,
        found.id,
        wordings_of(found),
        after=found.queued_to,
        not_before=life.begins(found, clock.now()),
        expires_at=found.expires_at,
        limit=rows,
    )
    found.queued_to = batch.last
    if batch.done:
        found.queued_at = clock.now()


def wordings_of(announcement: Announcement) -> dict[str, Wording]:
    """What was fixed at the start, by the name of the wording."""
    kept: Mapping[str, Any] = announcement.wordings
    return {name: Wording(one["texts"], one["payload"]) for name, one in kept.items()}


def finish(session: Session) -> int:
    """Ends one running announcement of which everything was sent or given up; 1, or 0 where there is none.

    One whose rows do not add up to its recipients is gone through once more; no row is made twice.
    """
    found = _next(
        session,
        Announcement.state == "running",
        Announcement.queued_at.is_not(None),
        _is_free(),
        ~_has_rows("queued"),
        ~_has_rows("sending"),
    )
    if found is None:
        return 0
    missing = _missing(session, found)
    if missing and not _went_on(session, found):
        found.queued_to, found.queued_at = 0, None
        audit.record(session, audit.SYSTEM, "go_on", "announcement", found.id, {"missing": missing})
        log.warning("announcement_stopped_half_way", announcement=found.id, missing=missing)
        return 1
    if missing:
        log.error("announcement_does_not_add_up", announcement=found.id, missing=missing)
    life.move(session, found, "done", audit.SYSTEM, {"recipients": found.recipients, "missing": missing})
    return 1


def _missing(session: Session, found: Announcement) -> int:
    """How many recipients have no row. They are gone through only where the two numbers differ."""
    made = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.announcement_id == found.id)
    if session.scalar(made) == found.recipients:
        return 0
    mine = select(func.count()).select_from(Recipient).where(Recipient.announcement_id == found.id)
    own = (OutboxMessage.announcement_id == found.id, OutboxMessage.contact_id == Recipient.contact_id)
    return int(session.scalar(mine.where(~exists().where(*own))) or 0)


def _went_on(session: Session, found: Announcement) -> bool:
    entry = audit.last(session, "announcement", found.id)
    return entry is not None and entry.action == "go_on"


def expire_due(session: Session) -> int:
    """Ends one announcement whose time is over; 1, or 0 for none. Its queued rows expire by themselves."""
    alive: tuple[State, ...] = ("approving", "scheduled", "running", "paused")
    found = _next(session, Announcement.state.in_(alive), ~_in_time())
    if found is None:
        return 0
    life.move(session, found, "expired", audit.SYSTEM)
    log.info("announcement_expired", announcement=found.id, recipients=found.recipients)
    return 1


def note_pause(session: Session) -> int:
    """Moves one running announcement to paused that the delivery loop had to stop; 1, or 0 for none."""
    found = _next(session, Announcement.state == "running", ~_is_free())
    if found is None:
        return 0
    stopped = session.get_one(Pause, found.id)
    life.move(session, found, "paused", audit.SYSTEM, {"code": stopped.code})
    log.error("announcement_paused", announcement=found.id, code=stopped.code, words=stopped.words)
    return 1


def settle_cancelled(session: Session, limit: int = SWEEP) -> int:
    """Cancels queued rows of a cancelled announcement; how many."""
    found = session.scalar(
        select(Announcement.id).where(Announcement.state == "cancelled", _has_rows("queued")).limit(1)
    )
    if found is None:
        return 0
    return outbox.move_many(session, OutboxMessage.announcement_id == found, "queued", "cancelled", limit)


def _next(session: Session, *which: ColumnElement[bool]) -> Announcement | None:
    """The oldest announcement of these, locked; one that another process holds is passed over."""
    query = select(Announcement).where(*which).order_by(Announcement.send_at, Announcement.id).limit(1)
    query = query.with_for_update(skip_locked=True)
    return session.scalar(query.execution_options(populate_existing=True))


def _in_time() -> ColumnElement[bool]:
    return Announcement.expires_at.is_(None) | (Announcement.expires_at > clock.now())


def _is_free() -> ColumnElement[bool]:
    return ~exists().where(Pause.announcement_id == Announcement.id)


def _has_rows(state: outbox.State) -> ColumnElement[bool]:
    return exists().where(OutboxMessage.announcement_id == Announcement.id, OutboxMessage.state == state)
