"""Announcements that stand still: their queued rows are not sent until somebody resumes them.

Nothing is moved when an announcement is paused, however many rows it has: the delivery loop puts off what it
meets.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.outbox import SWEEP, OutboxMessage
from store import clock
from store.base import Base, BigId
from store.statements import carry_out, insert_into

PUT_OFF = timedelta(hours=1)
"""For how long rows of a paused announcement are out of the delivery loop's way; resuming takes them back."""


class Pause(Base):
    """An announcement that was paused, by staff or because a carrier filters it; the words are for staff."""

    __tablename__ = "announcement_pauses"

    announcement_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(300))


def pause(session: Session, announcement_id: int, code: str, words: str) -> bool:
    """Stops an announcement; False where it stands still already."""
    row = {"announcement_id": announcement_id, "at": clock.now(), "code": code[:40], "words": words[:300]}
    return carry_out(session, insert_into(session, Pause).values(row).on_conflict_do_nothing()) > 0


def is_paused(session: Session, announcement_id: int) -> bool:
    """Whether the announcement stands still."""
    return session.get(Pause, announcement_id) is not None


def stands_still(session: Session, announcement_id: int) -> bool:
    """The same for the delivery loop, which puts off what it meets: until it has, nobody can resume it.

    Otherwise rows could be put off when those of the announcement had just been taken back.
    """
    query = select(Pause.announcement_id).where(Pause.announcement_id == announcement_id)
    return session.scalar(query.with_for_update(read=True)) is not None


def put_off(session: Session, announcement_id: int, until: datetime | None = None, limit: int = SWEEP) -> int:
    """Takes due rows of an announcement that has to wait out of the delivery loop's way; how many.

    ``until`` is when they are due again; None where nobody knows, as with a pause.
    """
    moment = clock.now()
    due = until or moment + PUT_OFF
    return _replan(session, announcement_id, OutboxMessage.not_before <= moment, due, limit)


def resume(session: Session, announcement_id: int, not_before: datetime | None = None) -> None:
    """Lets an announcement go on, from ``not_before`` on (None: now); ``take_back`` then wakes its other rows."""
    session.execute(delete(Pause).where(Pause.announcement_id == announcement_id))
    take_back(session, announcement_id, not_before)


def take_back(
    session: Session, announcement_id: int, not_before: datetime | None = None, limit: int = SWEEP
) -> int:
    """Makes rows due that were put off; how many: 0 when all are. To be repeated, a transaction each time."""
    due = not_before or clock.now()
    return _replan(session, announcement_id, OutboxMessage.not_before > due, due, limit)


def _replan(session: Session, announcement_id: int, which: ColumnElement[bool], due: datetime, limit: int) -> int:
    ids = (
        select(OutboxMessage.id)
        .where(OutboxMessage.announcement_id == announcement_id, OutboxMessage.state == "queued", which)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(ids).all()
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(found), OutboxMessage.state == "queued")
        .values(not_before=due)
        .execution_options(synchronize_session=False)
    )
    return len(found)
