"""Writing a booking down for somebody who came in person or called: the rules are those of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import wording
from bot.halls import words as facts
from bot.halls.draft import MOST_PEOPLE, NAME_LIMIT, SUBJECT_LIMIT
from console.staff import access, replies
from console.staff.calendar.blueprint import pages
from console.staff.calendar.subscribing import known_center
from console.staff.fields import clock_time, day_of
from console.staff.fields import number as number_of
from console.staff.objects import center_itself
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import locale, say
from desk import contacts
from desk.contacts import Contact
from desk.halls import days, making
from desk.halls.bookings import Booking
from desk.halls.making import Refused, Taken
from desk.halls.requests import APPLICANTS, EQUIPMENT, Equipment, Refusal, Request
from knowledge.types import Center
from sms_gateway import numbers
from store.clock import TBILISI

LENGTHS = tuple(range(30, 9 * 60 + 1, 30))
"""Minutes for which a hall is lent: up to its usual day."""

_TO_STAFF = frozenset({"banned", "too_many_open", "no_hall"})
"""Refusals that the bot says to the person; staff read them about the person."""


class BadForm(ValueError):
    """A field cannot be read; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the hall was not booked, in sentences, with the nearest free times."""

    why: tuple[str, ...]
    free: tuple[datetime, ...] = ()


@pages.get("/<int:center_id>/new")
@access.of_center(center_itself)
def new(center_id: int) -> str:
    """The empty form; ``?at=<moment>`` fills in the time that was chosen in the calendar."""
    at = _moment(request.args.get("at"))
    wall = at.astimezone(TBILISI) if at is not None else None
    fields = {"day": f"{wall:%Y-%m-%d}", "start": f"{wall:%H:%M}"} if wall is not None else {}
    return _page(known_center(center_id), {"minutes": "120", **fields}, frozenset())


@pages.post("/<int:center_id>/new")
@access.of_center(center_itself)
def write(center_id: int) -> ResponseReturnValue:
    """Books, or shows the form again with what stands against it. ``at`` is one of the free times offered."""
    center = known_center(center_id)
    fields = {name: " ".join(value.split()) for name, value in request.form.items()}
    wanted = frozenset(request.form.getlist("equipment"))
    chosen = _moment(fields.get("at"))
    if chosen is not None:
        wall = chosen.astimezone(TBILISI)
        fields |= {"day": f"{wall:%Y-%m-%d}", "start": f"{wall:%H:%M}"}
    try:
        asked, number = _asked(fields, wanted), _number(fields.get("phone", ""))
    except BadForm as error:
        return _page(center, fields, wanted, Trouble((str(error),)))
    with parts().database.write() as session:
        made = making.book(
            session, center, asked, parts().tell, contact=_contact(session, number), booked_by=visitor().name
        )
        if not isinstance(made, Booking):
            session.rollback()  # the person was only looked up
    if isinstance(made, Booking):
        address = url_for("staff.calendar.booking", booking_id=made.id)
        return replies.done(say("calendar.written", reference=made.reference), address)
    return _page(center, fields, wanted, _trouble(center, asked, made))


def _page(
    center: Center, fields: Mapping[str, str], wanted: frozenset[str], trouble: Trouble | None = None
) -> str:
    language = locale()
    return render_template(
        "staff/calendar/new.html",
        center=center,
        fields=fields,
        wanted=wanted,
        trouble=trouble,
        lengths=[(minutes, facts.length(language, minutes)) for minutes in LENGTHS],
        applicants=[(code, wording.say(language, f"hall.applicant.{code}")) for code in APPLICANTS],
        equipment=[(code, wording.say(language, f"hall.equipment.{code}")) for code in EQUIPMENT],
        limits={"subject": SUBJECT_LIMIT, "name": NAME_LIMIT, "people": MOST_PEOPLE},
    )


def _asked(fields: Mapping[str, str], wanted: frozenset[str]) -> Request:
    """What the form asks for. Raises BadForm for a field that cannot be read."""
    day, start = day_of(fields.get("day")), clock_time(fields.get("start"))
    if day is None or start is None:
        raise BadForm(say("calendar.bad.when"))
    minutes = number_of(fields.get("minutes"), 24 * 60)
    if minutes is None:
        raise BadForm(say("calendar.bad.minutes"))
    people = number_of(fields.get("people"), MOST_PEOPLE)
    if people is None:
        raise BadForm(say("calendar.bad.people", most=MOST_PEOPLE))
    subject = fields.get("subject", "")
    if not any(map(str.isalpha, subject)):
        raise BadForm(say("calendar.bad.subject"))
    applicant = fields.get("applicant")
    if applicant not in APPLICANTS:
        raise BadForm(say("calendar.bad.applicant"))
    return Request(
        starts_at=days.at(day, start),
        duration=timedelta(minutes=minutes),
        applicant=applicant,
        subject=subject[:SUBJECT_LIMIT],
        people=people,
        equipment=cast(tuple[Equipment, ...], tuple(one for one in EQUIPMENT if one in wanted)),
        contact_name=fields.get("name", "")[:NAME_LIMIT],
    )


def _number(text: str) -> str | None:
    """The number of a handset that can be texted; None without one. Raises BadForm for any other."""
    if not text:
        return None
    number = numbers.read(text)
    if not number.may_be_texted(parts().sms.allowed_prefixes):
        raise BadForm(say("calendar.bad.phone"))
    return number.address


def _contact(session: Session, number: str | None) -> Contact | None:
    return contacts.find_or_create(session, "sms", number) if number is not None else None


def _trouble(center: Center, asked: Request, made: Taken | Refused) -> Trouble:
    if isinstance(made, Taken):
        taken = wording.say(locale(), "hall.taken", when=facts.span(locale(), asked.starts_at, asked.ends_at))
        return Trouble((taken,), made.free)
    return Trouble(tuple(_refusal(center, one) for one in made.refusals), made.free)


def _refusal(center: Center, refusal: Refusal) -> str:
    name, filled = facts.refusal(locale(), refusal)
    if refusal.code in _TO_STAFF:
        name = f"calendar.why.{refusal.code}"
        filled["center"] = facts.center(locale(), center.id, parts().knowledge())
    return say(name, **filled)


def _moment(text: str | None) -> datetime | None:
    """A moment as our own links write it: ``2026-11-27T15:00`` on the wall clock of Tbilisi."""
    day, _, wall = (text or "").partition("T")
    found, start = day_of(day), clock_time(wall)
    return days.at(found, start) if found is not None and start is not None else None
