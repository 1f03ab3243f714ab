"""What a message means in its conversation, and which answer it gets.

The order is: a location, something unreadable, a pressed choice, a number that picks a choice, an answer to the
question that was asked, and only then what the text says by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.answers import account, centers, opening, people, services
from bot.dialogue.turn import Turn
from bot.events import details, listing, pressing, subscribing, visits
from bot.events import reading as event_words
from bot.halls import flow, mine
from bot.staff import handling
from bot.understanding import picks, when
from bot.understanding.lexicon import OUTSIDE
from bot.understanding.parse import Parse
from bot.understanding.reader import CONCEPTS, Reader
from desk import contacts
from desk.messages import Reply
from knowledge.types import Place
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

NEEDS_PLACE = frozenset({"nearest_center", "hours", "contact", "services", "events", "book_room", "set_home"})
LONGEST_NAME = 3
"""Words of a settlement's name."""

SHORT_QUESTION = 6
"""Words of a question that may go on about what was talked about."""

FOLLOWED = frozenset({"hours", "contact", "services", "service", "events", "book_room", "nearest_center"})
"""Intents that go on when only another village is named: "and Kachreti?"."""

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


def respond(turn: Turn, reader: Reader) -> Reply:
    """The reply to the message of this turn; changes the state of the conversation.

    What is asked in the middle of a form is answered, and then the form's question comes again.
    """
    reply = _answer(turn, reader)
    if turn.contact.opted_out_at is not None:
        turn.state.form = None
    return flow.remind(turn, reply) if turn.state.form is not None and not turn.in_form else reply


def _answer(turn: Turn, reader: Reader) -> Reply:
    inbound = turn.inbound
    if inbound.location is not None:
        return _located(turn, *inbound.location)
    if inbound.choice is not None:
        return _chosen(turn, reader, inbound.choice)
    if not inbound.text.strip():
        return turn.reply("unreadable" if inbound.media else "empty")
    return _written(turn, reader)


def _located(turn: Turn, lat: float, lon: float) -> Reply:
    """What a shared location means: the village, where that was asked for, or else the nearest centre."""
    pending = turn.state.pending
    if pending is not None and pending.kind == "place" and pending.intent == "set_home":
        turn.parse = turn.parse.meaning("set_home")
        return account.home_at(turn, lat, lon)
    turn.parse = turn.parse.meaning("nearest_center")
    return centers.at_location(turn, lat, lon)


def _written(turn: Turn, reader: Reader) -> Reply:
    picked = picks.number(turn.parse.words, len(turn.state.choices))
    if picked is not None:
        return _chosen(turn, reader, turn.state.choices[picked])
    answered = _answer_to_question(turn, reader)
    if answered is not None:
        return answered
    booking = mine.named_in(turn) if mine.has_reference(turn.parse.words) else None
    if booking is not None:
        return mine.about(turn, booking)
    filled = flow.go_on(turn) if turn.state.form is not None else None
    if filled is not None:
        return filled
    if mine.asks_for_another_time(turn):
        turn.parse = turn.parse.meaning("my_bookings")
        return mine.listing(turn)
    if not turn.parse.words or (turn.state.pending is None and picks.yes_or_no(turn.parse.words) is not None):
        return people.help_(_settled(turn))  # a sign, or a yes or no to nothing that was asked
    turn.parse = _settle_between(event_words.commanded(turn.parse))
    return by_intent(turn, _in_context(turn))


def by_intent(turn: Turn, intent: str) -> Reply:
    """The answer to a text that means ``intent``, asking back where it is not sure or something is missing."""
    parse = turn.parse
    sure = SURE_IN_CONTEXT if _goes_on(turn) and not parse.outside else sure_from(parse)
    turn.state.pending = None
    turn.state.choices = []
    if intent == "none" or parse.confidence < UNSURE:
        return people.no_idea(turn)
    if intent == "stop" and parse.confidence < STOP_SURE:
        return people.unsure(turn)
    if parse.confidence < sure:
        return people.unsure(turn)
    turn.state.failures = 0
    turn.state.intent = intent
    if intent in NEEDS_PLACE and parse.place.candidates:
        return centers.ask_which(turn, parse.place.candidates, intent)
    if intent == "service":
        return _service(turn)
    if intent == "set_home" and parse.place.place is not None and _names_one_service(parse):
        contacts.set_home(turn.contact, parse.place.place.id)
        intent = "nearest_center"
    if intent == "nearest_center" and parse.service is not None:
        return _service_nearby(turn, parse.service)
    return ANSWERS[intent](turn)


def sure_from(parse: Parse) -> float:
    """The probability from which on this text is answered: higher where it smells of somebody else's business."""
    if parse.intent == "service" and _names_one_service(parse):
        return SURE_OUTSIDE_NAMED if parse.outside else SURE
    guessed = parse.intent == "service" and not (parse.services and parse.services[0].score >= TOLD)
    return SURE_OUTSIDE if guessed or (parse.outside and parse.intent in OURS_OR_NOT) else SURE


def _settle_between(parse: Parse) -> Parse:
    """Where only "which service" and "where" compete and both are named, both are answered."""
    likely = dict(parse.ranking)
    both = likely.get("service", 0.0) + likely.get("nearest_center", 0.0)
    if parse.intent in {"service", "nearest_center"} and parse.confidence < SURE <= both:
        named = parse.service is not None and bool(parse.place)
        return parse.meaning("nearest_center" if named else parse.intent)
    if likely.get("book_room", 0.0) >= LIKELY_HALL and parse.confidence < SURE and _wants_hall_at(parse):
        return parse.meaning("book_room")
    if parse.intent == "none" and parse.confidence < SURE and not parse.outside and _names_one_service(parse):
        return parse.meaning("service")
    if parse.intent == "service" and parse.confidence >= SURE_IN_CONTEXT and _names_one_service(parse):
        return parse if parse.outside else parse.meaning("service")
    return parse


def _wants_hall_at(parse: Parse) -> bool:
    """Whether a text names a hall, a day and an hour: nobody asks for opening hours so."""
    said = when.read(parse.text, clock.local_now())
    return "HALL" in CONCEPTS.concepts(parse.words) and said.date is not None and said.start is not None


def _names_one_service(parse: Parse) -> bool:
    return len(parse.services) == 1 and parse.services[0].weight >= TELLING


def _goes_on(turn: Turn) -> bool:
    """Whether a few words are likely to go on about the centre or the service that was talked about."""
    known = turn.state.center is not None or turn.state.service is not None
    return known and turn.state.intent is not None and len(turn.parse.words) <= SHORT_QUESTION


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


def _in_context(turn: Turn) -> str:
    """The intent of the text, or of the one before it where the text only names another village or day."""
    parse, state = turn.parse, turn.state
    if parse.bare and parse.place and parse.follows and not parse.services and state.intent in FOLLOWED:
        if parse.day is not None and state.intent != "events":
            turn.parse = parse.meaning("hours")
        elif state.intent == "service" and state.service is not None:
            turn.parse = parse.about(state.service).meaning("nearest_center")
        else:
            turn.parse = parse.meaning(state.intent)
    elif parse.bare and parse.day is not None and not parse.place and state.intent != "events":
        turn.parse = parse.meaning("hours")
    elif _asks_more(parse) and state.service is not None:
        turn.parse = parse.about(state.service).meaning("service")
    elif _asks_to_reach(parse) and state.center is not None:
        turn.parse = parse.meaning("contact")
    return turn.parse.intent


def _asks_more(parse: Parse) -> bool:
    """Whether a few words ask for one more fact of the service that was talked about: "how much is it?"."""
    named = any(hit.weight >= TELLING for hit in parse.services)
    alone = not parse.place and not named and parse.day is None and len(parse.words) <= SHORT_QUESTION
    open_question = parse.intent in {"none", "service", "services"} or parse.confidence < SURE
    return alone and bool(parse.aspects) and open_question


def _asks_to_reach(parse: Parse) -> bool:
    """Whether a few unclear words ask how to reach the centre that was talked about: "and the phone?"."""
    if parse.place or parse.aspects or len(parse.words) > SHORT_QUESTION:
        return False
    if parse.intent == "contact" or parse.confidence >= SURE:
        return parse.intent == "contact" and parse.confidence >= UNSURE
    concepts = CONCEPTS.concepts(parse.words)
    return not concepts.isdisjoint(REACHING) and not any(concept.startswith(OUTSIDE) for concept in concepts)


def _answer_to_question(turn: Turn, reader: Reader) -> Reply | None:
    """The reply where the text answers the question that was asked last; None where it says something else."""
    pending = turn.state.pending
    if pending is None:
        return None
    if pending.kind == "forget":
        agreed = picks.yes_or_no(turn.parse.words)
        return account.forget(_settled(turn), agreed) if agreed is not None else None
    if pending.kind == "yes_no" and len(turn.state.choices) == 2:
        agreed = picks.yes_or_no(turn.parse.words)
        return _chosen(turn, reader, turn.state.choices[0 if agreed else 1]) if agreed is not None else None
    if pending.kind == handling.DECLINE:
        return handling.answered(turn)
    if pending.kind in {"event", "heads"}:
        return details.answered(turn)
    if pending.kind == "subscribe":
        return subscribing.answered(turn)
    if pending.kind == "language" and turn.parse.wanted_language is not None:
        return account.set_language(_settled(turn), turn.parse.wanted_language)
    if pending.kind == "service" and turn.parse.service is not None and len(turn.parse.services) == 1:
        return _chosen(turn, reader, f"service:{turn.parse.service}")
    if pending.kind == "place" and (turn.parse.bare or turn.parse.intent in {"nearest_center", "set_home"}):
        return _place_said(turn, reader)
    if pending.kind == "place" and _looks_like_a_name(turn.parse):
        turn.state.failures += 1
        return None if turn.state.failures > people.GIVE_UP_AFTER else turn.reply("place.unknown")
    return None


def _looks_like_a_name(parse: Parse) -> bool:
    """Whether a text may be the name of a settlement that we do not know."""
    says_nothing_else = parse.intent == "none" or parse.confidence < SURE
    return len(parse.words) <= LONGEST_NAME and not parse.place and not parse.outside and says_nothing_else


def _place_said(turn: Turn, reader: Reader) -> Reply | None:
    pending, said = turn.state.pending, turn.parse.place
    if pending is None or not (said or said.municipality):
        return None
    candidates = [turn.snapshot.places[number] for number in pending.candidates if number in turn.snapshot.places]
    municipality = said.municipality or (said.place.municipality_en if said.place else None)
    among = [place for place in candidates if place in said.places or place.municipality_en == municipality]
    if len(among) == 1:
        return _with_place(turn, reader, among[0])
    if said.candidates:
        return centers.ask_which(turn, said.candidates, pending.intent or "nearest_center")
    return _with_place(turn, reader, said.place) if said.place else None


def _with_place(turn: Turn, reader: Reader, place: Place) -> Reply:
    """Goes on with what was asked before, now that the place is known."""
    pending = turn.state.pending
    intent = (pending.intent if pending else None) or "nearest_center"
    parse = reader.read(pending.text, turn.snapshot, turn.locale) if pending and pending.text else turn.parse
    if pending and pending.service and parse.service is None:
        parse = parse.about(pending.service)
    turn.parse = parse.at(place).meaning(intent)
    return by_intent(turn, intent)


def _settled(turn: Turn) -> Turn:
    turn.state.pending = None
    turn.state.choices = []
    return turn


def _chosen(turn: Turn, reader: Reader, value: str) -> Reply:
    """What a pressed button or a picked number stands for."""
    kind, _, what = value.partition(":")
    handler = _CHOICES.get(kind)
    reply = handler(turn, reader, what) if handler else None
    return reply if reply is not None else turn.reply("choice.gone")


def _choose_place(turn: Turn, reader: Reader, what: str) -> Reply | None:
    place = turn.snapshot.places.get(int(what)) if what.isdecimal() else None
    return _with_place(turn, reader, place) if place else None


def _choose_home(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    place = turn.snapshot.places.get(int(what)) if what.isdecimal() else None
    return account.remember_home(_settled(turn), place) if place else None


def _choose_center(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    center = turn.snapshot.centers_by_slug.get(what)
    return centers.details(_settled(turn), center) if center else None


def _choose_service(turn: Turn, reader: Reader, what: str) -> Reply | None:
    if what not in turn.snapshot.services:
        return None
    pending = turn.state.pending
    if pending is not None and pending.kind == "service" and pending.text:
        turn.parse = reader.read(pending.text, turn.snapshot, turn.locale)
    turn.parse = turn.parse.about(what).meaning("service")
    return by_intent(turn, "service")


def _choose_category(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    return services.category(_settled(turn), what) if what in services.CATEGORIES else None


def _choose_intent(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    if what == "start":
        return account.first_steps(_settled(turn))
    if what not in ANSWERS and what != "service":
        return None
    turn.parse = turn.parse.meaning(what)
    return by_intent(turn, what)


def _choose_meaning(turn: Turn, reader: Reader, what: str) -> Reply | None:
    pending = turn.state.pending
    if pending is None or (what not in ANSWERS and what != "service"):
        return None
    turn.parse = reader.read(pending.text, turn.snapshot, turn.locale).meaning(what)
    return by_intent(turn, what)


def _choose_language(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    locale = account.locale_of(what)
    return account.set_language(_settled(turn), locale) if locale else None


def _choose_first_language(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    locale = account.locale_of(what)
    return account.hello(_settled(turn), locale) if locale else None


def _choose_forget(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    return account.forget(_settled(turn), what == "yes") if what in {"yes", "no"} else None


def _choose_desk(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    return handling.pressed(turn, what)


def _choose_hall(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    turn.parse = turn.parse.meaning("book_room")
    return flow.pressed(turn, what)


def _choose_booking(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    turn.parse = turn.parse.meaning("my_bookings")
    return mine.pressed(turn, what)


def _choose_wait(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    turn.parse = turn.parse.meaning("my_bookings")
    return mine.leave(turn, what)


_CHOICES: Mapping[str, Callable[[Turn, Reader, str], Reply | None]] = {
    "place": _choose_place,
    "home": _choose_home,
    "center": _choose_center,
    "service": _choose_service,
    "category": _choose_category,
    "intent": _choose_intent,
    "as": _choose_meaning,
    "lang": _choose_language,
    "hello": _choose_first_language,
    "forget": _choose_forget,
    "hall": _choose_hall,
    "desk": _choose_desk,
    "booking": _choose_booking,
    "wait": _choose_wait,
    "event": pressing.event,
    "topic": pressing.topic,
    "sub": pressing.subscription,
    "remind": pressing.reminders,
}
