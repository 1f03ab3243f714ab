"""What a pressed button, or the number of a choice, stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.answers import account, centers, services
from bot.dialogue import intents
from bot.dialogue.turn import Turn
from bot.events import pressing
from bot.halls import flow, mine
from bot.staff import commands
from bot.understanding.reader import Reader
from desk.messages import Reply


def chosen(turn: Turn, reader: Reader, value: str) -> Reply:
    """What a pressed button or a picked number stands for."""
    kind, _, what = value.partition(":")
    handler = _CHOICES.get(kind)
    reply = handler(turn, reader, what) if handler else None
    return reply if reply is not None else turn.reply("choice.gone")


def _choose_place(turn: Turn, reader: Reader, what: str) -> Reply | None:
    place = turn.snapshot.places.get(int(what)) if what.isdecimal() else None
    return intents.with_place(turn, reader, place) if place else None


def _choose_home(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    place = turn.snapshot.places.get(int(what)) if what.isdecimal() else None
    return account.remember_home(intents.settled(turn), place) if place else None


def _choose_center(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    center = turn.snapshot.centers_by_slug.get(what)
    return centers.details(intents.settled(turn), center) if center else None


def _choose_service(turn: Turn, reader: Reader, what: str) -> Reply | None:
    if what not in turn.snapshot.services:
        return None
    pending = turn.state.pending
    if pending is not None and pending.kind == "service" and pending.text:
        turn.parse = reader.read(pending.text, turn.snapshot, turn.locale)
    turn.parse = turn.parse.about(what).meaning("service")
    return intents.by_intent(turn, "service")


def _choose_category(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    return services.category(intents.settled(turn), what) if what in services.CATEGORIES else None


def _choose_intent(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    if what == "start":
        return account.first_steps(intents.settled(turn))
    if what not in intents.ANSWERS and what != "service":
        return None
    turn.parse = turn.parse.meaning(what)
    return intents.by_intent(turn, what)


def _choose_meaning(turn: Turn, reader: Reader, what: str) -> Reply | None:
    pending = turn.state.pending
    if pending is None or (what not in intents.ANSWERS and what != "service"):
        return None
    turn.parse = reader.read(pending.text, turn.snapshot, turn.locale).meaning(what)
    return intents.by_intent(turn, what)


def _choose_language(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    locale = account.locale_of(what)
    return account.set_language(intents.settled(turn), locale) if locale else None


def _choose_first_language(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    locale = account.locale_of(what)
    return account.hello(intents.settled(turn), locale) if locale else None


def _choose_forget(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    return account.forget(intents.settled(turn), what == "yes") if what in {"yes", "no"} else None


def _choose_desk(turn: Turn, _reader: Reader, what: str) -> Reply | None:
    return commands.pressed(turn, what)


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
