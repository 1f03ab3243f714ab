"""A hall's week or day: a grid on a wide screen and on paper, a list on a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from babel.dates import format_date, format_interval
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import names
from bot.events import words as event_words
from console.staff import access, centers, replies
from console.staff.calendar.blueprint import pages
from console.staff.calendar.laying import Day, lay_out, rows
from console.staff.fields import day_of
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import locale, say
from desk.events import finding
from desk.events.finding import Wanted
from desk.halls import bookings, calendar, waiting
from desk.halls.bookings import LIVE, Filter
from desk.halls.rules import rules_for
from knowledge.types import Center
from store import clock

View = Literal["week", "day"]

MOST = 500
"""So many bookings and events a week has at most: a hall has 336 half-hours."""

STEPS = {"week": timedelta(days=7), "day": timedelta(days=1)}

DATES = {"ka": "ka", "en": "en_GB"}
"""How each language of the console writes dates: everywhere else, too, English has the day before the month."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is looked at: the centre, the days, and the addresses before and after."""

    center: Center
    view: View
    first: date
    days: tuple[date, ...]
    title: str

    def address(self, day: date, view: View | None = None) -> str:
        """Where the same hall is shown on another day, or in the other view."""
        return url_for("staff.calendar.page", center=self.center.id, day=day.isoformat(), view=view or self.view)

    @property
    def before(self) -> str:
        """The week or the day before."""
        return self.address(self.first - STEPS[self.view])

    @property
    def after(self) -> str:
        """The week or the day after."""
        return self.address(self.first + STEPS[self.view])


@pages.get("")
@access.signed_in
def page() -> ResponseReturnValue:
    """``?center=<id>&day=<date>&view=week|day``; without them the first of one's centres, this week."""
    own = centers.own()
    if not own:
        return render_template("staff/calendar/nothing.html")
    shown = _shown(centers.chosen(own, request.args.get("center")))
    with parts().database.read() as session:
        laid, offered = _laid(session, shown)
    return render_template(
        "staff/calendar/page.html",
        shown=shown,
        own=own,
        laid=laid,
        rows=rows(laid) if shown.view == "week" else [],
        offered=offered,
        today=clock.local_now().date(),
        event_title=lambda one: event_words.title(locale(), one.event),
        short_center=names.bare_center(locale(), shown.center, parts().knowledge()),
    )


@pages.get("/find")
@access.signed_in
def find() -> ResponseReturnValue:
    """The booking whose reference somebody says on the telephone, where it is one of one's own centres."""
    text = request.args.get("reference", "")
    with parts().database.read() as session:
        booking = bookings.by_reference(session, text)
    if booking is None or not visitor().scope.covers(booking.center_id):
        return replies.done(say("calendar.not_found"), url_for("staff.calendar.page"), worked=False)
    return redirect(url_for("staff.calendar.booking", booking_id=booking.id), 303)


def _shown(center: Center) -> Shown:
    given = request.args.get("day")
    day = day_of(given) if given else clock.local_now().date()
    if day is None:
        abort(404)
    if request.args.get("view") == "day":
        return Shown(center, "day", day, (day,), format_date(day, "full", locale=DATES[locale()]))
    monday = day - timedelta(days=day.weekday())
    week = tuple(monday + timedelta(days=offset) for offset in range(7))
    return Shown(center, "week", monday, week, format_interval(monday, week[-1], "yMMMd", locale=DATES[locale()]))


def _laid(session: Session, shown: Shown) -> tuple[list[Day], set[int]]:
    """The days with what is in them, and which bookings are offers that nobody has taken yet."""
    center, first, last = shown.center, shown.days[0], shown.days[-1]
    wanted = Filter(centers=(center.id,), states=(*LIVE, "held", "no_show"), first=first, last=last)
    booked = bookings.listing(session, wanted, limit=MOST)
    events = finding.between(session, Wanted(centers=(center.id,), first=first, last=last), MOST)
    rules = rules_for(session, center.id)
    step = timedelta(minutes=rules.slot_minutes)
    free = calendar.free_times(session, center, rules, first, last, step)
    return lay_out(center.hall, shown.days, booked, events, free), _offered(session, booked)


def _offered(session: Session, booked: Sequence[bookings.Booking]) -> set[int]:
    tentative = [one.id for one in booked if one.state == "tentative"]
    return waiting.offered_of(session, tentative) if tentative else set()
