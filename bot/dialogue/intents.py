"""The answer to each intent, once it is known what a text means; what is missing is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.answers import account, centers, opening, people, services
from bot.dialogue import bands
from bot.dialogue.turn import Turn
from bot.events import listing, subscribing, visits
from bot.halls import mine
from bot.understanding.reader import Reader
from desk import contacts
from desk.messages import Reply
from knowledge.types import Place

NEEDS_PLACE = frozenset({"nearest_center", "hours", "contact", "services", "events", "book_room", "set_home"})

ANSWERS: Mapping[str, Callable[[Turn], Reply]] = {
    "nearest_center": centers.nearest,
    "services": services.overview,
    "hours": opening.answer,
    "contact": centers.contact,
    "events": listing.events,
    "book_room": mine.book_or_move,
    "my_bookings": visits.bookings_or_visits,
    "cancel_booking": visits.cancel,
    "subscribe": subscribing.subscribe,
    "unsubscribe": subscribing.unsubscribe,
    "set_home": account.set_home,
    "language": account.language,
    "help": people.help_,
    "human": people.human,
    "greeting": people.greeting,
    "thanks": people.thanks,
    "stop": account.stop,
    "start": account.start,
    "forget_me": account.forget_me,
    "none": people.no_idea,
}


def by_intent(turn: Turn, intent: str) -> Reply:
    """The answer to a text that means ``intent``, asking back where it is not sure or something is missing."""
    parse = turn.parse
    sure = bands.SURE_IN_CONTEXT if _goes_on(turn) and not parse.outside else bands.sure_from(parse)
    settled(turn)
    if intent == "none" or parse.confidence < bands.UNSURE:
        return people.no_idea(turn)
    if intent == "stop" and parse.confidence < bands.STOP_SURE:
        return people.unsure(turn)
    if parse.confidence < sure:
        return people.unsure(turn)
    turn.state.failures = 0
    turn.state.intent = intent
    if intent in NEEDS_PLACE and parse.place.candidates:
        return centers.ask_which(turn, parse.place.candidates, intent)
    if intent == "service":
        return _service(turn)
    if intent == "set_home" and parse.place.place is not None and bands.names_one_service(parse):
        contacts.set_home(turn.contact, parse.place.place.id)
        intent = "nearest_center"
    if intent == "nearest_center" and parse.service is not None:
        return _service_nearby(turn, parse.service)
    return ANSWERS[intent](turn)


def with_place(turn: Turn, reader: Reader, place: Place) -> Reply:
    """Goes on with what was asked before, now that the place is known."""
    pending = turn.state.pending
    intent = (pending.intent if pending else None) or "nearest_center"
    parse = reader.read(pending.text, turn.snapshot, turn.locale) if pending and pending.text else turn.parse
    if pending and pending.service and parse.service is None:
        parse = parse.about(pending.service)
    turn.parse = parse.at(place).meaning(intent)
    return by_intent(turn, intent)


def settled(turn: Turn) -> Turn:
    """The turn, after nothing is asked any more."""
    turn.state.pending = None
    turn.state.choices = []
    return turn


def _goes_on(turn: Turn) -> bool:
    """Whether a few words are likely to go on about the centre or the service that was talked about."""
    known = turn.state.center is not None or turn.state.service is not None
    return known and turn.state.intent is not None and len(turn.parse.words) <= bands.SHORT_QUESTION


def _service(turn: Turn) -> Reply:
    if turn.parse.place.candidates:
        return centers.ask_which(turn, turn.parse.place.candidates, "service")
    if len(turn.parse.services) > 1:
        return services.which(turn, turn.parse.services)
    slug = turn.parse.service or (turn.state.service if turn.parse.aspects else None)
    return services.one(turn, slug) if slug else services.overview(turn)


def _service_nearby(turn: Turn, slug: str) -> Reply:
    """Where is it, and what about the service: both were asked."""
    where = centers.nearest(turn)
    if turn.state.pending is not None:
        return where
    turn.state.intent = "service"  # "and in Kachreti?" asks for the service there
    about = services.one(turn, slug)
    short = (where.wording(small_screen=True)[0], *about.wording(small_screen=True))
    texts = (*where.texts[:2], *about.texts[:-1], *where.texts[2:])
    return Reply(texts, turn.locale, short=short, pins=where.pins, offers=where.offers)
