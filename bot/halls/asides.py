"""Whether a message that comes while the form is open is about something else."""

from __future__ import annotations

from bot.answers import centers
from bot.dialogue.turn import Turn
from bot.halls.draft import FREE_WORDS, Draft
from bot.halls.reading import Said
from bot.understanding.parse import Parse
from bot.understanding.reader import CONCEPTS
from knowledge.types import Center

INTERRUPTIONS = frozenset(
    {
        *("nearest_center", "services", "service", "hours", "contact", "events", "my_bookings", "cancel_booking"),
        *("language", "help", "human", "subscribe", "unsubscribe", "set_home", "forget_me", "stop", "start"),
    }
)
"""Intents that are answered in the middle of the form, which then goes on."""

SURE, SURE_WITHOUT_ASKING = 0.75, 0.93
"""The probability from which on a message is such an interruption; of one that asks nothing, the second."""

ASKING = frozenset(
    {"WHERE", "QUESTION_WORD", "COST", "PHONE", "ADDRESS", "HOURS_WORD", "SERVICES_WORD", "DOCUMENT"}
)
"""Words that ask something, also without a question mark. "Near" asks only with one: "near twenty" does not."""

SHORT = 6
"""Words of an answer to the form that may say a little more than was asked."""

_BEFORE_PEOPLE = frozenset({"day", "start", "at"})
"""What is asked for while the village may still be on one's mind."""

_OF_THEMSELVES = frozenset({"stop", "start", "forget_me", "language", "help", "human", "cancel_booking"})


def asks(parse: Parse) -> bool:
    """Whether a text asks something."""
    return "?" in parse.text or not ASKING.isdisjoint(CONCEPTS.concepts(parse.words))


def may_answer(parse: Parse) -> bool:
    """Whether a text is short and asks nothing, so that words which answer the form's question do answer it."""
    return len(parse.words) <= SHORT and not asks(parse)


def asks_the_fee(parse: Parse) -> bool:
    """Whether a text asks what the hall costs: a price, of no service of ours."""
    named = parse.service is not None and parse.service != "hall"
    concepts = CONCEPTS.concepts(parse.words)
    return (
        "COST" in concepts and ("?" in parse.text or "QUESTION_WORD" in concepts) and not named and not parse.place
    )


def interrupts(parse: Parse, draft: Draft, said: Said) -> bool:
    """Whether a message is a question of its own. A name alone is one of a person, where that was asked for."""
    if said:
        return False
    free = draft.asking in FREE_WORDS
    if parse.bare and (free or parse.place.kind != "exact"):
        return False
    if not asks(parse):
        certain = parse.confidence >= SURE_WITHOUT_ASKING
        return (parse.intent in _OF_THEMSELVES and certain) or (parse.intent == "nearest_center" and _near(parse))
    if parse.intent in INTERRUPTIONS and parse.confidence >= SURE:
        return True
    return "?" in parse.text and not free


def _near(parse: Parse) -> bool:
    """Whether a text asks what is near a place that it names for certain."""
    return parse.place.certain and parse.confidence >= SURE and "NEAR" in CONCEPTS.concepts(parse.words)


def _names_only(meant: Parse, draft: Draft) -> bool:
    """Whether a text names a village alone, where no name of a person is likely: Anna is a village too."""
    return meant.bare and (len(meant.words) > 1 or draft.asking in _BEFORE_PEOPLE)


def other_center(turn: Turn, draft: Draft, meant: Parse) -> Center | None:
    """The hall of another village, where a message names one instead of answering: "no, in Kachreti"."""
    place = meant.place
    if place.place is None or not place.certain or place.kind != "exact" or draft.asking in FREE_WORDS:
        return None
    if draft.moving is not None or not (_names_only(meant, draft) or meant.intent == "book_room"):
        return None
    found = centers.find(turn, place.place)
    center = found[0].center if found else None
    return center if center is not None and center.id != draft.center and center.hall is not None else None
