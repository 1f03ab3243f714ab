"""What staff write of an event, checked before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy.orm import Session

from desk.events import series
from desk.events.models import Event
from desk.events.topics import topics
from knowledge.models import CenterRow
from knowledge.types import BASE_LOCALES

LONGEST_TITLE, LONGEST_DESCRIPTION = 120, 1500
"""Characters; a title must be read at a glance on a small telephone."""

LONGEST = timedelta(days=14)
"""From the beginning to the end of one occurrence."""


Fault = Literal[
    "center", "topic", "times", "capacity", "language", "long", "untitled", "rule", "rule_start", "file"
]
"""What is wrong with an event, for whoever says it in another language than the sentence's."""


class BadEvent(ValueError):
    """What was written of an event cannot be kept; the sentence says what to mend."""

    def __init__(self, sentence: str, fault: Fault = "file") -> None:
        """Keeps the fault beside the sentence."""
        super().__init__(sentence)
        self.fault: Fault = fault


@dataclass(frozen=True, slots=True)
class Wording:
    """An event as staff write it; see ``models.Event``. Times are aware."""

    center_id: int
    topic: str
    titles: Mapping[str, str]
    starts_at: datetime
    ends_at: datetime
    descriptions: Mapping[str, str] = field(default_factory=dict)
    capacity: int | None = None
    rrule: str | None = None
    registration: bool = False


def of(event: Event) -> Wording:
    """What was written of an event that is kept, to be changed in parts with ``dataclasses.replace``."""
    return Wording(**{one.name: getattr(event, one.name) for one in fields(Wording)})


def applied(session: Session, wording: Wording) -> dict[str, Any]:
    """The columns of an event that is written so. Raises BadEvent for what cannot be kept."""
    if session.get(CenterRow, wording.center_id) is None:
        raise BadEvent(f"there is no centre {wording.center_id}", "center")
    if wording.topic not in topics():
        raise BadEvent(f"there is no topic {wording.topic!r}; take one of {', '.join(topics())}", "topic")
    if not wording.starts_at < wording.ends_at <= wording.starts_at + LONGEST:
        raise BadEvent("an event ends after it begins, and within two weeks", "times")
    if wording.capacity is not None and wording.capacity < 1:
        raise BadEvent("capacity is a number of people, or nothing where everybody fits", "capacity")
    kept = asdict(wording)
    kept["titles"] = _texts(wording.titles, LONGEST_TITLE, "title")
    kept["descriptions"] = _texts(wording.descriptions, LONGEST_DESCRIPTION, "description")
    if not kept["titles"]:
        raise BadEvent("an event needs a title in at least one language", "untitled")
    try:
        kept["rrule"] = series.normal(wording.rrule, wording.starts_at)
    except series.BadRule as error:
        raise BadEvent(str(error), error.fault) from error
    return kept


def differences(event: Event, columns: Mapping[str, Any]) -> set[str]:
    """The names of the columns that would change."""
    return {name for name, value in columns.items() if getattr(event, name) != value}


def _texts(texts: Mapping[str, str], longest: int, what: str) -> dict[str, str]:
    kept = {
        language: " ".join(text.split()) if what == "title" else text.strip() for language, text in texts.items()
    }
    kept = {language: text for language, text in kept.items() if text}
    if unknown := kept.keys() - set(BASE_LOCALES):
        raise BadEvent(f"{sorted(unknown)[0]!r} is none of the languages {', '.join(BASE_LOCALES)}", "language")
    if long := [language for language, text in kept.items() if len(text) > longest]:
        raise BadEvent(f"the {what} in {long[0]} is longer than {longest} characters", "long")
    return {language: kept[language] for language in BASE_LOCALES if language in kept}
