"""How the outbox fares, in figures: what waits, for how long, and what became of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import ColumnElement, ScalarSelect, String, func, literal, select, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk import tallies
from desk.carriers import CarrierState
from desk.events.models import EventNews, Reminder
from desk.messages import Channel
from desk.outbox import PRIORITY, OutboxMessage
from store import clock
from store.base import Base
from store.replacing import replace

RECENT = timedelta(hours=1)
CHANNELS: tuple[Channel, ...] = get_args(Channel)


class RecentTally(Base):
    """So many messages of a channel came into a state within the hour before they were counted by a sweep."""

    __tablename__ = "recent_tallies"
    __table_args__ = ({"sqlite_with_rowid": False},)

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), primary_key=True)
    number: Mapped[int]


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


def keep(session: Session, counted: Collection[Count]) -> int:
    """Puts what came into each state of late in the place of what was counted before; how much differs."""
    return replace(session, RecentTally, {}, [(one.channel, one.state, one.number) for one in counted])


def last_hour(session: Session) -> Counter[str]:
    """How many messages came into each state within an hour, as it was counted some seconds ago."""
    counted = tallies.counted(session, "recent")
    if counted is None:
        rows = [(one.state, one.number) for one in recent(session)]
    elif counted < clock.now() - RECENT:  # nobody counts, nor is anything sent
        rows = []
    else:
        rows = [(row.state, row.number) for row in session.scalars(select(RecentTally))]
    found: Counter[str] = Counter()
    for state, number in rows:
        found[state] += number
    return found


def oldest(session: Session) -> dict[str, float]:
    """For how many seconds the message has been due that waits longest, by channel."""
    moment, first = clock.now(), dict[str, datetime]()
    each = (
        select(literal(channel), _first(channel, place)) for channel in CHANNELS for place in PRIORITY.values()
    )
    for channel, since in session.execute(union_all(*each)):
        if since is not None:
            first[channel] = min(since, first.get(channel, since))
    return {channel: max((moment - since).total_seconds(), 0.0) for channel, since in first.items()}


def _first(channel: str, priority: int) -> ScalarSelect[datetime]:
    """When the first of these was due: the index begins with it, however many wait behind."""
    mine = (OutboxMessage.state == "queued", OutboxMessage.channel == channel, OutboxMessage.priority == priority)
    return select(func.min(OutboxMessage.not_before)).where(*mine).scalar_subquery()


def dropped(session: Session) -> dict[str, int]:
    """How many reminders and news of events were of no use any more when their turn came, within the last hour."""
    since = clock.now() - RECENT
    return {
        name: session.scalar(select(func.count()).where(table.state == "dropped", table.changed_at > since)) or 0
        for name, table in (("reminders", Reminder), ("event_news", EventNews))
    }


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
            max(state.failures, state.reported),
            state.used if state.day == today else 0,
            state.held_until is not None and state.held_until > moment,
        )
        for state in session.scalars(select(CarrierState).order_by(CarrierState.name))
    ]


def _count(session: Session, *which: ColumnElement[bool]) -> list[Count]:
    # As they are, SQLite would go through all rows in the order of an index that begins with the two.
    kinds = (OutboxMessage.channel.concat(""), OutboxMessage.state.concat(""))
    rows = session.execute(select(*kinds, func.count()).where(*which).group_by(*kinds))
    return [Count(channel, state, int(found)) for channel, state, found in rows]
