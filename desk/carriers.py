"""Who carries messages over a channel (Twilio, the phone, Telegram), how fast, and how each fares.

A row for each carrier holds its rate and its faults, so that the limits hold for all processes together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.messages import Sender
from store import clock
from store.base import Base
from store.statements import insert_into

log = structlog.get_logger()


class CarrierState(Base):
    """The token bucket of one carrier, its hold, and its failures in a row."""

    __tablename__ = "carriers"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    tokens: Mapped[float]
    filled_at: Mapped[datetime]
    held_until: Mapped[datetime | None]  # nothing is handed over before
    failures: Mapped[int] = mapped_column(default=0)  # in a row; one that was held back counts once
    # The same of messages that it had taken and then said it could not send; taking one more is no success.
    reported: Mapped[int] = mapped_column(default=0, server_default="0")
    failed_over_at: Mapped[datetime | None]
    day: Mapped[date | None]  # the day in Tbilisi that ``used`` counts
    used: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True, slots=True)
class Limit:
    """How fast a carrier takes messages.

    ``rate`` is messages a second and ``burst`` how many at once; within any second at most their sum goes out.
    ``daily`` is the most in a day of Tbilisi, direct replies counted, None for no end. ``apart`` is the least
    number of seconds between two messages to one address.
    """

    rate: float
    burst: int = 1
    daily: int | None = None
    apart: float = 0.0


@dataclass(frozen=True, slots=True)
class GiveWay:
    """When another carrier takes over: ``after`` so many failures in a row. The way back is slow.

    From the last failure on, with each ``drift`` that passes a tenth more of the messages is given back.
    """

    after: int = 3
    drift: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Carrier:
    """A sender with its name in ``carriers`` and its limit; ``gives_way`` where another one can stand in."""

    name: str
    sender: Sender
    limit: Limit
    gives_way: GiveWay | None = None


FIRST_HOLD = timedelta(seconds=15)
LONGEST_HOLD = timedelta(minutes=5)
STEPS = 10


def locked(session: Session, name: str, tokens: float = 0.0) -> CarrierState:
    """The carrier's row, locked until the transaction ends; made, with those tokens, where it is missing."""
    query = select(CarrierState).where(CarrierState.name == name).with_for_update()
    # What was read before without the lock may have changed.
    query = query.execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is not None:
        return found
    fresh = {"name": name, "tokens": tokens, "filled_at": clock.now(), "failures": 0, "reported": 0, "used": 0}
    session.execute(insert_into(session, CarrierState).values(fresh).on_conflict_do_nothing())
    return session.scalars(query).one()


def share(state: CarrierState | None, gives_way: GiveWay | None) -> float:
    """The share of the messages (0 to 1) that the carrier is given, as far as another one can stand in."""
    if state is None or gives_way is None or state.failed_over_at is None:
        return 1.0
    return min(int((clock.now() - state.failed_over_at) / gives_way.drift) / STEPS, 1.0)


def choose(session: Session, carriers: Sequence[Carrier], chance: float) -> Carrier:
    """Who carries the next messages: the first of ``carriers`` unless it is giving way to the next.

    ``chance`` is a random number from 0 to 1. The last one has nobody to give way to.
    """
    for carrier in carriers[:-1]:
        if chance < share(session.get(CarrierState, carrier.name), carrier.gives_way):
            return carrier
    return carriers[-1]


def failed(session: Session, carrier: Carrier, after: timedelta | None, *, reported: bool = False) -> timedelta:
    """Notes that the carrier itself is in trouble, and holds it for ``after`` or ever longer; for how long.

    ``reported`` says that it had taken the message before. What fails while it is held was on its way already and
    counts no more.
    """
    state, moment = locked(session, carrier.name, carrier.limit.burst), clock.now()
    if state.held_until is not None and state.held_until > moment:
        return state.held_until - moment
    if reported:
        state.reported += 1
    else:
        state.failures += 1
    failures = max(state.failures, state.reported)
    wait = after or min(FIRST_HOLD * (1 << min(failures - 1, 8)), LONGEST_HOLD)
    state.held_until = moment + wait
    gives_way = carrier.gives_way
    if gives_way is not None and (failures >= gives_way.after or share(state, gives_way) < 1):
        state.failed_over_at = moment
        log.warning("carrier_gives_way", carrier=carrier.name, failures=failures)
    return wait


def succeeded(session: Session, carrier: Carrier) -> None:
    """Notes that the carrier took a message."""
    state = session.get(CarrierState, carrier.name)
    if state is None or not (state.failures or state.failed_over_at):
        return
    state = locked(session, carrier.name)
    state.failures = 0
    if not state.reported:
        state.held_until = None
    if state.failed_over_at is not None and share(state, carrier.gives_way) >= 1:
        state.failed_over_at = None
        log.info("carrier_is_back", carrier=carrier.name)


def delivered(session: Session, carrier: Carrier) -> None:
    """Notes that the carrier reports a message of ours as sent or delivered."""
    state = session.get(CarrierState, carrier.name)
    if state is not None and state.reported:
        locked(session, carrier.name).reported = 0
