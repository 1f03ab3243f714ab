"""How far an announcement has got, counted from its rows and from the recipients who have none yet.

While one goes out to a whole country counting takes its time, so a sweep of the tick counts every few seconds
(``app.jobs``), and pages look at its tally.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, cast, get_args

from sqlalchemy import String, func, literal, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk import tallies
from desk.announcements.models import Announcement
from desk.announcements.texts import parts_of
from desk.fan_out import Recipient
from desk.messages import Channel
from desk.outbox import OutboxMessage
from knowledge.types import Locale
from store.base import Base, BigId
from store.replacing import replace

Outcome = Literal["queued", "sent", "delivered", "failed", "opted_out", "expired", "cancelled"]
"""``queued`` until the carrier has it; ``opted_out`` also for contacts that cannot be reached any more."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_OUTCOMES: dict[str, Outcome] = {"queued": "queued", "sending": "queued", "suppressed": "opted_out"}
_WITHOUT_ROW: dict[str, Outcome] = {"cancelled": "cancelled", "expired": "expired"}


SLACK = timedelta(seconds=15)
"""A change that was made so long before a sweep may not have been committed then."""

UNDER_WAY = ("running", "paused")

_NO_ROW, _FORGOTTEN = "", "forgotten"
"""States in a tally besides those of the outbox: of recipients who have no row yet, and who are gone."""

Row = tuple[Any, ...]


class AnnouncementTally(Base):
    """So many recipients of an announcement get this wording, in this state of the outbox or one of ours."""

    __tablename__ = "announcement_tallies"
    __table_args__ = ({"sqlite_with_rowid": False},)

    announcement_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    wording: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)  # of a failure
    words: Mapped[str] = mapped_column(String(300))
    people: Mapped[int]


_COLUMNS = (
    *(AnnouncementTally.wording, AnnouncementTally.state, AnnouncementTally.code),
    *(AnnouncementTally.words, AnnouncementTally.people),
)


@dataclass(frozen=True, slots=True)
class Part:
    """So many people of a channel and a language with one outcome; a failure with its code and its words."""

    channel: Channel
    locale: Locale
    outcome: Outcome
    people: int
    code: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The parts of an announcement. ``forgotten`` were recipients and have been erased since."""

    recipients: int
    forgotten: int
    parts: Sequence[Part]

    @property
    def done(self) -> int:
        """How many people need not wait any more."""
        return self.recipients - self.by_outcome()["queued"]

    def by_outcome(self) -> dict[Outcome, int]:
        """How many people, by outcome; every outcome is there."""
        return {outcome: sum(p.people for p in self.parts if p.outcome == outcome) for outcome in OUTCOMES}

    def failures(self) -> list[tuple[str, str, int]]:
        """Code, words and number of people of each reason to fail, the most frequent first."""
        counted: Counter[tuple[str, str]] = Counter()
        for part in self.parts:
            if part.outcome == "failed":
                counted[part.code or "", part.words or ""] += part.people
        return [(code, words, people) for (code, words), people in counted.most_common()]


def of(session: Session, announcement: Announcement) -> Progress:
    """How the announcement stands, counted at once: a tenth of a second for a hundred thousand people."""
    return _progress(announcement, count(session, announcement))


def seen(session: Session, announcement: Announcement) -> Progress:
    """How it stood some seconds ago, when it was last tallied; for pages, which are asked for all the time."""
    mine = select(*_COLUMNS).where(AnnouncementTally.announcement_id == announcement.id)
    kept = [tuple(row) for row in session.execute(mine)]
    return _progress(announcement, kept) if kept else of(session, announcement)


def count(session: Session, announcement: Announcement) -> frozenset[Row]:
    """Counts the people: rows as the tally has them, without the number of the announcement."""
    mine = OutboxMessage.announcement_id == announcement.id
    kinds = (OutboxMessage.wording, OutboxMessage.state)
    by_state = select(*kinds, literal(""), literal(""), func.count()).where(mine, OutboxMessage.state != "failed")
    code, words = func.coalesce(OutboxMessage.error_code, ""), func.coalesce(OutboxMessage.error_words, "")
    failed = select(*kinds, code, func.max(words), func.count()).where(mine, OutboxMessage.state == "failed")
    without_row = select(Recipient.wording, literal(_NO_ROW), literal(""), literal(""), func.count())
    # Recipients get their rows in the order of the contacts: who comes after the last one has none yet.
    still = (Recipient.announcement_id == announcement.id, Recipient.contact_id > announcement.queued_to)
    queries = (
        by_state.group_by(*kinds),
        failed.group_by(*kinds, code),
        without_row.where(*still).group_by(Recipient.wording),
    )
    found: list[Row] = [tuple(row) for query in queries for row in session.execute(query)]
    forgotten = announcement.recipients - sum(row[-1] for row in found)
    return frozenset(found if forgotten <= 0 else [*found, ("", _FORGOTTEN, "", "", forgotten)])


def keep(session: Session, announcement_id: int, rows: frozenset[Row]) -> int:
    """Puts a new tally in the place of the one before; how much differs."""
    return replace(session, AnnouncementTally, {"announcement_id": announcement_id}, rows)


def due(session: Session) -> list[int]:
    """The announcements of which something has changed since they were tallied."""
    before = tallies.counted(session, "announcements")
    if before is None:
        return list(session.scalars(select(Announcement.id).where(Announcement.started_at.is_not(None))))
    still_kept = OutboxMessage.erased_at.is_(None)  # as the index has it
    changed = select(OutboxMessage.announcement_id).where(still_kept, OutboxMessage.changed_at > before - SLACK)
    # Recipients who have no row yet leave no trace there, nor do their announcement's own steps.
    moved = select(Announcement.id).where(
        Announcement.started_at.is_not(None),
        or_(
            Announcement.queued_at.is_(None) & Announcement.state.in_(UNDER_WAY),
            Announcement.changed_at > before - SLACK,
        ),
    )
    found = {number for number in session.scalars(changed.distinct()) if number is not None}
    return sorted(found.union(session.scalars(moved)))


def _progress(announcement: Announcement, rows: Collection[Row]) -> Progress:
    parts = [_part(announcement, *row) for row in rows if row[1] != _FORGOTTEN]
    parts.sort(key=lambda part: (part.channel, part.locale, OUTCOMES.index(part.outcome), part.code or ""))
    forgotten = sum(row[-1] for row in rows if row[1] == _FORGOTTEN)
    return Progress(forgotten + sum(part.people for part in parts), forgotten, parts)


def _part(announcement: Announcement, wording: str, state: str, code: str, words: str, people: int) -> Part:
    channel, locale = parts_of(wording)
    return Part(channel, locale, _outcome(announcement, state), int(people), code or None, words or None)


def _outcome(announcement: Announcement, state: str) -> Outcome:
    if state == _NO_ROW:
        return _WITHOUT_ROW.get(announcement.state, "queued")
    return _OUTCOMES.get(state) or cast(Outcome, state)
