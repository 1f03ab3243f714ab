"""How many people an audience is, without counting all of them: for the number that changes while staff choose.

Who can be written to is tallied by home, channel and language, by a sweep of the tick (``app.jobs``). Those who
came since are counted themselves, as are those who live elsewhere and subscribed. What a person changed since the
last sweep (home, language, a stop) is not seen yet: what is sent goes by ``resolving``, which looks at everybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.announcements import resolving
from desk.announcements.audience import Audience
from desk.announcements.resolving import Crowd, Reach
from desk.contacts import Resident
from desk.messages import Channel
from desk.tallies import Tallied
from knowledge.types import Locale
from store.base import Base
from store.replacing import replace
from store.statements import among

FEW = 2_000
"""So many people are counted in a moment, each of them: no tally is kept."""

HOMELESS = 0
"""Stands for the home of who has told none; no settlement has this id."""


class CrowdTally(Base):
    """So many people with that home are written to on that channel in that language."""

    __tablename__ = "crowd_tallies"
    __table_args__ = ({"sqlite_with_rowid": False},)

    channel: Mapped[str] = mapped_column(String(12), primary_key=True)
    locale: Mapped[str] = mapped_column(String(8), primary_key=True)
    place_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    people: Mapped[int]


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new tally of all people whose ids are not beyond ``upto``: rows as the table has them."""

    upto: int
    rows: frozenset[tuple[str, str, int, int]]


def tally(session: Session) -> Fresh | None:
    """Counts everybody: some seconds for a whole country. None where there are so few that no tally is needed."""
    upto = session.scalar(select(func.max(Resident.id))) or 0
    if upto < FEW:
        return None
    found = resolving.people(Audience(everyone=True), Reach(), upto=upto).subquery()
    home = func.coalesce(found.c.home_place_id, HOMELESS).label("home")
    grouped = select(found.c.channel, found.c.locale, home, func.count())
    rows = session.execute(grouped.group_by(found.c.channel, found.c.locale, home))
    return Fresh(upto, frozenset((channel, locale, place, people) for channel, locale, place, people in rows))


def keep(session: Session, fresh: Fresh) -> int:
    """Puts a new tally in the place of the one before; how much differs."""
    return replace(session, CrowdTally, {}, fresh.rows)


def count(session: Session, audience: Audience, reach: Reach) -> list[Crowd]:
    """How many people there are, by channel and language; the biggest crowd first."""
    known = session.get(Tallied, "crowds")
    if known is None or known.upto is None:
        return resolving.count(session, audience, reach)
    homes = _homes(audience, reach)
    found: Counter[tuple[Channel, Locale]] = Counter()
    parts = [resolving.count(session, audience, reach, after=known.upto)]
    if not audience.topics:
        parts.append(_tallied(session, audience, homes))
    if audience.topics or audience.centers or audience.municipalities:
        elsewhere = None if audience.topics else homes or ()
        parts.append(resolving.count(session, audience, reach, upto=known.upto, elsewhere=elsewhere))
    for crowd in (crowd for part in parts for crowd in part):
        found[crowd.channel, crowd.locale] += crowd.people
    return resolving.biggest_first(Crowd(*told, people) for told, people in found.items())


def _homes(audience: Audience, reach: Reach) -> frozenset[int] | None:
    """The settlements whose people are meant by where they live alone; None for all of them."""
    named = (
        (audience.centers, reach.centers),
        (audience.municipalities, reach.municipalities),
        (audience.around, reach.around),
    )
    homes = [frozenset(ids) for wanted, ids in named if wanted]
    return frozenset.intersection(*homes) if homes else None


def _tallied(session: Session, audience: Audience, homes: frozenset[int] | None) -> list[Crowd]:
    """Who lives there, from the tallies."""
    people = func.sum(CrowdTally.people)
    query = select(CrowdTally.channel, CrowdTally.locale, people).group_by(CrowdTally.channel, CrowdTally.locale)
    if homes is not None:
        query = query.where(among(CrowdTally.place_id, homes))
    if audience.channels:
        query = query.where(CrowdTally.channel.in_(audience.channels))
    if audience.languages:
        query = query.where(CrowdTally.locale.in_(resolving.locales(audience.languages)))
    rows: Iterable[Any] = session.execute(query)
    return [Crowd(*row) for row in rows]
