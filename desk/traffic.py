"""How the outbox fares, in figures: what waits, for how long, and what became of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.carriers import CarrierState
from desk.outbox import OutboxMessage
from store import clock

RECENT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Count:
    """So many messages of a channel are in a state."""

    channel: str
    state: str
    number: int


def depth(session: Session) -> list[Count]:
    """How many messages wait (``queued``) or are on their way (``sending``)."""
    return _count(session, OutboxMessage.state.in_(("queued", "sending")))


def recent(session: Session) -> list[Count]:
    """How many messages came into each state within the last hour, whatever process moved them."""
    still_kept = OutboxMessage.erased_at.is_(None)  # as the index has it
    return _count(session, still_kept, OutboxMessage.changed_at > clock.now() - RECENT)


def oldest(session: Session) -> dict[str, float]:
    """For how many seconds the message has been due that waits longest, by channel."""
    moment = clock.now()
    rows = session.execute(
        select(OutboxMessage.channel, func.min(OutboxMessage.not_before))
        .where(OutboxMessage.state == "queued")
        .group_by(OutboxMessage.channel)
    )
    return {channel: max((moment - since).total_seconds(), 0.0) for channel, since in rows}


@dataclass(frozen=True, slots=True)
class Fares:
    """How a carrier fares: its failures in a row, and what it was given today; ``held`` while it must rest."""

    name: str
    failures: int
    used_today: int
    held: bool


def carriers(session: Session) -> list[Fares]:
    """How every carrier fares that was ever asked."""
    moment, today = clock.now(), clock.local_now().date()
    return [
        Fares(
            state.name,
            state.failures,
            state.used if state.day == today else 0,
            state.held_until is not None and state.held_until > moment,
        )
        for state in session.scalars(select(CarrierState).order_by(CarrierState.name))
    ]


def _count(session: Session, *which: object) -> list[Count]:
    number = func.count()
    rows = session.execute(
        select(OutboxMessage.channel, OutboxMessage.state, number)
        .where(*which)  # type: ignore[arg-type]
        .group_by(OutboxMessage.channel, OutboxMessage.state)
    )
    return [Count(channel, state, int(found)) for channel, state, found in rows]
