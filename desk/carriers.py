"""Who carries messages over a channel (Twilio, the phone, Telegram), how fast, and how each fares.

A row for each carrier holds its rate and its faults, so that the limits hold for all processes together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.messages import Sender
from store import clock
from store.base import Base


class CarrierState(Base):
    """The token bucket of one carrier, its hold, and its failures in a row."""

    __tablename__ = "carriers"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    tokens: Mapped[float]
    filled_at: Mapped[datetime]
    held_until: Mapped[datetime | None]  # nothing is handed over before
    failures: Mapped[int] = mapped_column(default=0)  # in a row; one that was held back counts once
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
class Carrier:
    """A sender with its name in ``carriers`` and its limit."""

    name: str
    sender: Sender
    limit: Limit


def locked(session: Session, name: str) -> CarrierState:
    """The carrier's row, locked until the transaction ends; made, with no tokens spent, where it is missing."""
    query = select(CarrierState).where(CarrierState.name == name).with_for_update()
    query = query.execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is not None:
        return found
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    # A negative number of tokens stands for a full bucket, whatever its size.
    fresh = {"name": name, "tokens": -1.0, "filled_at": clock.now(), "failures": 0, "used": 0}
    session.execute(insert(CarrierState).values(fresh).on_conflict_do_nothing())
    return session.scalars(query).one()
