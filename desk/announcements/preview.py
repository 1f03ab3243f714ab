"""An announcement as it would go: values that the console, the chat and the terminal show to staff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from sqlalchemy.orm import Session

from desk.announcements import resolving
from desk.announcements.models import Announcement
from desk.announcements.resolving import Crowd
from desk.messages import Channel
from knowledge.types import Locale


@dataclass(frozen=True, slots=True)
class Item:
    """One wording: the exact text, how many people get it, and, as SMS, its segments and encoding."""

    channel: Channel
    locale: Locale
    people: int
    text: str
    segments: int | None = None
    encoding: Literal["GSM-7", "UCS-2"] | None = None

    @property
    def name(self) -> str:
        """The name of the wording."""
        return f"{self.channel}:{self.locale}"


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at: its code, and what the sentence about it names (numbers and codes)."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """An announcement as it would go. ``segments`` are all that are paid for, ``tetri`` their cost if known."""

    items: Sequence[Item]
    crowds: Sequence[Crowd]
    segments: int
    tetri: float | None
    warnings: Sequence[Warned]

    @property
    def people(self) -> int:
        """How many people would get it."""
        return resolving.total(self.crowds)

    def by_channel(self) -> dict[Channel, int]:
        """How many people, by channel."""
        counted: Counter[Channel] = Counter()
        for crowd in self.crowds:
            counted[crowd.channel] += crowd.people
        return dict(counted)


class Previewer(Protocol):
    """Makes the preview of an announcement, kept or only sketched, for fronts that know no other channel."""

    def __call__(self, session: Session, row: Announcement) -> Preview:
        """Raises BadAnnouncement where a text cannot be filled in."""
        ...


@dataclass(frozen=True, slots=True)
class Announcing:
    """What the chat needs to announce: previews, and from how many people on a second person must agree."""

    preview: Previewer
    approval_from: int
