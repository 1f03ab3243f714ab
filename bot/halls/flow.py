"""Filling in the form, one message at a time: take what is said, check it, ask for what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time

from bot.answers import centers, people
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.halls import asking, checking, finishing, reading, words
from bot.halls.draft import MOST_PEOPLE, NAME_LIMIT, SLOTS, SUBJECT_LIMIT, Draft, Slot
from bot.halls.reading import Said
from bot.understanding import picks
from bot.understanding.parse import Parse
from bot.understanding.reader import CONCEPTS
from bot.understanding.when import Asked, Problem, Reading
from desk.halls.bookings import Booking
from desk.halls.requests import APPLICANTS, EQUIPMENT
from desk.halls.rules import rules_for
from desk.messages import Reply
from knowledge.types import Center
from store import clock

_ASKED: Mapping[str, Asked] = {"day": "date", "start": "time", "minutes": "duration", "at": "time"}

INTERRUPTIONS = frozenset(
    {
        *("nearest_center", "services", "service", "hours", "contact", "events", "my_bookings", "cancel_booking"),
        *("language", "help", "human", "subscribe", "unsubscribe", "set_home", "forget_me", "stop", "start"),
    }
)
"""Intents that are answered in the middle of the form, which then goes on."""

SURE, SURE_WITHOUT_ASKING = 0.75, 0.93
"""The probability from which on a message is such an interruption; of one that asks nothing, the second."""

QUESTIONS = frozenset(
    {"WHERE", "NEAR", "QUESTION_WORD", "COST", "PHONE", "ADDRESS", "HOURS_WORD", "SERVICES_WORD", "DOCUMENT"}
)
"""Words that ask something, also without a question mark."""

FEW_WORDS = 5
_OF_THEMSELVES = frozenset({"stop", "start", "forget_me", "language", "help", "human", "cancel_booking"})
_FREE_WORDS = frozenset({"subject", "name"})
_NO_SUCH: Mapping[Problem, Slot] = {"no_such_date": "day", "no_such_time": "start"}


def begin(turn: Turn) -> Reply:
    """Somebody wants a hall: takes all that they said, and asks for the rest."""
    center = centers.target(turn)
    if center is None:
        return centers.ask_place(turn, "book_room")
    centers.remember(turn, center, turn.parse.place.place)
    refusals = finishing.standing_against(turn, center)
    if refusals:
        return turn_away(turn, *refusals)
    draft = Draft(center.id)
    said = reading.read(turn.parse.text, clock.local_now(), turn.parse.place)
    _take(draft, said)
    reply = _go_on(turn, draft, center, said)
    small = turn.say("hall.in", center=words.center(turn.locale, center.id, turn.snapshot, short=True))
    short = (small, *reply.wording(small_screen=True))
    return replace(reply, texts=(*_introduction(turn, center), *reply.texts), short=short)


def _introduction(turn: Turn, center: Center) -> list[str]:
    """Which hall it is, and its rules, for whoever has the room to read them."""
    told = [turn.say("hall.in", center=turn.center_name(center))]
    if center.hall is not None and center.hall.capacity is not None:
        told.append(turn.say("center.hall", capacity=center.hall.capacity))
    business_days = rules_for(turn.session, center.id).min_business_days
    return [*told, turn.say("hall.who"), turn.say("hall.rule", days=business_days)]


def turn_away(turn: Turn, *sentences: str) -> Reply:
    """The form is not begun, or ended, and why."""
    turn.state.form = None
    turn.state.choices = []
    return Reply(sentences, turn.locale)


def move(turn: Turn, booking: Booking) -> Reply:
    """Another time for a booking; what the message says about when is taken at once."""
    center = turn.snapshot.centers.get(booking.center_id)
    if center is None:
        return turn.reply("hall.gone")
    draft = Draft(center.id, minutes=int(booking.duration.total_seconds()) // 60, moving=booking.id)
    said = reading.read(
        turn.parse.text if turn.inbound.choice is None else "", clock.local_now(), turn.parse.place
    )
    _take(draft, said)
    return _go_on(turn, draft, center, said)


def go_on(turn: Turn) -> Reply | None:
    """The answer to a written message while the form is open; None where it is about something else."""
    draft = Draft.from_json(turn.state.form or {"center": 0})
    center = checking.center_of(turn, draft)
    if center is None:
        return turn_away(turn, turn.say("hall.gone"))
    said = reading.read(
        turn.inbound.text, clock.local_now(), turn.parse.place, asked=_ASKED.get(draft.asking or "")
    )
    meant, turn.parse = turn.parse, turn.parse.meaning("book_room")
    control = reading.control(said.words)
    if control is not None and control in _CONTROLS and not (control == "change" and said.when):
        return _CONTROLS[control](turn, draft, center)
    if draft.asking == "check" and picks.yes_or_no(said.words) is not None and not said:
        agreed = picks.yes_or_no(said.words)
        return finishing.submit(turn, draft, center) if agreed else asking.what_to_change(turn, draft, center)
    other = _other_center(turn, draft, meant)
    if other is not None:
        draft.center, draft.wait = other.id, False
        _take(draft, said)
        return _go_on(turn, draft, other, said, turn.say("hall.in", center=turn.center_name(other)))
    if _interrupts(meant, draft, said):
        turn.parse = meant
        return None
    if draft.asking == "check":
        return _checked(turn, draft, center, said)
    before = draft.to_json()
    _take(draft, said)
    understood = _answer(draft, said, turn) or draft.to_json() != before or said.when.problem is not None
    return _go_on(turn, draft, center, said) if understood else asking.again(turn, draft, center)


def keeps_language(state: State, parse: Parse) -> bool:
    """Whether a message says too little of its language to change it: a name, a subject, an hour."""
    if state.form is None:
        return False
    return state.form.get("asking") in _FREE_WORDS or len(parse.words) <= FEW_WORDS


def remind(turn: Turn, reply: Reply) -> Reply:
    """Another answer in the middle of the form, and then its question again."""
    draft = Draft.from_json(turn.state.form or {"center": 0})
    center = checking.center_of(turn, draft)
    if center is None or reply.choices or turn.state.pending is not None or reply.silent:
        return reply
    asked = _go_on(turn, draft, center, None)
    short = (*reply.wording(small_screen=True), *asked.wording(small_screen=True))
    texts = (*reply.texts, *asked.texts)
    return Reply(texts, turn.locale, asked.choices, asked.offers, short, reply.pins, reply.files)


def pressed(turn: Turn, what: str) -> Reply | None:
    """A pressed button of the form, or the number of a choice; None for one that is not ours."""
    if turn.state.form is None:
        return turn.reply("hall.gone")
    draft = Draft.from_json(turn.state.form)
    center = checking.center_of(turn, draft)
    if center is None:
        return turn_away(turn, turn.say("hall.gone"))
    kind, _, value = what.partition(":")
    if kind in _CONTROLS and not value:
        return _CONTROLS[kind](turn, draft, center)
    try:
        known = _choose(draft, kind, value)
    except ValueError:
        known = False
    return _go_on(turn, draft, center, None) if known else None


def _choose(draft: Draft, kind: str, value: str) -> bool:
    """Takes a pressed value. Raises ValueError for one that makes no sense."""
    match kind:
        case "day":
            draft.fill("day", date.fromisoformat(value).isoformat())
        case "start":
            draft.fill("start", f"{time.fromisoformat(value):%H:%M}")
        case "at":
            day, _, at = value.partition("T")
            draft.fill("day", date.fromisoformat(day).isoformat())
            draft.fill("start", f"{time.fromisoformat(at):%H:%M}")
        case "minutes":
            draft.fill("minutes", max(0, int(value)) or None)
        case "who" if value in APPLICANTS:
            draft.fill("applicant", value)
        case "gear" if value in {"none", *EQUIPMENT}:
            draft.fill("equipment", [] if value == "none" else [value])
        case "change" if value in draft.wanted:
            draft.clear(value)
        case _:
            return False
    return True


def _go_on(turn: Turn, draft: Draft, center: Center, said: Said | None, *lead: str) -> Reply:
    """Checks the time, and asks what is missing or whether all is right."""
    if said is not None and said.when.problem is not None:
        lead = (*lead, turn.say(f"hall.problem.{said.when.problem}"))
        if said.when.problem in _NO_SUCH:
            draft.clear(_NO_SUCH[said.when.problem])
    elif said is not None and len(meant := _possible(turn, draft, center, said)) > 1:
        for slot in _unclear(meant):
            draft.clear(slot)
        return asking.which(turn, draft, meant, *lead)
    against = checking.trouble(turn, draft, center)
    if against is None:
        return asking.question(turn, draft, center, *lead)
    if against.too_long:
        draft.clear("minutes")
        return asking.question(turn, draft, center, *lead, against.why)
    reply = asking.instead(turn, draft, against, *lead)
    if not against.taken:
        draft.clear("start")
        if against.whole_day:
            draft.clear("day")
        turn.state.form = draft.to_json()
    return reply


def _possible(turn: Turn, draft: Draft, center: Center, said: Said) -> list[Reading]:
    """The readings of an unclear day or hour at which the hall can be had; of just one nothing need be asked."""
    if draft.day is None or not said.when.ambiguous:
        return []
    readings = [reading for reading in said.when.ambiguous if checking.is_bookable(turn, draft, center, reading)]
    if len(readings) == 1:
        _take_reading(draft, readings[0])
    return readings


def _take_reading(draft: Draft, reading: Reading) -> None:
    if reading.date is not None:
        draft.fill("day", reading.date.isoformat())
    if reading.start is not None:
        draft.fill("start", f"{reading.start:%H:%M}")


def _unclear(readings: Sequence[Reading]) -> list[Slot]:
    unclear: list[Slot] = []
    if len({reading.date for reading in readings}) > 1:
        unclear.append("day")
    if len({reading.start for reading in readings}) > 1:
        unclear.append("start")
    return unclear


def _take(draft: Draft, said: Said) -> None:
    """Takes everything that a text says, whatever was asked for."""
    found = said.when
    _take_reading(draft, Reading(found.date, found.start))
    if found.minutes is not None:
        draft.fill("minutes", found.minutes)
    if draft.moving is not None:
        return
    if said.people is not None and 0 < said.people <= MOST_PEOPLE:
        draft.fill("people", said.people)
    if said.equipment:
        draft.fill("equipment", list(said.equipment))
    if said.subject is not None and draft.subject is None:
        draft.fill("subject", said.subject[:SUBJECT_LIMIT])


def _answer(draft: Draft, said: Said, turn: Turn) -> bool:
    """Takes a text as the answer to what was asked for; whether it is one."""
    text = " ".join(turn.inbound.text.split())
    match draft.asking:
        case "subject" if not said.when and said.people is None and any(map(str.isalpha, text)):
            draft.fill("subject", text[:SUBJECT_LIMIT])
        case "people":
            count = said.people if said.people is not None else reading.number(said.words)
            draft.fill("people", count if count is not None and 0 < count <= MOST_PEOPLE else None)
        case "applicant":
            draft.fill("applicant", reading.applicant(said.words))
        case "equipment":
            gear = _numbered_gear(text)
            gear = reading.gear(said.words) if gear is None else gear
            draft.fill("equipment", list(gear) if gear is not None else None)
        case "name" if _may_be_a_name(said):
            draft.fill("name", text[:NAME_LIMIT])
    return draft.asking in SLOTS and getattr(draft, draft.asking) is not None


def _may_be_a_name(said: Said) -> bool:
    return any(word.raw.isalpha() for word in said.words) and picks.yes_or_no(said.words) is None


def _numbered_gear(text: str) -> tuple[str, ...] | None:
    """Several numbers of the list of equipment: "2 3", "2,4"."""
    numbers = text.replace(",", " ").split()
    if not numbers or not all(number in {"1", "2", "3", "4"} for number in numbers):
        return None
    return tuple(EQUIPMENT[int(number) - 2] for number in dict.fromkeys(numbers) if number != "1")


def _other_center(turn: Turn, draft: Draft, meant: Parse) -> Center | None:
    """The hall of another village, where a message names one instead of answering: "no, in Kachreti"."""
    place = meant.place
    if place.place is None or not place.certain or place.kind != "exact" or draft.asking in _FREE_WORDS:
        return None
    if draft.moving is not None or not (meant.bare or meant.intent == "book_room"):
        return None
    found = centers.find(turn, place.place)
    center = found[0].center if found else None
    return center if center is not None and center.id != draft.center and center.hall is not None else None


def _interrupts(parse: Parse, draft: Draft, said: Said) -> bool:
    """Whether a message is a question of its own. A name alone is one of a person, where that was asked for."""
    if parse.intent not in INTERRUPTIONS or said:
        return False
    free = draft.asking in _FREE_WORDS
    if parse.bare and (free or parse.place.kind != "exact"):
        return False
    asks = "?" in parse.text or not QUESTIONS.isdisjoint(CONCEPTS.concepts(parse.words))
    if not asks:
        return parse.intent in _OF_THEMSELVES and parse.confidence >= SURE_WITHOUT_ASKING
    return parse.confidence >= SURE


def _checked(turn: Turn, draft: Draft, center: Center, said: Said) -> Reply:
    """What is to be different from the summary: "no, Thursday"."""
    before = draft.to_json()
    subject = draft.subject
    _take(draft, said)
    draft.subject = subject
    if draft.to_json() == before:
        return asking.again(turn, draft, center)
    return _go_on(turn, draft, center, said)


def _back(turn: Turn, draft: Draft, center: Center) -> Reply:
    """The question before, asked again; at the first one the form ends."""
    if not draft.answered:
        return _quit(turn, draft, center)
    draft.clear(draft.answered[-1])  # type: ignore[arg-type]
    return _go_on(turn, draft, center, None)


def _quit(turn: Turn, _draft: Draft, _center: Center) -> Reply:
    kept = turn_away(turn, turn.say("hall.nothing_booked"))
    return Reply(kept.texts, turn.locale, offers=people.menu(turn))


def _wait(turn: Turn, draft: Draft, center: Center) -> Reply:
    """The person wants to stand in line for the taken time."""
    if draft.moving is not None or draft.starts_at is None:
        return asking.again(turn, draft, center)
    draft.wait = True
    return _go_on(turn, draft, center, None)


def _skip(turn: Turn, draft: Draft, center: Center) -> Reply:
    """Equipment may be left open; everything else must be known."""
    if draft.asking != "equipment":
        return asking.again(turn, draft, center)
    draft.fill("equipment", [])
    return _go_on(turn, draft, center, None)


_CONTROLS: Mapping[str, Callable[[Turn, Draft, Center], Reply]] = {
    "back": _back,
    "quit": _quit,
    "wait": _wait,
    "skip": _skip,
    "change": asking.what_to_change,
    "yes": lambda turn, draft, center: finishing.submit(turn, draft, center),
}
