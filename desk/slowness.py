"""A carrier that takes messages and does not deliver them gives way too, where another one can stand in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from desk import carriers
from desk.carriers import Carrier
from desk.outbox import OutboxMessage
from store import clock

log = structlog.get_logger()

IN_TIME = timedelta(minutes=10)
"""How long a delivery may take; most take seconds."""

LOOK_BACK = timedelta(minutes=30)
ENOUGH = 20
"""Fewer messages say nothing about the carrier: some telephones are off."""

LATE_SHARE = 0.5
RECEIPTS_WITHIN = timedelta(days=1)
"""Who has not reported a single delivery for so long sends no receipts, and cannot be called slow."""


def look(session: Session, watched: Iterable[Carrier]) -> int:
    """Lets those carriers give way of whose recent messages more than half are not delivered in time; how many."""
    slow = 0
    for carrier in watched:
        if carrier.gives_way is not None and _is_slow(session, carrier.name):
            state = carriers.locked(session, carrier.name, carrier.limit.burst)
            state.failed_over_at = clock.now()
            log.warning("carrier_gives_way", carrier=carrier.name, slow=True)
            slow += 1
    return slow


def _is_slow(session: Session, name: str) -> bool:
    moment = clock.now()
    begin, end = moment - LOOK_BACK, moment - IN_TIME
    sent = OutboxMessage.sent_at.between(begin, end)
    late = _count(session, name, begin, sent, OutboxMessage.state == "sent")
    there = _count(session, name, begin, sent, OutboxMessage.state == "delivered")
    if late + there < ENOUGH or late / (late + there) <= LATE_SHARE:
        return False
    return there > 0 or _count(session, name, moment - RECEIPTS_WITHIN, OutboxMessage.state == "delivered") > 0


def _count(session: Session, name: str, since: object, *which: ColumnElement[bool]) -> int:
    return int(
        session.scalar(
            select(func.count()).where(
                OutboxMessage.erased_at.is_(None),  # as the index has it
                OutboxMessage.changed_at >= since,
                OutboxMessage.carrier == name,
                *which,
            )
        )
        or 0
    )
