"""What was understood of a text, before the conversation is taken into account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.understanding.days import SpokenDay
from knowledge.gazetteer import PlaceMatch
from knowledge.scripts import Word
from knowledge.service_index import ServiceHit
from knowledge.types import FactKind, Locale, Place

INTENTS = (
    "nearest_center",
    "services",
    "service",
    "hours",
    "contact",
    "events",
    "book_room",
    "my_bookings",
    "cancel_booking",
    "subscribe",
    "unsubscribe",
    "set_home",
    "language",
    "help",
    "human",
    "greeting",
    "thanks",
    "stop",
    "start",
    "forget_me",
    "none",
)
"""Everything that a resident may want of us; ``none`` is what is none of our business."""


@dataclass(frozen=True, slots=True)
class Parse:
    """A text and what was found in it.

    ``ranking`` are the likeliest intents with their probability, the best first. ``bare`` says that the text holds
    nothing but a place or a day, ``follows`` that it takes up what was said before ("and Kachreti?"). ``aspects``
    are the facts of a service that were asked about. ``outside`` says that words of other businesses are in it,
    ``taught`` that staff said what exactly these words mean.
    """

    text: str
    words: Sequence[Word]
    language: Locale
    ranking: tuple[tuple[str, float], ...]
    place: PlaceMatch
    services: tuple[ServiceHit, ...] = ()
    day: SpokenDay | None = None
    aspects: tuple[FactKind, ...] = ()
    bare: bool = False
    follows: bool = False
    outside: bool = False
    taught: bool = False
    wanted_language: Locale | None = None
    reasons: tuple[str, ...] = field(default=())

    @property
    def intent(self) -> str:
        """The likeliest intent."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """The probability of the likeliest intent, 0 to 1."""
        return self.ranking[0][1]

    @property
    def service(self) -> str | None:
        """The slug of the service that is spoken of."""
        return self.services[0].slug if self.services else None

    def meaning(self, intent: str) -> Parse:
        """The same text, understood for certain as that intent."""
        return replace(self, ranking=((intent, 1.0),))

    def at(self, place: Place) -> Parse:
        """The same text, about that settlement."""
        return replace(self, place=PlaceMatch(places=(place,), score=1.0, certain=True))

    def about(self, slug: str) -> Parse:
        """The same text, about that service."""
        return replace(self, services=(ServiceHit(slug, 1.0, 1.0, ()),))
