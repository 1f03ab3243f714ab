"""What staff taught: texts with what they mean. A question of the same words means the same, at once.

Words are the same when their phonetic keys are: script, capitals, signs and habits of spelling do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import cast

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge import models
from knowledge.scripts import Word, words
from knowledge.spelling import key
from knowledge.types import Locale
from store import clock
from store.base import Base, BigId

LONGEST = 500
"""Characters of a text that may be taught."""


class TaughtRow(Base):
    """A text and what it means; ``keys`` are those of its words. ``intent`` is one of the dialogue's."""

    __tablename__ = "taught_phrases"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    keys: Mapped[str] = mapped_column(Text, unique=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    intent: Mapped[str] = mapped_column(String(24))
    service: Mapped[str | None] = mapped_column(String(60))
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Taught:
    """What a text means: an intent and, where it is about one, a service."""

    text: str
    language: Locale
    intent: str
    service: str | None = None


def keys_of(said: str | Sequence[Word]) -> str:
    """The phonetic keys of a text's words, in their order; empty where it has no words."""
    return _keys_of_text(said) if isinstance(said, str) else _joined(said)


@lru_cache(maxsize=2048)
def _keys_of_text(text: str) -> str:
    return _joined(words(text))


def _joined(said: Sequence[Word]) -> str:
    return " ".join(filter(None, (key(word.raw) for word in said)))


def load(session: Session) -> Mapping[str, Taught]:
    """Everything that was taught, by keys."""
    return {
        row.keys: Taught(row.text, cast(Locale, row.language), row.intent, row.service)
        for row in session.scalars(select(TaughtRow).order_by(TaughtRow.id))
    }


def teach(session: Session, meaning: Taught, by: str) -> TaughtRow:
    """Keeps a text with its meaning; one of the same words that was taught before is replaced.

    Raises ValueError for a text without words or longer than LONGEST.
    """
    keys = keys_of(meaning.text)
    if not keys or len(meaning.text) > LONGEST:
        raise ValueError(f"expected a text of words, at most {LONGEST} characters")
    row = session.scalar(select(TaughtRow).where(TaughtRow.keys == keys)) or TaughtRow(keys=keys)
    row.text, row.language = meaning.text, meaning.language
    row.intent, row.service = meaning.intent, meaning.service
    row.actor, row.at = by, clock.now()
    session.add(row)
    session.flush()
    models.touch(session)
    return row


def forget(session: Session, taught_id: int) -> TaughtRow | None:
    """Takes back what was taught; the row as it was, None where it is not there."""
    row = session.get(TaughtRow, taught_id)
    if row is not None:
        session.delete(row)
        session.flush()
        models.touch(session)
    return row


def listed(session: Session, limit: int = 100) -> list[TaughtRow]:
    """What was taught, the newest first."""
    return list(session.scalars(select(TaughtRow).order_by(TaughtRow.at.desc(), TaughtRow.id.desc()).limit(limit)))
