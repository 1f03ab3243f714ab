"""A booking's own page: all that is known of it, what happened to it, and what may be done with it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import render_template
from sqlalchemy.orm import Session

from bot import wording
from bot.halls import words as facts
from console.staff import access
from console.staff.calendar.blueprint import pages
from console.staff.objects import center_of_booking
from console.staff.parts import parts
from console.staff.words import locale, say
from desk import audit
from desk.contacts import Contact
from desk.halls import bans, life, waiting
from desk.halls.bookings import DECLINE_REASONS, Booking, state_of
from store import clock


@dataclass(frozen=True, slots=True)
class Deeds:
    """What may be done with the booking at this moment, each by its own form."""

    confirm: bool
    decline: bool
    cancel: bool
    no_show: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to the booking, in words."""

    what: str
    who: str
    when: str


@pages.get("/bookings/<int:booking_id>")
@access.of_center(center_of_booking)
def booking(booking_id: int) -> str:
    """The page. Whom to telephone is on it: whoever answers for the hall must be able to ask."""
    language = locale()
    with parts().database.read() as session:
        row = session.get_one(Booking, booking_id)
        contact = session.get(Contact, row.contact_id) if row.contact_id is not None else None
        offered = bool(waiting.offered_of(session, [row.id]))
        return render_template(
            "staff/calendar/booking.html",
            booking=row,
            offered=offered,
            contact=contact,
            applicant=wording.say(language, f"hall.applicant.{row.applicant}"),
            equipment=facts.equipment(language, row.equipment),
            doubts=", ".join(wording.say(language, f"desk.flag.{reason}") for reason in row.flag_reasons),
            declined=facts.reason(language, row.decline_reason),
            deeds=deeds(row, offered=offered),
            banned_until=_banned(session, contact),
            steps=_steps(session, row),
            reasons=[(code, facts.reason(language, code)) for code in DECLINE_REASONS],
        )


def deeds(row: Booking, *, offered: bool) -> Deeds:
    """What the life of a booking allows staff now (``desk.halls.life``); an open offer is not answered."""
    legal, now = life.MOVES[state_of(row)], clock.now()
    begun = row.starts_at <= now
    lapsed = row.state == "tentative" and row.hold_until is not None and row.hold_until <= now
    return Deeds(
        confirm="confirmed" in legal and not begun and not lapsed and not offered,
        decline="declined" in legal and not begun and not offered,
        cancel="cancelled" in legal and not begun,
        no_show="no_show" in legal and begun,
    )


def _banned(session: Session, contact: Contact | None) -> date | None:
    return bans.banned_until(session, contact.resident_id) if contact is not None else None


def _steps(session: Session, row: Booking) -> list[Step]:
    language = locale()
    return [
        Step(_action(entry.action), _actor(entry.actor), facts.moment(language, entry.at))
        for entry in audit.trail(session, "booking", row.id)
    ]


def _action(action: str) -> str:
    known = f"calendar.step.{action}"
    return say(known) if action in STEPS else action


def _actor(actor: str) -> str:
    kind = audit.kind_of(actor)
    return audit.shown(actor) if kind == "staff" else say(f"calendar.actor.{kind}")


STEPS = (
    *("book", "confirm", "decline", "cancel", "expire", "mark_held", "mark_no_show"),
    *("change_time", "offer", "take_offer"),
)
"""The actions of the audit trail of a booking that have words; others are shown as they are."""
