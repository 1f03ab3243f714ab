"""Residents: found by their number only, never listed. What is asked for goes in the body, not in the address."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import names
from bot.answers.account import LANGUAGE_NAMES
from bot.events import words as event_words
from console.staff import access, replies
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import locale, say
from desk import residents
from desk.events.models import Event
from desk.residents import Person
from sms_gateway import numbers

pages = Blueprint("residents", __name__, url_prefix="/residents")

NUMBER_LIMIT = 40


@pages.get("")
@access.at_least("editor")
def page() -> str:
    """Asks for a number."""
    return render_template("staff/residents.html", typed="", found=None)


@pages.post("")
@access.at_least("editor")
def look() -> ResponseReturnValue:
    """Who has that number, and what we know of them; written down either way."""
    typed = request.form.get("number", "")[:NUMBER_LIMIT]
    read = numbers.read(typed)
    number = read.address if read.kind not in {"short", "name"} else ""
    with parts().database.write() as session:
        people = residents.look(session, number, visitor().actor)
        events = {
            wish.value: session.get(Event, int(wish.value))
            for person in people
            for wish in person.wishes
            if wish.kind == "event" and wish.value.isdecimal()
        }
    problem = "" if people else say("residents.not_found" if number else "residents.no_number")
    shown = [(person, _facts(person), _wishes(person, events)) for person in people]
    return render_template("staff/residents.html", typed=typed, found=shown, problem=problem)


@pages.post("/<int:resident_id>/erase")
@access.at_least("editor")
def erase(resident_id: int) -> ResponseReturnValue:
    """Erases the person."""
    with parts().database.write() as session:
        if not residents.erase(session, resident_id, visitor().actor):
            abort(404)
    return replies.done(say("residents.erased"), url_for("staff.residents.page"))


def _facts(person: Person) -> list[tuple[str, str]]:
    """What the person chose, in words: label and value."""
    snapshot = parts().knowledge()
    home = snapshot.places.get(person.home_place_id) if person.home_place_id is not None else None
    chosen = person.locale
    language = next((name for code, name in LANGUAGE_NAMES.items() if code == chosen), say("residents.not_chosen"))
    channel = person.preferred_channel
    return [
        (say("residents.language"), language),
        (say("residents.home"), names.place(locale(), home, snapshot) if home else say("residents.not_chosen")),
        (say("residents.wants"), say(f"residents.channel.{channel}") if channel else say("residents.not_chosen")),
        (say("residents.bookings"), say("residents.count", all=person.bookings, live=person.live_bookings)),
    ]


def _wishes(person: Person, events: dict[str, Event | None]) -> list[str]:
    return [
        event_words.wish(locale(), wish, parts().knowledge(), events.get(wish.value)) for wish in person.wishes
    ]
