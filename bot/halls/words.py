"""Days, hours, lengths and the parts of a booking as each language writes them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from typing import cast

from babel import Locale as Language
from babel.numbers import format_decimal

from bot import names, wording
from desk.halls import days
from desk.halls.bookings import DECLINE_REASONS, Booking
from desk.halls.requests import Refusal
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES, Locale
from store.clock import TBILISI

SHORT_SUBJECT = 17
"""Characters of a subject that a small screen shows."""

SHORT_LATIN_SUBJECT = 40
"""The same where the message is likely to be in GSM-7, of which two segments hold twice as much."""


_PLURALS = {locale: Language.parse(locale).plural_form for locale in BASE_LOCALES}


def clock(moment: datetime) -> str:
    """The time of day in Tbilisi: "15:00"."""
    return f"{moment.astimezone(TBILISI):%H:%M}"


def day(locale: Locale, value: date, *, short: bool = False) -> str:
    """A day with its weekday: "Friday, 27 November", or "Fri 27.11" where there is little room."""
    if not short:
        return wording.day(locale, value)
    # The Azerbaijani short names ("B.e.") tell a reader little.
    return f"{wording.day_name(locale, value.weekday(), short=locale != 'az')} {value:%d.%m}"


def span(locale: Locale, starts_at: datetime, ends_at: datetime, *, short: bool = False) -> str:
    """When something is: "Friday, 27 November, 15:00-17:00"."""
    between = " " if short else ", "
    return f"{day(locale, days.local_day(starts_at), short=short)}{between}{clock(starts_at)}-{clock(ends_at)}"


def moment(locale: Locale, at: datetime, *, short: bool = False) -> str:
    """A day and an hour: "Friday, 27 November, 15:00"."""
    return f"{day(locale, days.local_day(at), short=short)}{' ' if short else ', '}{clock(at)}"


def length(locale: Locale, minutes: int) -> str:
    """How long: "2 hours", "1.5 hours", "45 minutes"."""
    if minutes % 30:
        return wording.say(locale, "hall.length.minutes", n=minutes)
    hours = Decimal(minutes) / 60
    number = format_decimal(hours, locale=wording.base(locale))
    return wording.say(locale, f"hall.length.hours.{_PLURALS[wording.base(locale)](hours)}", n=number)


def business_days(locale: Locale, count: int) -> str:
    """How long ahead: "2 business days"."""
    return wording.say(locale, f"hall.length.business_days.{_PLURALS[wording.base(locale)](count)}", n=count)


def equipment(locale: Locale, wanted: Collection[str] | None, *, short: bool = False) -> str:
    """The equipment in words, or that none is needed."""
    ending = wording.SMALL_SCREEN if short else ""
    return ", ".join(wording.say(locale, f"hall.equipment.{one}{ending}") for one in wanted or ("none",))


def short(text: str, limit: int) -> str:
    """A text that somebody wrote, cut at a word where it is too long for a small screen."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    head = text[: limit - 2]
    return (head.rsplit(" ", 1)[0] if " " in head[limit // 2 :] else head) + ".."


def subject(locale: Locale, text: str) -> str:
    """The subject as a small screen shows it."""
    return short(text, SHORT_LATIN_SUBJECT if locale in {"en", "ka-Latn"} and text.isascii() else SHORT_SUBJECT)


def reason(locale: Locale, given: str | None) -> str:
    """Why a centre declined: the sentence of a code, or the words of the member of staff as they are."""
    if not given:
        return wording.say(locale, "hall.reason.other")
    return wording.say(locale, f"hall.reason.{given}") if given in DECLINE_REASONS else given


def center(locale: Locale, center_id: int, snapshot: Snapshot, *, short: bool = False) -> str:
    """The centre's name; its number where staff have removed it since."""
    known = snapshot.centers.get(center_id)
    if known is None:
        return f"#{center_id}"
    return (names.bare_center if short else names.center)(locale, known, snapshot)


def facts(locale: Locale, booking: Booking, snapshot: Snapshot, *, short: bool = False) -> dict[str, str]:
    """What sentences about a booking are filled with: reference, center, when."""
    return {
        "reference": booking.reference,
        "center": center(locale, booking.center_id, snapshot, short=short),
        "when": span(locale, booking.starts_at, booking.ends_at, short=short),
    }


def refusal(locale: Locale, found: Refusal, *, short: bool = False) -> tuple[str, dict[str, str]]:
    """The id of the sentence that says why a rule stands against a request, and what fills it."""
    filled: dict[str, str] = {}
    for name, value in found.facts.items():
        if isinstance(value, datetime):
            filled[name] = moment(locale, value, short=short)
        elif isinstance(value, date):
            filled[name] = day(locale, value, short=short)
        elif name == "minutes" and isinstance(value, int):
            filled["length"] = length(locale, value)
        elif name == "business_days" and isinstance(value, int):
            filled[name] = business_days(locale, value)
        elif isinstance(value, int):
            filled[name] = str(value)
    if found.code == "outside_hours":
        filled["spans"] = wording.spans(cast(tuple[tuple[time, time], ...], found.facts["spans"]))
    return ("hall.why.closed" if filled.get("spans") == "" else f"hall.why.{found.code}"), filled
