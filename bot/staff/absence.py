"""``/noshow``: which of the bookings that began lately nobody came to."""

from __future__ import annotations

from datetime import timedelta

from bot import wording
from bot.dialogue.turn import Turn
from bot.halls import words
from bot.staff import handling
from bot.staff.today import scope
from desk import staff
from desk.halls import bookings, life
from desk.halls.bookings import Booking, Filter, IllegalMove, State
from desk.messages import Choice, Reply
from desk.staff import StaffMember
from store import clock

MOST = 10
"""So many bookings are offered, those that began last."""


_MARKED: tuple[State, ...] = ("confirmed",)
"""From which state one comes to "nobody came"."""


def which(turn: Turn, member: StaffMember, _rest: str) -> Reply:
    """Offers the confirmed bookings of the member's centres that have begun, as long as they can be marked."""
    locale, now = staff.language_of(member), clock.local_now()
    first = (now - life.NO_SHOW_WITHIN).date()
    wanted = Filter(centers=scope(turn, member), states=_MARKED, first=first, last=now.date())
    begun = [
        booking
        for booking in bookings.listing(turn.session, wanted)
        if booking.starts_at <= now and booking.ends_at + life.NO_SHOW_WITHIN > now
    ]
    if not begun:
        days = life.NO_SHOW_WITHIN // timedelta(days=1)
        return Reply((wording.say(locale, "desk.noshow.none", days=days),), turn.locale)
    choices = tuple(
        Choice(_label(turn, member, booking), f"desk:absent:{booking.id}") for booking in begun[: -MOST - 1 : -1]
    )
    return Reply((wording.say(locale, "desk.noshow.which"),), turn.locale, choices=choices)


def _label(turn: Turn, member: StaffMember, booking: Booking) -> str:
    locale = staff.language_of(member)
    when = words.span(locale, booking.starts_at, booking.ends_at, short=True)
    center = words.center(locale, booking.center_id, turn.snapshot, short=True)
    return f"{when}, {center}: {words.subject(locale, booking.subject)}"


def ask(turn: Turn, member: StaffMember, booking: Booking, _more: str) -> Reply:
    """Asks once more: the person loses access to the halls."""
    locale = staff.language_of(member)
    known = words.facts(locale, booking, turn.snapshot)
    choices = (
        Choice(wording.say(locale, "desk.noshow.yes"), f"desk:noshow:{booking.id}"),
        Choice(wording.say(locale, "desk.back"), f"desk:came:{booking.id}"),
    )
    return Reply((wording.say(locale, "desk.noshow.sure", **known),), turn.locale, choices=choices)


def mark(turn: Turn, member: StaffMember, booking: Booking, _more: str) -> Reply:
    """Writes down that nobody came."""
    locale = staff.language_of(member)
    try:
        life.mark_no_show(turn.session, booking, member.name, turn.tell)
    except IllegalMove as error:
        return handling.said(turn, handling.why_not(locale, booking, error))
    return handling.said(
        turn, wording.say(locale, "desk.noshow.marked", **words.facts(locale, booking, turn.snapshot))
    )


def leave(turn: Turn, member: StaffMember, _booking: Booking, _more: str) -> Reply:
    """Changes nothing."""
    return handling.said(turn, wording.say(staff.language_of(member), "desk.noshow.kept"))
