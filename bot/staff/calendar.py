"""What a centre's calendar, which its staff subscribe to, says of each booking."""

from __future__ import annotations

from bot import names, wording
from bot.staff import news
from desk.halls.bookings import Booking
from desk.halls.ical import Words
from knowledge.snapshot import Snapshot
from knowledge.types import Center, Locale


def name(locale: Locale, center: Center, snapshot: Snapshot) -> str:
    """What the calendar is called in the list of calendars."""
    return wording.say(locale, "desk.calendar", center=names.center(locale, center, snapshot))


def words(locale: Locale, snapshot: Snapshot) -> Words:
    """The subject, with how the booking stands unless it is confirmed; all that staff must know below it.

    Whom to telephone is not in it: a calendar is copied to telephones and to companies' servers.
    """

    def said(booking: Booking) -> tuple[str, str]:
        title = booking.subject or booking.reference
        if booking.state not in {"confirmed", "held"}:
            title = f"{title} ({wording.say(locale, f'hall.state.{booking.state}')})"
        return title, news.request(locale, booking, snapshot)

    return said
