"""How sure is sure enough: from which probability on a text is answered, asked about, or given up."""

from __future__ import annotations

from bot.understanding import when
from bot.understanding.lexicon import OUTSIDE
from bot.understanding.parse import Parse
from bot.understanding.reader import CONCEPTS
from store import clock

SURE = 0.6
"""From this probability on an intent is answered."""

SURE_OUTSIDE = 0.9
"""The same where words of other businesses are in the text, or a service is meant and none is recognised."""

SURE_OUTSIDE_NAMED = 0.75
"""The same where the text names one of our services all the same."""

OURS_OR_NOT = frozenset({"service", "hours", "contact", "nearest_center", "events", "book_room"})
"""Intents that a shop, a clinic or a cinema could be asked about just as well."""

SURE_IN_CONTEXT = 0.45
"""The same for a few words that go on about what was talked about."""

STOP_SURE = 0.9
"""Stopping is final, so it is asked about unless it is said in so many words."""

LIKELY_HALL = 0.15
"""The probability from which on a text that names a hall, a day and an hour asks to book it."""

TELLING = 3.0
"""The weight from which on words name a service and nothing else."""

TOLD = 0.6
"""A service with a lower score is only a guess: the text may be none of our business."""

UNSURE = 0.36
"""From this probability on the resident is asked what they meant; below it the assistant has no idea."""

REACHING = frozenset({"PHONE", "ADDRESS", "EMAIL"})
"""Words that ask how to reach a centre."""

SHORT_QUESTION = 6
"""Words of a question that may go on about what was talked about."""


def sure_from(parse: Parse) -> float:
    """The probability from which on this text is answered: higher where it smells of somebody else's business."""
    if parse.intent == "service" and names_one_service(parse):
        return SURE_OUTSIDE_NAMED if parse.outside else SURE
    guessed = parse.intent == "service" and not (parse.services and parse.services[0].score >= TOLD)
    return SURE_OUTSIDE if guessed or (parse.outside and parse.intent in OURS_OR_NOT) else SURE


def settle_between(parse: Parse) -> Parse:
    """What a text means that can be read in two ways; a service and a place, both named, are both answered."""
    if _asks_whether_there(parse):
        return parse.meaning("nearest_center")
    if parse.intent == "set_home" and parse.confidence < SURE and parse.place and len(parse.services) == 1:
        return parse.meaning("nearest_center")  # "I am from Kabali, is there internet?"
    likely = dict(parse.ranking)
    both = likely.get("service", 0.0) + likely.get("nearest_center", 0.0)
    if parse.intent in {"service", "nearest_center"} and parse.confidence < SURE <= both:
        named = parse.service is not None and bool(parse.place)
        return parse.meaning("nearest_center" if named else parse.intent)
    if likely.get("book_room", 0.0) >= LIKELY_HALL and parse.confidence < SURE and _wants_hall_at(parse):
        return parse.meaning("book_room")
    if parse.intent == "none" and parse.confidence < SURE and not parse.outside and names_one_service(parse):
        return parse.meaning("service")
    if parse.intent == "service" and parse.confidence >= SURE_IN_CONTEXT and names_one_service(parse):
        return parse if parse.outside else parse.meaning("service")
    return parse


def _asks_whether_there(parse: Parse) -> bool:
    """Whether a text asks if one service is to be had at a place, and nothing else about it."""
    named = bool(parse.place) and names_one_service(parse)
    if parse.intent != "service" or not named or not {"who"}.issuperset(parse.aspects):
        return False
    return parse.confidence >= sure_from(parse) and "CAN_DO_THERE" in CONCEPTS.concepts(parse.words)


def _wants_hall_at(parse: Parse) -> bool:
    """Whether a text names a hall, a day and an hour: nobody asks for opening hours so."""
    said = when.read(parse.text, clock.local_now())
    return "HALL" in CONCEPTS.concepts(parse.words) and said.date is not None and said.start is not None


def names_one_service(parse: Parse) -> bool:
    """Whether the text's words stand for one service and nothing else."""
    return len(parse.services) == 1 and parse.services[0].weight >= TELLING


def asks_more(parse: Parse) -> bool:
    """Whether a few words ask for one more fact of the service that was talked about: "how much is it?"."""
    named = any(hit.weight >= TELLING for hit in parse.services)
    alone = not parse.place and not named and parse.day is None and len(parse.words) <= SHORT_QUESTION
    open_question = parse.intent in {"none", "service", "services"} or parse.confidence < SURE
    return alone and bool(parse.aspects) and open_question


def asks_to_reach(parse: Parse) -> bool:
    """Whether a few unclear words ask how to reach the centre that was talked about: "and the phone?"."""
    if parse.place or parse.aspects or len(parse.words) > SHORT_QUESTION:
        return False
    if parse.intent == "contact" or parse.confidence >= SURE:
        return parse.intent == "contact" and parse.confidence >= UNSURE
    concepts = CONCEPTS.concepts(parse.words)
    return not concepts.isdisjoint(REACHING) and not any(concept.startswith(OUTSIDE) for concept in concepts)
