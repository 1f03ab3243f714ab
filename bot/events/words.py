"""Events as each language writes them: titles, times, places, the names of subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot import names, wording
from bot.halls import words as halls
from desk.events.models import Event, Occurrence
from desk.events.subscriptions import Wish
from desk.events.topics import topics
from desk.halls import days
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES, Center, Locale

SHORT_TITLE = 24
"""Characters of a title that a small screen shows in a line."""

SHORT_LATIN_TITLE = 48
"""The same where the message is likely to be in GSM-7, of which two segments hold twice as much."""


def text(locale: Locale, texts: Mapping[str, str]) -> tuple[str, str | None]:
    """What staff wrote in the reader's language, else in another one; and which other one it is.

    Of the others Georgian comes first, the language that most of the country reads.
    """
    own = wording.base(locale)
    if own in texts:
        return (wording.latin_sentences(texts[own]) if locale == "ka-Latn" else texts[own]), None
    other = next((one for one in BASE_LOCALES if one in texts), None)
    return (texts[other], other) if other is not None else ("", None)


def title(locale: Locale, event: Event, *, short: bool = False) -> str:
    """The title, with a word on its language where it is not the reader's."""
    found, other = text(locale, event.titles)
    if short:
        latin = locale in {"en", "ka-Latn"} and found.isascii()
        found = halls.short(found, SHORT_LATIN_TITLE if latin else SHORT_TITLE)
    return f"{found} ({wording.say(locale, f'event.in.{other}')})" if other is not None else found


def when(locale: Locale, occurrence: Occurrence, *, short: bool = False) -> str:
    """From when to when; both days where it lasts longer than one."""
    starts_at, ends_at = occurrence.starts_at, occurrence.ends_at
    if ends_at - starts_at < timedelta(days=1):
        return halls.span(locale, starts_at, ends_at, short=short)
    return f"{halls.moment(locale, starts_at, short=short)} - {halls.moment(locale, ends_at, short=short)}"


def facts(locale: Locale, occurrence: Occurrence, snapshot: Snapshot, *, short: bool = False) -> dict[str, str]:
    """What sentences about an event are filled with: title, when, center."""
    return {
        "title": title(locale, occurrence.event, short=short),
        "when": when(locale, occurrence, short=short),
        "center": halls.center(locale, occurrence.event.center_id, snapshot, short=short),
    }


def line(locale: Locale, occurrence: Occurrence, snapshot: Snapshot) -> str:
    """One event in a list: when it begins, what it is, and where."""
    known = facts(locale, occurrence, snapshot, short=True)
    day = days.local_day(occurrence.starts_at)
    # The Azerbaijani names of the days are long, and a list has many lines.
    begins = f"{day:%d.%m}" if locale == "az" else halls.day(locale, day, short=True)
    known["when"] = f"{begins} {halls.clock(occurrence.starts_at)}"
    return wording.say(locale, "event.line", **known)


def topic(locale: Locale, code: str) -> str:
    """The name of a topic; its code where the data do not have it any more."""
    known = topics().get(code)
    return wording.localised(locale, known.names) if known is not None else code


def place(locale: Locale, center: Center | None, snapshot: Snapshot) -> str:
    """The centre with its address for a calendar, as far as it is known."""
    if center is None:
        return ""
    return ", ".join(filter(None, (names.center(locale, center, snapshot), center.address_ka)))


def wish(locale: Locale, wanted: Wish, snapshot: Snapshot, event: Event | None = None) -> str:
    """What is subscribed to, in words; ``event`` where it is one."""
    if wanted.kind == "center":
        center = snapshot.centers_by_slug.get(wanted.value)
        name = names.bare_center(locale, center, snapshot) if center is not None else wanted.value
        return wording.say(locale, "sub.name.center", center=name)
    if wanted.kind == "municipality":
        name = names.municipality(locale, wanted.value, snapshot)
        return wording.say(locale, "sub.name.municipality", municipality=name)
    if wanted.kind == "topic":
        return wording.say(locale, "sub.name.topic", topic=topic(locale, wanted.value))
    shown = title(locale, event, short=True) if event is not None else wanted.value
    return wording.say(locale, "sub.name.event", title=shown)
