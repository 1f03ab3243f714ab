"""Words and buttons that steer the form: back, giving up, waiting, skipping, changing, agreeing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.answers import people
from bot.dialogue.turn import Turn
from bot.halls import asking, checking, finishing, reading
from bot.halls.draft import FREE_WORDS, Draft, Slot
from bot.halls.reading import Said
from desk.halls.bookings import Booking
from desk.messages import Reply
from knowledge.types import Center

Steer = Callable[[Turn, Draft, Center], Reply]


def by_words(draft: Draft, said: Said) -> Steer | None:
    """What a text that says nothing else steers; a subject or a name may hold such a word all the same."""
    if said:
        return None
    whole = draft.asking in FREE_WORDS
    return BY_NAME.get(reading.control(said.words, whole=whole) or "")


def part_to_change(draft: Draft, said: Said) -> Slot | None:
    """The part of the form that a text calls wrong, or that it names where that was asked ("wrong name")."""
    asked = draft.asking in {"check", "change"}
    if said or draft.asking in FREE_WORDS or not (asked or reading.control(said.words) == "change"):
        return None
    named = reading.part_of_form(said.words)
    return next((slot for slot in draft.wanted if slot == named), None)


def _back(turn: Turn, draft: Draft, center: Center) -> Reply:
    """The question before, asked again; at the first one the form ends."""
    if not draft.answered:
        return give_up(turn, draft, center)
    draft.clear(draft.answered[-1])  # type: ignore[arg-type]
    return asking.next_step(turn, draft, center)


def give_up(turn: Turn, draft: Draft, _center: Center) -> Reply:
    """The form ends and nothing is booked; a booking that was to be moved stays as it is."""
    booking = turn.session.get(Booking, draft.moving) if draft.moving is not None else None
    if booking is not None:
        return asking.turn_away(turn, turn.say("booking.kept", reference=booking.reference))
    return replace(asking.turn_away(turn, turn.say("hall.nothing_booked")), offers=people.menu(turn))


def _wait(turn: Turn, draft: Draft, center: Center) -> Reply:
    """The person wants to stand in line, which only a taken time has."""
    against = checking.trouble(turn, draft, center)
    if draft.moving is not None or against is None or not against.taken:
        return asking.again(turn, draft, center)
    draft.wait = True
    return asking.next_step(turn, draft, center)


def _skip(turn: Turn, draft: Draft, center: Center) -> Reply:
    """Equipment may be left open; everything else must be known."""
    if draft.asking != "equipment":
        return asking.again(turn, draft, center)
    draft.fill("equipment", [])
    return asking.next_step(turn, draft, center)


def _rules(turn: Turn, draft: Draft, center: Center) -> Reply:
    """What one agrees to, for whoever asks; the question comes again."""
    said = tuple(turn.say(name) for name in ("hall.not_for", "hall.agree"))
    asked = asking.next_step(turn, draft, center)
    return replace(asked, texts=(*said, *asked.texts), short=(*said, *asked.wording(small_screen=True)))


BY_NAME: Mapping[str, Steer] = {
    "back": _back,
    "quit": give_up,
    "wait": _wait,
    "skip": _skip,
    "rules": _rules,
    "change": asking.what_to_change,
    "yes": finishing.submit,
}
