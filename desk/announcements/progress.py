"""How far an announcement has got: one grouped query over its frozen recipients and their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from sqlalchemy import and_, case, func, null, select
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
    reason = case((OutboxMessage.state == "failed", OutboxMessage.error_code), else_=null())
    own = and_(OutboxMessage.contact_id == Recipient.contact_id, OutboxMessage.announcement_id == announcement.id)
    counted = (
        select(Recipient.wording, OutboxMessage.state, reason, func.max(OutboxMessage.error_words), func.count())
        .select_from(Recipient)
        .outerjoin(OutboxMessage, own)
        .where(Recipient.announcement_id == announcement.id)
        .group_by(Recipient.wording, OutboxMessage.state, reason)
    )
    parts = []
    for wording, state, code, words, people in session.execute(counted):
        channel, locale = parts_of(wording)
        outcome = _outcome(announcement, state)
        said = (code, words) if outcome == "failed" else (None, None)
        parts.append(Part(channel, locale, outcome, int(people), *said))
    parts.sort(key=lambda part: (part.channel, part.locale, OUTCOMES.index(part.outcome), part.code or ""))
    forgotten = max(announcement.recipients - sum(part.people for part in parts), 0)
    return Progress(announcement.recipients, forgotten, parts)


def _outcome(announcement: Announcement, state: str | None) -> Outcome:
    if state is None:
        return _WITHOUT_ROW.get(announcement.state, "queued")
    return _OUTCOMES.get(state) or cast(Outcome, state)
