"""A person's own bookings: listing them, details, cancelling, another time, taking an offer, leaving a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.dialogue.state import Pending
from bot.dialogue.turn import Turn
from bot.halls import flow, reading, words
from desk import audit
from desk.halls import bookings, deadlines, ical, life, waiting
from desk.halls.bookings import Booking, IllegalMove
from desk.halls.rules import rules_for
from desk.halls.waiting import Waiting
from desk.messages import Choice, File, Reply
from knowledge.scripts import Word
from store import clock
from store.base import key_of

CALENDAR = "text/calendar"

FEW_WORDS = 8
"""Words of a text that asks for another time and nothing else."""


@dataclass(frozen=True, slots=True)
class _Mine:
    """What a person has: live bookings and places in lines."""

    bookings: list[Booking]
    waits: list[Waiting]


def book_or_move(turn: Turn) -> Reply:
    """Somebody speaks of a hall: begins a new form, unless they ask for another time of what they have."""
    if reading.asks_to_change(turn.parse.words) and bookings.upcoming_for(turn.session, turn.contact):
        return listing(turn)
    return flow.begin(turn)


def asks_for_another_time(turn: Turn) -> bool:
    """Whether somebody who has a booking asks in a few words to move it: "another time", "move it to Tuesday"."""
    parse = turn.parse
    few = len(parse.words) <= FEW_WORDS and "?" not in parse.text and not parse.place and parse.service is None
    return few and reading.asks_to_change(parse.words) and bool(bookings.upcoming_for(turn.session, turn.contact))


def listing(turn: Turn) -> Reply:
    """Answers "what have I booked?"."""
    mine = _mine(turn)
    if len(mine.bookings) == 1 and not mine.waits:
        booking = mine.bookings[0]
        if reading.asks_to_change(turn.parse.words) and not _is_offer(turn, booking):
            return flow.move(turn, booking)
        return details(turn, booking)
    if not mine.bookings and not mine.waits:
        return _nothing(turn)
    choices = [Choice(_line(turn, booking), f"booking:{booking.reference}") for booking in mine.bookings]
    choices += [Choice(_wait_line(turn, row), f"wait:{row.id}") for row in mine.waits]
    return _asked(turn, Reply((turn.say("booking.list"),), turn.locale, choices=tuple(choices)))


def cancel(turn: Turn) -> Reply:
    """Answers "I want to cancel": asks which one, if there are several."""
    mine = _mine(turn)
    if len(mine.bookings) == 1:
        return ask_to_cancel(turn, mine.bookings[0])
    if not mine.bookings and not mine.waits:
        return _nothing(turn)
    choices = [Choice(_line(turn, booking), f"booking:{booking.reference}:cancel") for booking in mine.bookings]
    choices += [Choice(_wait_line(turn, row), f"wait:{row.id}") for row in mine.waits]
    return _asked(turn, Reply((turn.say("booking.which"),), turn.locale, choices=tuple(choices)))


def named_in(turn: Turn) -> Booking | None:
    """The person's booking whose reference is in the text."""
    said = turn.parse.words
    for index, word in enumerate(said):
        pair = word.raw + (said[index + 1].raw if index + 1 < len(said) else "")
        for text in (word.raw, pair):
            found = bookings.by_reference(turn.session, text, turn.contact)
            if found is not None:
                return found
    return None


def about(turn: Turn, booking: Booking) -> Reply:
    """A text that names a booking: cancel it, move it, or show it."""
    if turn.parse.intent == "cancel_booking" and turn.parse.confidence > 0.5:
        return ask_to_cancel(turn, booking)
    if reading.asks_to_change(turn.parse.words) and booking.state in bookings.LIVE:
        return flow.move(turn, booking)
    return details(turn, booking)


def details(turn: Turn, booking: Booking) -> Reply:
    """One booking with all that is known of it, and what can be done."""
    texts = (turn.say("booking.details", **_facts(turn, booking)),)
    short = (turn.say("booking.details.sms", **_facts(turn, booking, short=True)),)
    choices = _what_to_do(turn, booking)
    offers = (turn.choice("booking.file", f"booking:{booking.reference}:file"),)
    live = booking.state in bookings.LIVE
    return _asked(turn, Reply(texts, turn.locale, choices=choices, offers=offers if live else (), short=short))


def _what_to_do(turn: Turn, booking: Booking) -> tuple[Choice, ...]:
    if booking.state not in bookings.LIVE or booking.starts_at <= clock.now():
        return ()
    value = f"booking:{booking.reference}"
    if _is_offer(turn, booking):
        return (turn.choice("booking.take", f"{value}:take"), turn.choice("booking.let_go", f"{value}:cancelled"))
    rules = rules_for(turn.session, booking.center_id)
    choices = [turn.choice("booking.cancel", f"{value}:cancel")]
    if deadlines.cancels_freely(clock.now(), booking.starts_at, rules):
        choices.append(turn.choice("booking.move", f"{value}:move"))
    return tuple(choices)


def ask_to_cancel(turn: Turn, booking: Booking) -> Reply:
    """Asks once, and says what cancelling so late costs."""
    if booking.state not in bookings.LIVE or booking.starts_at <= clock.now():
        return turn.reply("booking.cannot")
    facts = words.facts(turn.locale, booking, turn.snapshot)
    small = words.facts(turn.locale, booking, turn.snapshot, short=True)
    rules = rules_for(turn.session, booking.center_id)
    late = not deadlines.cancels_freely(clock.now(), booking.starts_at, rules) and rules.ban_business_days > 0
    until = deadlines.ban_until(clock.now(), rules)
    warning = (turn.say("booking.late", until=words.day(turn.locale, until, short=True)),) if late else ()
    choices = (
        turn.choice("booking.cancel.yes", f"booking:{booking.reference}:cancelled"),
        turn.choice("booking.cancel.no", f"booking:{booking.reference}:keep"),
    )
    texts = (turn.say("booking.cancel.ask", **facts), *warning)
    short = (turn.say("booking.cancel.ask", **small), *warning)
    return turn.ask(_asked(turn, Reply(texts, turn.locale, choices=choices, short=short)), Pending("yes_no"))


def pressed(turn: Turn, what: str) -> Reply | None:
    """A pressed ``booking:<reference>[:<what to do>]``; None for one that is not this person's."""
    reference, _, action = what.partition(":")
    booking = bookings.by_reference(turn.session, reference, turn.contact)
    handler = _ACTIONS.get(action)
    return handler(turn, booking) if booking is not None and handler is not None else None


def leave(turn: Turn, what: str) -> Reply | None:
    """A pressed ``wait:<id>``: the person does not want to stand in line any more."""
    key = key_of(what)
    row = turn.session.get(Waiting, key) if key is not None else None
    if row is None or row not in waiting.waits_of(turn.session, turn.contact):
        return None
    left = waiting.leave(turn.session, row)
    return _done(turn, turn.say("booking.left" if left else "booking.cannot"))


def _cancelled(turn: Turn, booking: Booking) -> Reply:
    rules = rules_for(turn.session, booking.center_id)
    offered = _is_offer(turn, booking)
    late = not offered and not deadlines.cancels_freely(clock.now(), booking.starts_at, rules)
    try:
        life.cancel(turn.session, booking, audit.RESIDENT, turn.tell)
    except IllegalMove:
        return _done(turn, turn.say("booking.cannot"))
    said = turn.say("booking.cancelled", **words.facts(turn.locale, booking, turn.snapshot, short=True))
    if late and rules.ban_business_days > 0:
        until = words.day(turn.locale, deadlines.ban_until(clock.now(), rules), short=True)
        return _done(turn, said, turn.say("hall.why.banned.sms", until=until))
    return _done(turn, said)


def _kept(turn: Turn, booking: Booking) -> Reply:
    return _done(turn, turn.say("booking.kept", reference=booking.reference))


def _move(turn: Turn, booking: Booking) -> Reply:
    if booking.state not in bookings.LIVE or _is_offer(turn, booking):
        return _done(turn, turn.say("booking.cannot"))
    return flow.move(turn, booking)


def _taken(turn: Turn, booking: Booking) -> Reply:
    try:
        waiting.take(turn.session, booking, turn.tell)
    except IllegalMove:
        return _done(turn, turn.say("booking.lapsed"))
    facts = words.facts(turn.locale, booking, turn.snapshot, short=True)
    until = words.moment(turn.locale, booking.hold_until or booking.starts_at, short=True)
    return _done(turn, turn.say("hall.booked.sms", **facts, until=until))


def _file(turn: Turn, booking: Booking) -> Reply:
    center = turn.snapshot.centers.get(booking.center_id)
    title = turn.say("booking.file.title", center=words.center(turn.locale, booking.center_id, turn.snapshot))
    content = ical.event_file(booking, center, title)
    file = File(f"{booking.reference}.ics", CALENDAR, content)
    return Reply((turn.say("booking.file.here"),), turn.locale, files=(file,))


_ACTIONS: Mapping[str, Callable[[Turn, Booking], Reply]] = {
    "": details,
    "cancel": ask_to_cancel,
    "cancelled": _cancelled,
    "keep": _kept,
    "move": _move,
    "take": _taken,
    "file": _file,
}


def _mine(turn: Turn) -> _Mine:
    waits = [row for row in waiting.waits_of(turn.session, turn.contact) if row.state == "waiting"]
    return _Mine(bookings.upcoming_for(turn.session, turn.contact), waits)


def _nothing(turn: Turn) -> Reply:
    reply = turn.reply("bookings.none")
    return Reply(reply.texts, turn.locale, offers=(turn.choice("choice.hall", "intent:book_room"),))


def _asked(turn: Turn, reply: Reply) -> Reply:
    """A reply whose choices replace those of before, and which ends an open form."""
    turn.state.form = None
    turn.state.pending = None
    turn.state.choices = [choice.value for choice in reply.choices]
    return reply


def _done(turn: Turn, *sentences: str) -> Reply:
    return _asked(turn, Reply(sentences, turn.locale))


def _is_offer(turn: Turn, booking: Booking) -> bool:
    return booking.state == "tentative" and waiting.open_offer(turn.session, booking) is not None


def _state(turn: Turn, booking: Booking) -> str:
    return turn.say("hall.state.offered" if _is_offer(turn, booking) else f"hall.state.{booking.state}")


def _facts(turn: Turn, booking: Booking, *, short: bool = False) -> dict[str, str]:
    subject = booking.subject
    return {
        **words.facts(turn.locale, booking, turn.snapshot, short=short),
        "state": _state(turn, booking),
        "subject": words.subject(turn.locale, subject) if short else subject,
        "people": str(booking.people),
        "equipment": words.equipment(turn.locale, booking.equipment),
    }


def _line(turn: Turn, booking: Booking) -> str:
    facts = words.facts(turn.locale, booking, turn.snapshot, short=True)
    return turn.say("booking.line", **facts, state=_state(turn, booking))


def _wait_line(turn: Turn, row: Waiting) -> str:
    when = words.span(turn.locale, row.starts_at, row.ends_at, short=True)
    name = words.center(turn.locale, row.center_id, turn.snapshot, short=True)
    return turn.say("booking.wait_line", when=when, center=name)


def has_reference(said: Sequence[Word]) -> bool:
    """Whether a text is long enough to hold a reference: a cheap look before the database is asked."""
    return any(any(char.isdigit() for char in word.raw) and len(word.raw) <= 6 for word in said)
