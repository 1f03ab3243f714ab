"""Staff teach what residents' words mean: a synonym of a service, a name of a place, or a whole text."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit, facts, questions
from knowledge import taught
from knowledge.interchange.cells import SEPARATOR
from knowledge.interchange.kinds import synonyms_column
from knowledge.models import PlaceRow, ServiceRow
from knowledge.taught import Taught
from knowledge.types import Locale


def teach_service(
    session: Session, slug: str, locale: Locale, words: str, answers: Collection[str], by: str
) -> None:
    """Gives a service one more synonym; the texts in ``answers`` are open questions no longer.

    Raises LookupError where there is no such service, and BadFile where the words may not stand there.
    """
    row = session.get(ServiceRow, slug)
    if row is None:
        raise LookupError(slug)
    listed = SEPARATOR.join([*row.synonyms.get(locale, ()), _one(words)])
    facts.change(session, "services", slug, {synonyms_column(locale): listed}, by)
    questions.settle(session, answers)


def teach_place(session: Session, place_id: int, words: str, answers: Collection[str], by: str) -> None:
    """Gives a place another name. Otherwise as `teach_service`."""
    row = session.get(PlaceRow, place_id)
    if row is None:
        raise LookupError(str(place_id))
    listed = SEPARATOR.join([*row.alt_names, _one(words)])
    facts.change(session, "places", place_id, {"alt_names": listed}, by)
    questions.settle(session, answers)


def teach_texts(session: Session, meanings: Sequence[Taught], answers: Collection[str], by: str) -> None:
    """Says what these texts mean, word for word. Raises ValueError for a text without words."""
    for one in meanings:
        row = taught.teach(session, one, by)
        about = {"service": one.service} if one.service else {}
        audit.record(session, by, "teach", "taught_phrase", row.id, {"intent": one.intent, **about})
    questions.settle(session, answers)


def forget(session: Session, taught_id: int, by: str) -> bool:
    """Takes back a text that was taught, and opens its questions again; whether it was there."""
    row = taught.forget(session, taught_id)
    if row is None:
        return False
    same = {text for text in questions.settled(session) if taught.keys_of(text) == row.keys}
    questions.open_again(session, same)
    audit.record(session, by, "unteach", "taught_phrase", taught_id, {"intent": row.intent})
    return True


def text_of(session: Session, question_id: int) -> str | None:
    """The words of a question; None where it is not kept."""
    return session.scalar(select(questions.Question.text).where(questions.Question.id == question_id))


def _one(words: str) -> str:
    """The words as one entry of a list."""
    return " ".join(words.replace(SEPARATOR, " ").split())
