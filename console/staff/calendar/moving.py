"""What is done on a booking's page besides confirming and declining: cancel, nobody came, lift a ban."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from console.staff import access, answering, replies
from console.staff.calendar.blueprint import pages
from console.staff.objects import center_of_booking
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import say
from desk.contacts import Contact
from desk.halls import bans, life
from desk.halls.bookings import Booking
from store import clock


@pages.post("/bookings/<int:booking_id>/cancel")
@access.of_center(center_of_booking)
def cancel(booking_id: int) -> ResponseReturnValue:
    """The centre takes the booking back; the person is told, and loses nothing by it."""
    actor, tell = visitor().actor, parts().tell
    return answering.answer(
        booking_id, "calendar.cancelled", lambda session, row: life.cancel(session, row, actor, tell)
    )


@pages.post("/bookings/<int:booking_id>/no-show")
@access.of_center(center_of_booking)
def no_show(booking_id: int) -> ResponseReturnValue:
    """Nobody came: booking is closed to the person for a while, who is told so."""
    with parts().database.read() as session:
        begun = session.get_one(Booking, booking_id).starts_at <= clock.now()
    if not begun:
        return answering.reply(say("calendar.not_begun"), worked=False)
    name, tell = visitor().name, parts().tell
    return answering.answer(
        booking_id, "calendar.marked_no_show", lambda session, row: life.mark_no_show(session, row, name, tell)
    )


@pages.post("/bookings/<int:booking_id>/lift-ban")
@access.of_center(center_of_booking)
def lift_ban(booking_id: int) -> ResponseReturnValue:
    """Opens booking to the person again, at every centre; nobody is told by itself."""
    with parts().database.write() as session:
        row = session.get_one(Booking, booking_id)
        contact = session.get(Contact, row.contact_id) if row.contact_id is not None else None
        lifted = bans.lift(session, contact.resident_id, visitor().name) if contact is not None else 0
    back = url_for("staff.calendar.booking", booking_id=booking_id)
    return replies.done(say("calendar.lifted" if lifted else "calendar.no_ban"), back, worked=bool(lifted))
