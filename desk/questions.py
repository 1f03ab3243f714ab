"""What residents asked and the assistant could not answer: the text, and never who asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.messages import Channel
from desk.privacy import mask_text
from knowledge.types import Locale
from store import clock
from store.base import Base, BigId

QUESTION_LIMIT = 500
"""Characters of a question that are kept."""


class Question(Base):
    """A text that found no answer, or only an unsure one."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(12))
    outcome: Mapped[str] = mapped_column(String(12))  # none: no idea; unsure: "did you mean"
    asked_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]  # staff taught what it means


def keep(session: Session, text: str, language: Locale, channel: Channel, outcome: str) -> None:
    """Keeps a question for staff, with numbers and mail addresses masked and without its sender."""
    cleaned = mask_text(text).replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    session.add(
        Question(
            text=cleaned[:QUESTION_LIMIT],
            language=language,
            channel=channel,
            outcome=outcome,
            asked_at=clock.now(),
        )
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and how often it was asked in the same words, with the id and the moment of the last time."""

    text: str
    language: str
    outcome: str
    count: int
    last_id: int
    last_at: datetime


def most_asked(session: Session, days: int, limit: int = 200) -> list[Asked]:
    """The questions of the last days without an answer, the most frequent first."""
    how_often = func.count()
    rows = session.execute(
        select(
            Question.text,
            Question.language,
            Question.outcome,
            how_often,
            func.max(Question.id),
            func.max(Question.asked_at),
        )
        .where(Question.asked_at >= clock.now() - timedelta(days=days), Question.settled_at.is_(None))
        .group_by(Question.text, Question.language, Question.outcome)
        .order_by(how_often.desc(), Question.text)
        .limit(limit)
    )
    return [Asked(*row) for row in rows]


def settle(session: Session, texts: Collection[str]) -> int:
    """Says that questions of these words are answered from now on; how many there were."""
    done: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Question)
        .where(Question.text.in_(texts), Question.settled_at.is_(None))
        .values(settled_at=clock.now())
    )
    return done.rowcount


def open_again(session: Session, texts: Collection[str]) -> None:
    """Says that questions of these words are not answered any more."""
    session.execute(update(Question).where(Question.text.in_(texts)).values(settled_at=None))


def settled(session: Session, limit: int = 2_000) -> list[str]:
    """Texts that were settled, the latest first."""
    query = select(Question.text).where(Question.settled_at.is_not(None))
    return list(session.scalars(query.order_by(Question.id.desc()).limit(limit)))


def count(session: Session, days: int) -> int:
    """How many questions of the last days found no answer."""
    query = select(func.count()).select_from(Question)
    lately = (Question.asked_at >= clock.now() - timedelta(days=days), Question.settled_at.is_(None))
    return int(session.scalar(query.where(*lately)) or 0)
