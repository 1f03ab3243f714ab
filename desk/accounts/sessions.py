"""Sessions as rows: ended when idle, when old, and at once when rights, password or employment change."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from desk.accounts import tokens
from desk.accounts.models import StaffSession
from store import clock
from store.statements import carry_out

IDLE = timedelta(hours=4)
"""A session ends when nothing was asked for so long: a lunch break and a talk, not a night."""

LASTS = timedelta(hours=12)
"""A session ends after a working day in any case."""

HALF_LASTS = timedelta(minutes=15)
"""How long there is for the second factor after the password."""

NOTED_EVERY = timedelta(minutes=1)
"""How exactly it is written down when something was asked last: not every page is worth a write."""


def begin(session: Session, staff_id: int, *, whole: bool) -> str:
    """Begins a session; the token, for the browser only. Without ``whole`` the second factor is still to come."""
    token, digest = tokens.make()
    moment = clock.now()
    lasts = LASTS if whole else HALF_LASTS
    row = StaffSession(
        digest=digest,
        staff_id=staff_id,
        is_whole=whole,
        created_at=moment,
        seen_at=moment,
        ends_at=moment + lasts,
    )
    session.add(row)
    session.flush()
    return token


def find(session: Session, token: str) -> StaffSession | None:
    """The session of that token, unless it is over."""
    row = session.get(StaffSession, tokens.digest(token))
    return row if row is not None and is_open(row) else None


def is_open(row: StaffSession) -> bool:
    """Whether the session is neither too old nor was idle too long."""
    moment = clock.now()
    return row.ends_at > moment and row.seen_at + IDLE > moment


def is_stale(row: StaffSession) -> bool:
    """Whether it is time to note that something was asked."""
    return row.seen_at + NOTED_EVERY <= clock.now()


def note(session: Session, token: str) -> None:
    """Notes that something was asked just now."""
    row = find(session, token)
    if row is not None:
        row.seen_at = clock.now()


def end(session: Session, token: str) -> None:
    """Ends one session; does nothing where it is over."""
    session.execute(delete(StaffSession).where(StaffSession.digest == tokens.digest(token)))


def end_all(session: Session, staff_id: int) -> None:
    """Ends every session of a member, on all their browsers."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def sweep(session: Session, before: datetime | None = None) -> int:
    """Deletes the sessions that are over; how many."""
    moment = before or clock.now()
    over = or_(StaffSession.ends_at <= moment, StaffSession.seen_at <= moment - IDLE)
    return carry_out(session, delete(StaffSession).where(over))
