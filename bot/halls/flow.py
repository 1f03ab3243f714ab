"""Filling in the form, one message at a time: take what is said, check it, ask for what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.answers import centers
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.halls import asides, asking, checking, finishing, reading, steering, taking, words
from bot.halls.asking import Lead
from bot.halls.draft import FREE_WORDS, SLOTS, Draft, Slot
from bot.halls.reading import Said
from bot.understanding import picks
from bot.understanding.parse import Parse
from bot.understanding.when import Problem, Reading
from desk.halls import days
from desk.halls.bookings import Booking
from desk.halls.rules import rules_for
from desk.messages import Reply
from knowledge.types import Center
from store import clock

FEW_WORDS = 5
_NO_SUCH: Mapping[Problem, Slot] = {"no_such_date": "day", "no_such_time": "start"}


def begin(turn: Turn) -> Reply:
    """Somebody wants a hall: takes all that they said, and asks for the rest."""
    center = centers.target(turn)
    if center is None:
        return centers.ask_place(turn, "book_room")
    centers.remember(turn, center, turn.parse.place.place)
    refusals = finishing.standing_against(turn, center)
    if refusals:
        return asking.turn_away(turn, *refusals)
    draft = Draft(center.id)
    said = reading.read(turn.parse.text, clock.local_now(), turn.parse.place)
    taking.everything(draft, said)
    reply = _go_on(turn, draft, center, said)
    short = (_hall(turn, center).short, *reply.wording(small_screen=True))
    return replace(reply, texts=(*_introduction(turn, center), *reply.texts), short=short)


def _hall(turn: Turn, center: Center) -> Lead:
    """Which hall it is."""
    small = words.center(turn.locale, center.id, turn.snapshot, short=True)
    return Lead(turn.say("hall.in", center=turn.center_name(center)), turn.say("hall.in", center=small))


def _introduction(turn: Turn, center: Center) -> list[str]:
    """Which hall it is, and its rules, for whoever has the room to read them."""
    told = [_hall(turn, center).text]
    if center.hall is not None and center.hall.capacity is not None:
        told.append(turn.say("center.hall", capacity=center.hall.capacity))
    ahead = rules_for(turn.session, center.id).min_business_days
    rule = [turn.say("hall.rule", days=words.business_days(turn.locale, ahead))] if ahead else []
    return [*told, turn.say("hall.who"), *rule]


def move(turn: Turn, booking: Booking) -> Reply:
    """Another time for a booking: what the message says about when is taken at once.

    Of day and hour the one that is not said stays as it was.
    """
    center = turn.snapshot.centers.get(booking.center_id)
    if center is None:
        return turn.reply("hall.gone")
    draft = Draft(center.id, minutes=int(booking.duration.total_seconds()) // 60, moving=booking.id)
    text = turn.parse.text if turn.inbound.choice is None else ""
    said = _moved_to(reading.read(text, clock.local_now(), turn.parse.place))
    taking.everything(draft, said)
    if (draft.day is None) != (draft.start is None):
        draft.day = draft.day or days.local_day(booking.starts_at).isoformat()
        draft.start = draft.start or words.clock(booking.starts_at)
    return _go_on(turn, draft, center, said)


def _opened(turn: Turn) -> tuple[Draft, Center] | None:
    """The open form and its centre; None where there is no form, or staff have removed the centre since."""
    if turn.state.form is None:
        return None
    draft = Draft.from_json(turn.state.form)
    center = checking.center_of(turn, draft)
    return (draft, center) if center is not None else None


def go_on(turn: Turn) -> Reply | None:
    """The answer to a written message while the form is open; None where it is about something else."""
    opened = _opened(turn)
    if opened is None:
        return asking.turn_away(turn, turn.say("hall.gone"))
    draft, center = opened
    said = reading.read(turn.inbound.text, clock.local_now(), turn.parse.place, asked=draft.asking)
    meant, turn.parse = turn.parse, turn.parse.meaning("book_room")
    reply = _answered(turn, draft, center, said, meant) or _aside(turn, draft, center, said, meant)
    if reply is not None:
        return reply
    if asides.interrupts(meant, draft, said):
        turn.parse = meant
        return None
    if draft.asking in {"check", "change"}:
        return _checked(turn, draft, center, said)
    changed = taking.everything(draft, said)
    if taking.answer(draft, said) or changed or said.when.problem is not None:
        return _go_on(turn, draft, center, said)
    if turn.state.pending is not None:  # a question about something else, asked in between, comes first
        turn.parse = meant
        return None
    return asking.again(turn, draft, center)


def _answered(turn: Turn, draft: Draft, center: Center, said: Said, meant: Parse) -> Reply | None:
    """The reply to a text that plainly answers what was asked, or steers the form; None for another."""
    plainly = draft.asking in taking.CLOSED and asides.may_answer(meant) and not said.when.said_date
    if plainly and taking.answer(draft, said):
        taking.everything(draft, said)
        return _go_on(turn, draft, center, said)
    agreed = picks.yes_or_no(said.words) if draft.asking == "check" and not said else None
    if agreed is not None:
        return finishing.submit(turn, draft, center) if agreed else asking.what_to_change(turn, draft, center)
    wrong = steering.part_to_change(draft, said)
    if wrong is not None:
        draft.clear(wrong)
        return asking.next_step(turn, draft, center)
    steer = steering.by_words(draft, said)
    return steer(turn, draft, center) if steer is not None else None


def _aside(turn: Turn, draft: Draft, center: Center, said: Said, meant: Parse) -> Reply | None:
    """The reply to a text that names another village's hall, or asks what a hall costs; None for another."""
    if not said and draft.asking not in FREE_WORDS and asides.asks_the_fee(meant):
        return asking.next_step(turn, draft, center, Lead.plain(turn.say("hall.fee")))
    other = asides.other_center(turn, draft, meant)
    if other is None:
        return None
    draft.center, draft.wait = other.id, False
    taking.everything(draft, said)
    return _go_on(turn, draft, other, said, _hall(turn, other))


def keeps_language(state: State, parse: Parse) -> bool:
    """Whether a message says too little of its language to change it: a name, a subject, an hour, an "ok"."""
    if state.form is None:
        latin = all(word.script == "latin" for word in parse.words)
        return latin and picks.yes_or_no(parse.words) is not None
    return state.form.get("asking") in FREE_WORDS or len(parse.words) <= FEW_WORDS


def remind(turn: Turn, reply: Reply) -> Reply:
    """Another answer in the middle of the form, and then its question again."""
    opened = _opened(turn)
    if opened is None or reply.choices or turn.state.pending is not None or reply.silent:
        return reply
    asked = asking.next_step(turn, *opened)
    short = (*reply.wording(small_screen=True), *asked.wording(small_screen=True))
    texts = (*reply.texts, *asked.texts)
    return Reply(texts, turn.locale, asked.choices, asked.offers, short, reply.pins, reply.files)


def pressed(turn: Turn, what: str) -> Reply | None:
    """A pressed button of the form, or the number of a choice; None for one that is not ours."""
    opened = _opened(turn)
    if opened is None:
        return asking.turn_away(turn, turn.say("hall.gone"))
    draft, center = opened
    kind, _, value = what.partition(":")
    if kind in steering.BY_NAME and not value:
        return steering.BY_NAME[kind](turn, draft, center)
    try:
        known = taking.pressed(draft, kind, value)
    except ValueError:
        known = False
    return _go_on(turn, draft, center, None) if known else None


def _go_on(turn: Turn, draft: Draft, center: Center, said: Said | None, *lead: Lead) -> Reply:
    """After something was taken: says what does not exist, asks which of two was meant, or takes the next step."""
    draft.missed = 0
    if said is not None and said.when.problem is not None:
        lead = (*lead, Lead.plain(turn.say(f"hall.problem.{said.when.problem}")))
        if said.when.problem in _NO_SUCH:
            draft.clear(_NO_SUCH[said.when.problem])
    elif said is not None and len(meant := _possible(turn, draft, center, said)) > 1:
        for slot in taking.unclear(meant):
            draft.clear(slot)
        return asking.which(turn, draft, meant, *lead)
    return asking.next_step(turn, draft, center, *lead, *_noted(turn, draft, said))


def _noted(turn: Turn, draft: Draft, said: Said | None) -> list[Lead]:
    """A word that something was taken, where the same question comes again."""
    if said is None or said.when.problem is not None or draft.asking not in SLOTS or draft.asking != draft.missing:
        return []
    at = draft.starts_at
    if at is None or not (said.when.said_date or said.when.said_time):
        return [Lead.plain(turn.say("hall.noted"))] if draft.asking != "start" else []
    when, small = (words.moment(turn.locale, at, short=short) for short in (False, True))
    return [Lead(turn.say("hall.noted.when", when=when), turn.say("hall.noted.when", when=small))]


def _possible(turn: Turn, draft: Draft, center: Center, said: Said) -> list[Reading]:
    """The readings of an unclear day or hour at which the hall can be had; of just one nothing need be asked."""
    if draft.day is None or not said.when.ambiguous:
        return []
    readings = [reading for reading in said.when.ambiguous if checking.is_bookable(turn, draft, center, reading)]
    if len(readings) == 1:
        taking.reading_of(draft, readings[0])
    return readings


def _checked(turn: Turn, draft: Draft, center: Center, said: Said) -> Reply:
    """What is to be different from the summary: "no, Thursday", "at 4 instead", "the name is wrong"."""
    if taking.everything(draft, _moved_to(said)):
        return _go_on(turn, draft, center, said)
    return asking.again(turn, draft, center)


def _moved_to(said: Said) -> Said:
    """The hour after "to" is the new start where a text asks for a change, and else the end ("until 11")."""
    found = said.when
    if found.start is None and found.end is not None and reading.asks_to_change(said.words):
        return replace(said, when=replace(found, start=found.end, end=None))
    return said
