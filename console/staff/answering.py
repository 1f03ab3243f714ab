"""Answering a request for a hall: confirm it, or decline it with a reason. Today and the calendar use it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.halls import words as facts
from bot.staff.handling import REASON_LIMIT, why_not
from console.staff import access, replies
from console.staff.objects import center_of_booking
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import locale, say
from desk import contacts
from desk.contacts import Contact
from desk.halls import life
from desk.halls.bookings import DECLINE_REASONS, Booking, IllegalMove

pages = Blueprint("answering", __name__, url_prefix="/bookings")

Act = Callable[[Session, Booking], object]


@pages.post("/<int:booking_id>/confirm")
@access.of_center(center_of_booking)
def confirm(booking_id: int) -> ResponseReturnValue:
    """The centre agrees; the person is told at once."""
    name, tell = visitor().name, parts().tell
    return answer(booking_id, "today.confirmed", lambda session, row: life.confirm(session, row, name, tell))


@pages.post("/<int:booking_id>/decline")
@access.of_center(center_of_booking)
def decline(booking_id: int) -> ResponseReturnValue:
    """The centre does not agree; the person reads the reason, which own words replace."""
    name, tell = visitor().name, parts().tell
    own = " ".join(request.form.get("words", "").split())[:REASON_LIMIT]
    reason = own if any(map(str.isalpha, own)) else request.form.get("reason", "")
    if not own and reason not in DECLINE_REASONS:
        return reply(say("today.no_reason"), worked=False)
    return answer(
        booking_id, "today.declined", lambda session, row: life.decline(session, row, name, tell, reason)
    )


def answer(booking_id: int, message_id: str, act: Act) -> ResponseReturnValue:
    """Does something to a booking, and says what came of it and whether the person learns of it."""
    try:
        with parts().database.write() as session:
            booking = session.get_one(Booking, booking_id)
            act(session, booking)
            told = _told(session, booking)
    except IllegalMove as error:
        with parts().database.read() as session:
            booking = session.get_one(Booking, booking_id)
        return reply(why_not(locale(), booking, error), worked=False)
    known = facts.facts(locale(), booking, parts().knowledge())
    return reply(f"{say(message_id, **known)} {told}")


def reply(sentence: str, *, worked: bool = True) -> ResponseReturnValue:
    """The sentence as a part for htmx, or on top of the page that the form came from."""
    part = render_template("staff/answered.html", sentence=sentence, worked=worked) if replies.is_htmx() else None
    return replies.done(sentence, replies.local(request.form.get("back")), part, worked=worked)


def _told(session: Session, booking: Booking) -> str:
    """Whether the person learns of it, and the number to call where they do not."""
    contact = session.get(Contact, booking.contact_id) if booking.contact_id is not None else None
    if contact is None:
        return say("today.told.nobody")
    if contacts.may_receive(contact):
        return say("today.told.telegram" if contact.channel == "telegram" else "today.told.sms")
    return say("today.told.call", address=contact.address if contact.channel != "telegram" else "Telegram")
