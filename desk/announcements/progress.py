"""How far an announcement has got, counted from its rows and from the recipients who have none yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from sqlalchemy import ColumnElement, func, null, select
from sqlalchemy.orm import Session

from desk.announcements.models import Announcement
from desk.announcements.texts import parts_of
from desk.fan_out import Recipient
from desk.messages import Channel
from desk.outbox import OutboxMessage
from knowledge.types import Locale

Outcome = Literal["queued", "sent", "delivered", "failed", "opted_out", "expired", "cancelled"]
"""``queued`` until the carrier has it; ``opted_out`` also for contacts that cannot be reached any more."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

_OUTCOMES: dict[str, Outcome] = {"queued": "queued", "sending": "queued", "suppressed": "opted_out"}
_WITHOUT_ROW: dict[str, Outcome] = {"cancelled": "cancelled", "expired": "expired"}


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
    """How the announcement stands, counted at once."""
    mine = OutboxMessage.announcement_id == announcement.id
    kinds = (OutboxMessage.wording, OutboxMessage.state)
    by_state = select(*kinds, null(), null(), func.count()).where(mine, OutboxMessage.state != "failed")
    kinds_failed = (*kinds, OutboxMessage.error_code)
    failed = select(*kinds_failed, func.max(OutboxMessage.error_words), func.count())
    failed = failed.where(mine, OutboxMessage.state == "failed").group_by(*kinds_failed)
    without_row = select(Recipient.wording, null(), null(), null(), func.count()).where(
        *_without_row(announcement)
    )
    parts = [
        _part(announcement, *row)
        for query in (by_state.group_by(*kinds), failed, without_row.group_by(Recipient.wording))
        for row in session.execute(query)
    ]
    parts.sort(key=lambda part: (part.channel, part.locale, OUTCOMES.index(part.outcome), part.code or ""))
    forgotten = max(announcement.recipients - sum(part.people for part in parts), 0)
    return Progress(announcement.recipients, forgotten, parts)


def done(session: Session, announcement: Announcement) -> int:
    """How many people need not wait any more: only those who do are counted, so that a list of them is quick."""
    waiting = select(func.count()).where(
        OutboxMessage.announcement_id == announcement.id, OutboxMessage.state.in_(("queued", "sending"))
    )
    without_row = select(func.count()).select_from(Recipient).where(*_without_row(announcement))
    left = (session.scalar(waiting) or 0) + (session.scalar(without_row) or 0)
    return max(announcement.recipients - left, 0)


def _without_row(announcement: Announcement) -> tuple[ColumnElement[bool], ...]:
    """Recipients get their rows in the order of the contacts: who comes after the last one has none yet."""
    return Recipient.announcement_id == announcement.id, Recipient.contact_id > announcement.queued_to


def _part(
    announcement: Announcement, wording: str, state: str | None, code: str | None, words: str | None, people: int
) -> Part:
    channel, locale = parts_of(wording)
    return Part(channel, locale, _outcome(announcement, state), int(people), code, words)


def _outcome(announcement: Announcement, state: str | None) -> Outcome:
    if state is None:
        return _WITHOUT_ROW.get(announcement.state, "queued")
    return _OUTCOMES.get(state) or cast(Outcome, state)
