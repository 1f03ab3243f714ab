"""What a text says about events: topics, days, and the words that steer (come, remind, subscribe, all)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from bot.understanding import when
from bot.understanding.lexicon import Lexicon
from bot.understanding.parse import Parse
from desk.events.models import ReminderWish
from desk.events.topics import topics
from knowledge.scripts import Word
from store import clock

CONTROL = Lexicon.load("events/control")

FEW_WORDS = 6
"""A text of more words tells a story: only its intent counts."""

Command = Literal["subscribe", "unsubscribe", "mine", "visits"]
Answer = Literal["come", "leave", "remind", "subscribe"]


_COMMANDS: tuple[Command, ...] = ("visits", "mine", "unsubscribe", "subscribe")
_ANSWERS: tuple[Answer, ...] = ("leave", "remind", "come", "subscribe")
"""The one that counts first where a text says several: "I'm not coming" has "coming" in it."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days in Tbilisi, both included; None where the text names none."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        """Whether any day is named."""
        return self.first is not None


@cache
def _topics() -> Lexicon:
    return Lexicon(
        lambda: {
            code: {str(language): list(said) for language, said in topic.words.items()}
            for code, topic in topics().items()
        }
    )


def topics_in(said: Sequence[Word]) -> tuple[str, ...]:
    """The codes of the topics that a text names, in the order in which it does."""
    return tuple(dict.fromkeys(hit.concept for hit in _topics().find(said)))


def is_topic(said: Sequence[Word], span: tuple[int, int] | None) -> bool:
    """Whether the words in which a settlement was found are those of a topic: "farming" and a place called so."""
    if span is None:
        return False
    covered = {index for hit in _topics().find(said) for index in range(hit.first, hit.last)}
    named = {index for index, word in enumerate(said) if word.start < span[1] and word.end > span[0]}
    return bool(named) and named <= covered


def command(said: Sequence[Word]) -> Command | None:
    """What a few words ask for in so many words: "subscribe agriculture", "my subscriptions"."""
    if not said or len(said) > FEW_WORDS:
        return None
    found = CONTROL.concepts(said)
    for one in _COMMANDS:
        if one in found:
            return one
    return None


_MEANS: Mapping[Command, str] = {"mine": "subscribe", "visits": "events"}


def commanded(parse: Parse) -> Parse:
    """The text, understood for certain where a few words say in so many words what is wanted."""
    said = parse.words
    if not said or len(said) > FEW_WORDS:
        return parse
    found = command(said)
    if found is not None:
        return parse.meaning(_MEANS.get(found, found))
    if says(said, "remind") and parse.intent in {"subscribe", "unsubscribe", "none"}:
        return parse.meaning("unsubscribe" if wish(said) == "none" else "subscribe")
    if parse.intent in _RIVALS and says(said, "whats_on"):
        return parse.meaning("events")
    if parse.intent == "events" and parse.confidence >= _LIKELY and topics_in(said) and not parse.services:
        return parse.meaning("events")
    return parse


_RIVALS = frozenset({"events", "nearest_center", "hours", "none"})
"""Intents whose texts may as well ask what is on."""

_LIKELY = 0.36
"""The probability from which on a text that names a topic of events asks for them."""


def answer(said: Sequence[Word]) -> Answer | None:
    """What a few words say to an event that was just shown: coming, not coming, remind me."""
    if not said or len(said) > FEW_WORDS:
        return None
    found = CONTROL.concepts(said)
    for one in _ANSWERS:
        if one in found:
            return one
    return None


def says(said: Sequence[Word], concept: str) -> bool:
    """Whether a text has words of that concept of ``data/events/control.yaml``."""
    return concept in CONTROL.concepts(said)


def wish(said: Sequence[Word]) -> ReminderWish | None:
    """Which reminders a text asks for, where it says."""
    found = CONTROL.concepts(said)
    if "two_hours" in found:
        return "both"
    if "day_before" in found:
        return "day_before"
    return "none" if "never" in found else None


def period(parse: Parse) -> Period:
    """The days that a text asks about."""
    today = clock.local_now().date()
    sunday = today + timedelta(days=6 - today.weekday())
    spans: Mapping[str, Period] = {
        "week": Period(today, sunday),
        "next_week": Period(sunday + timedelta(days=1), sunday + timedelta(days=7)),
        "month": Period(today, (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)),
    }
    found = CONTROL.concepts(parse.words)
    for name, span in spans.items():
        if name in found:
            return span
    if parse.day is not None and parse.day.kind == "weekend":
        return Period(max(today, sunday - timedelta(days=1)), sunday)
    day = when.read(parse.text, clock.local_now()).date or (parse.day.day if parse.day is not None else None)
    return Period(day, day)
