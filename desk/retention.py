"""Texts are kept for a time and then erased; what can be counted (when, how, with what outcome) stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk.intake import InboundMessage
from desk.outbox import SWEEP, OutboxMessage
from store import clock

_ON_ITS_WAY = ("queued", "sending")


def erase_texts(session: Session, older_than: timedelta, limit: int = SWEEP) -> int:
    """Erases what residents wrote and what was written to them longer ago; how many messages, 0 when none is left.

    Up to ``limit`` of each direction at a time. What has not gone out yet is kept.
    """
    return _erase_inbound(session, older_than, limit) + _erase_outbox(session, older_than, limit)


def _erase_inbound(session: Session, older_than: timedelta, limit: int) -> int:
    moment = clock.now()
    old = (
        select(InboundMessage.id)
        .where(InboundMessage.erased_at.is_(None), InboundMessage.received_at < moment - older_than)
        .order_by(InboundMessage.received_at)
        .limit(limit)
    )
    found = session.scalars(old).all()
    session.execute(
        update(InboundMessage)
        .where(InboundMessage.id.in_(found))
        .values(text="", reply=[], erased_at=moment)
        .execution_options(synchronize_session=False)
    )
    return len(found)


def _erase_outbox(session: Session, older_than: timedelta, limit: int) -> int:
    moment = clock.now()
    old = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.erased_at.is_(None),
            OutboxMessage.changed_at < moment - older_than,
            OutboxMessage.state.not_in(_ON_ITS_WAY),
        )
        .order_by(OutboxMessage.changed_at)
        .limit(limit)
    )
    found = session.scalars(old).all()
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(found), OutboxMessage.state.not_in(_ON_ITS_WAY))
        .values(texts=[], payload={}, erased_at=moment)
        .execution_options(synchronize_session=False)
    )
    return len(found)
