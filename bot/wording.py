"""What the assistant says, in every language: gettext catalogues, dates and hours as each language writes them.

``ka-Latn`` is romanised from the Georgian catalogue, so that a text stays within GSM-7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from babel.dates import format_date, get_day_names
from babel.messages.pofile import read_po

from knowledge.hours import Span, ordinary_week
from knowledge.romanise import romanise
from knowledge.types import BASE_LOCALES, BaseLocale, Locale

CATALOGUES = Path(__file__).parent / "locales"

SMALL_SCREEN = ".sms"
"""The ending of an id whose wording is meant for a small screen."""


def base(locale: Locale) -> BaseLocale:
    """The language whose catalogue a locale is read from."""
    return "ka" if locale == "ka-Latn" else locale


@cache
def catalogue(locale: BaseLocale) -> Mapping[str, str]:
    """The sentences of a language by their id, from every folder. Raises ValueError for an id that comes twice."""
    return read(CATALOGUES, locale)


def read(folder: Path, locale: BaseLocale) -> Mapping[str, str]:
    """The sentences of ``<folder>/<subject>/<locale>.po`` by their id; an id that comes twice is a ValueError."""
    sentences: dict[str, str] = {}
    for path in sorted(folder.glob(f"*/{locale}.po")):
        with path.open("rb") as file:
            found = {
                str(message.id): str(message.string) for message in read_po(file, locale=locale) if message.id
            }
        if twice := found.keys() & sentences.keys():
            raise ValueError(f"{path}: {sorted(twice)} are in another catalogue too")
        sentences |= found
    return sentences


def preload() -> None:
    """Reads all catalogues now, so that the first resident does not wait for them."""
    for locale in BASE_LOCALES:
        catalogue(locale)
        day(locale, date(2026, 1, 1))  # Babel reads a language's calendar when it is first asked


@cache
def _romanised() -> Mapping[str, str]:
    return {message_id: latin_sentences(text) for message_id, text in catalogue("ka").items()}


def latin_sentences(text: str) -> str:
    """Georgian text in Latin letters, with a capital where a sentence begins (Georgian itself has none)."""
    return _SENTENCE_START.sub(lambda found: found.group().upper(), romanise(text))


_SENTENCE_START = re.compile(r"^[a-z]|(?<=[.!?:] )[a-z]|(?<=\n)[a-z]")


def say(locale: Locale, message_id: str, **values: object) -> str:
    """The sentence in that language, filled in. Raises KeyError for an id that no catalogue has."""
    sentences = _romanised() if locale == "ka-Latn" else catalogue(base(locale))
    return sentences[message_id].format(**values)


def has(message_id: str) -> bool:
    """Whether there is such a sentence, for example a wording for a small screen."""
    return message_id in catalogue("ka")


def localised(locale: Locale, texts: Mapping[BaseLocale, str]) -> str:
    """The text of that language out of a fact or a name."""
    text = texts[base(locale)]
    return latin_sentences(text) if locale == "ka-Latn" else text


def day_name(locale: Locale, weekday: int, *, short: bool = False) -> str:
    """The name of a weekday, 0 for Monday."""
    name = str(get_day_names("abbreviated" if short else "wide", locale=base(locale))[weekday])
    return romanise(name) if locale == "ka-Latn" else name


@lru_cache(maxsize=1024)
def day(locale: Locale, value: date) -> str:
    """A date with its weekday and without the year: "Saturday, 28 November"."""
    return f"{day_name(locale, value.weekday())}, {month_day(locale, value)}"


def numeric_date(value: date) -> str:
    """A date in figures, as all five languages read it: 01.05.2022."""
    return f"{value:%d.%m.%Y}"


def spans(opening: tuple[Span, ...]) -> str:
    """Opening times of a day: "09:00-13:00, 14:00-18:00"."""
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in opening)


def week(locale: Locale, spec: str) -> str:
    """The opening times of an ordinary week, days of equal hours together: "Mon-Fri 09:00-18:00"."""
    parts = []
    days = ordinary_week(spec)
    first = 0
    for weekday in range(1, 8):
        if weekday == 7 or days[weekday] != days[first]:
            if days[first]:
                parts.append(f"{_days(locale, first, weekday - 1)} {spans(days[first])}")
            first = weekday
    return ", ".join(parts) if parts else say(locale, "hours.closed_all")


def _days(locale: Locale, first: int, last: int) -> str:
    short = locale != "az"  # "B.e." tells an Azerbaijani reader little
    start = day_name(locale, first, short=short)
    return start if first == last else f"{start}-{day_name(locale, last, short=short)}"


def kilometres(locale: Locale, metres: float) -> str:
    """A distance in whole kilometres; below one, with a decimal."""
    if metres >= 950:
        return str(round(metres / 1000))
    tenths = max(1, round(metres / 100))
    return f"0.{tenths}" if base(locale) == "en" else f"0,{tenths}"


def month_day(locale: Locale, value: date) -> str:
    """A date with the month in letters: "28 November"."""
    written = format_date(value, "d MMMM", locale=base(locale))
    return romanise(written) if locale == "ka-Latn" else written
