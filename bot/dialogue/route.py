"""What a message means in its conversation, and which answer it gets.

The order is: a location, something unreadable, a pressed choice, a number that picks a choice, an answer to the
question that was asked, and only then what the text says by itself.
"""

from __future__ import annotations

from bot.answers import account, centers, people
from bot.dialogue import bands, choices, intents
from bot.dialogue.turn import Turn
from bot.events import details, subscribing
from bot.events import reading as event_words
from bot.halls import flow, mine
from bot.staff import announcing, commands, handling
from bot.understanding import picks
from bot.understanding.parse import Parse
from bot.understanding.reader import Reader
from desk.messages import Reply

LONGEST_NAME = 3
"""Words of a settlement's name."""

FOLLOWED = frozenset({"hours", "contact", "services", "service", "events", "book_room", "nearest_center"})
"""Intents that go on when only another village is named: "and Kachreti?"."""


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
        return choices.chosen(turn, reader, inbound.choice)
    if not inbound.text.strip():
        return turn.reply("unreadable" if inbound.media else "empty")
    commanded = commands.commanded(turn)
    return commanded if commanded is not None else _written(turn, reader)


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
        return choices.chosen(turn, reader, turn.state.choices[picked])
    answered = _answer_to_question(turn, reader)
    if answered is not None:
        return answered
    booking = mine.named_in(turn) if mine.has_reference(turn.parse.words) else None
    if booking is not None:
        return mine.about(turn, booking)
    filled = flow.go_on(turn) if turn.state.form is not None else None
    if filled is not None:
        return filled
    if turn.parse.taught:
        return intents.by_intent(turn, turn.parse.intent)
    if mine.asks_for_another_time(turn):
        turn.parse = turn.parse.meaning("my_bookings")
        return mine.listing(turn)
    if not turn.parse.words or (turn.state.pending is None and picks.yes_or_no(turn.parse.words) is not None):
        return people.help_(intents.settled(turn))  # a sign, or a yes or no to nothing that was asked
    turn.parse = bands.settle_between(event_words.commanded(turn.parse))
    return intents.by_intent(turn, _in_context(turn))


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
    elif bands.asks_more(parse) and state.service is not None:
        turn.parse = parse.about(state.service).meaning("service")
    elif bands.asks_to_reach(parse) and state.center is not None:
        turn.parse = parse.meaning("contact")
    return turn.parse.intent


def _answer_to_question(turn: Turn, reader: Reader) -> Reply | None:
    """The reply where the text answers the question that was asked last; None where it says something else."""
    pending = turn.state.pending
    if pending is None:
        return None
    if pending.kind == "forget":
        agreed = picks.yes_or_no(turn.parse.words)
        return account.forget(intents.settled(turn), agreed) if agreed is not None else None
    if pending.kind == "yes_no" and len(turn.state.choices) == 2:
        agreed = picks.yes_or_no(turn.parse.words)
        return choices.chosen(turn, reader, turn.state.choices[0 if agreed else 1]) if agreed is not None else None
    if pending.kind == handling.DECLINE:
        return handling.answered(turn)
    if pending.kind == announcing.WRITE:
        return announcing.answered(turn)
    if pending.kind in {"event", "heads"}:
        return details.answered(turn)
    if pending.kind == "subscribe":
        return subscribing.answered(turn)
    if pending.kind == "language" and turn.parse.wanted_language is not None:
        return account.set_language(intents.settled(turn), turn.parse.wanted_language)
    if pending.kind == "service" and turn.parse.service is not None and len(turn.parse.services) == 1:
        return choices.chosen(turn, reader, f"service:{turn.parse.service}")
    if pending.kind == "place" and (turn.parse.bare or turn.parse.intent in {"nearest_center", "set_home"}):
        return _place_said(turn, reader)
    if pending.kind == "place" and _looks_like_a_name(turn.parse):
        turn.state.failures += 1
        return None if turn.state.failures > people.GIVE_UP_AFTER else turn.reply("place.unknown")
    return None


def _looks_like_a_name(parse: Parse) -> bool:
    """Whether a text may be the name of a settlement that we do not know."""
    says_nothing_else = parse.intent == "none" or parse.confidence < bands.SURE
    return len(parse.words) <= LONGEST_NAME and not parse.place and not parse.outside and says_nothing_else


def _place_said(turn: Turn, reader: Reader) -> Reply | None:
    pending, said = turn.state.pending, turn.parse.place
    if pending is None or not (said or said.municipality):
        return None
    candidates = [turn.snapshot.places[number] for number in pending.candidates if number in turn.snapshot.places]
    municipality = said.municipality or (said.place.municipality_en if said.place else None)
    among = [place for place in candidates if place in said.places or place.municipality_en == municipality]
    if len(among) == 1:
        return intents.with_place(turn, reader, among[0])
    if said.candidates:
        return centers.ask_which(turn, said.candidates, pending.intent or "nearest_center")
    return intents.with_place(turn, reader, said.place) if said.place else None
