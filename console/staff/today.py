"""Today: what waits for an answer, what takes place, what is being sent, what was not understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import wording
from bot.events import words as event_words
from bot.halls import words as facts
from console.staff import access
from console.staff.parts import parts
from console.staff.visitors import Visitor, visitor
from console.staff.words import locale, say
from desk import questions, traffic
from desk.announcements import audience as audiences
from desk.announcements import progress, rights
from desk.announcements.models import Announcement
from desk.events import finding
from desk.events.finding import Wanted
from desk.halls import bookings, waiting
from desk.halls.bookings import DECLINE_REASONS, LIVE, Booking, Filter
from store import clock

pages = Blueprint("today", __name__, url_prefix="/today")

QUESTION_DAYS = 7
"""Of how many days unanswered questions are counted."""

LATE = timedelta(minutes=5)
"""A message that has been due for longer waits too long; most go within seconds."""

MOST = 50
"""So many requests, bookings and events are shown; the calendar has the rest."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it is shown: the booking, and what looks doubtful about it."""

    booking: Booking
    applicant: str
    equipment: str
    doubts: str


@dataclass(frozen=True, slots=True)
class Item:
    """A booking or an event of today, with its number."""

    id: int
    starts_at: datetime
    ends_at: datetime
    center_id: int
    title: str
    kind: str  # booking or event
    state: str


@dataclass(frozen=True, slots=True)
class Sending:
    """An announcement and how far it has got."""

    id: int
    name: str
    state: str
    done: int
    recipients: int


@pages.get("")
@access.signed_in
def page() -> str:
    """The whole page."""
    found = visitor()
    with parts().database.read() as session:
        return render_template(
            "staff/today.html",
            requests=_requests(session, found),
            items=_items(session, found),
            sendings=_sendings(session, found),
            asked=questions.count(session, QUESTION_DAYS),
            delivery=_delivery(session),
            reasons=[(code, facts.reason(locale(), code)) for code in DECLINE_REASONS],
            today=clock.local_now().date(),
            most=MOST,
        )


@pages.get("/running")
@access.signed_in
def running() -> str:
    """The announcements under way, and how messages go, which the page asks for every few seconds."""
    with parts().database.read() as session:
        return render_template(
            "staff/today_running.html", sendings=_sendings(session, visitor()), delivery=_delivery(session)
        )


def _requests(session: Session, found: Visitor) -> list[Request]:
    language = locale()
    return [
        Request(
            booking,
            wording.say(language, f"hall.applicant.{booking.applicant}"),
            facts.equipment(language, booking.equipment),
            ", ".join(wording.say(language, f"desk.flag.{reason}") for reason in booking.flag_reasons),
        )
        for booking in waiting.unanswered(session, found.scope.narrowing, MOST)
    ]


def _items(session: Session, found: Visitor) -> list[Item]:
    """The bookings and events of this day in Tbilisi, in order."""
    day, centers = clock.local_now().date(), found.scope.narrowing
    wanted = Filter(centers=centers, states=(*LIVE, "held", "no_show"), first=day, last=day)
    booked = [
        Item(one.id, one.starts_at, one.ends_at, one.center_id, one.subject, "booking", one.state)
        for one in bookings.listing(session, wanted, limit=MOST)
    ]
    events = [
        Item(
            one.event.id,
            one.starts_at,
            one.ends_at,
            one.event.center_id,
            event_words.title(locale(), one.event),
            "event",
            one.event.state,
        )
        for one in finding.upcoming(session, Wanted(centers=centers, first=day, last=day), MOST)
    ]
    return sorted([*booked, *events], key=lambda item: item.starts_at)


def _sendings(session: Session, found: Visitor) -> list[Sending]:
    """The announcements under way that the member may see."""
    query = select(Announcement).where(Announcement.state.in_(("running", "paused")))
    snapshot = parts().knowledge()
    return [
        _sending(session, row)
        for row in session.scalars(query.order_by(Announcement.id.desc()).limit(MOST))
        if rights.allows(session, found.actor, audiences.from_json(row.audience), snapshot)
    ]


def _sending(session: Session, row: Announcement) -> Sending:
    so_far = progress.seen(session, row)
    return Sending(row.id, row.name, row.state, so_far.done, so_far.recipients)


def _delivery(session: Session) -> str:
    """How messages go, in one line."""
    oldest: dict[str, float] = traffic.oldest(session)
    longest = timedelta(seconds=max(oldest.values(), default=0.0))
    said = [say("today.delivery.late", minutes=int(longest.total_seconds() // 60))] if longest > LATE else []
    resting = [one for one in traffic.carriers(session) if one.held and one.failures]
    said += [say("today.delivery.rests", carrier=one.name) for one in resting]
    if not said:
        said.append(say("today.delivery.well"))
    hour = traffic.last_hour(session)
    said.append(say("today.delivery.hour", sent=hour["sent"] + hour["delivered"], failed=hour["failed"]))
    return " ".join(said)
