"""What one cell may hold: each parser turns text into a value or says what it expected.

Every cell arrives as text (`as_text` makes text of what Excel gives) and leaves as a `Value`; `written` is the way
back. An empty cell never reaches a parser.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

import phonenumbers

from knowledge import hours as opening
from knowledge.interchange.problems import perhaps
from knowledge.scripts import Script, script_of

Value = str | int | float | bool | date | tuple[str, ...] | None
"""What a cell says once it is read; None where it is empty."""

LONGEST_TEXT = 4_000
"""No cell may hold more characters; Excel itself stops at 32,767."""

SEPARATOR = "|"
"""Stands between the entries of a list in one cell."""

SOUTH, NORTH = 41.0, 43.7
WEST, EAST = 39.9, 46.8
"""The box that holds Georgia, in degrees."""

_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_WHOLE = re.compile(r"([0-9]{1,10})(?:\.0+)?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DOTTED_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(1900, 2101)
_LARGEST_WHOLE = 2**31 - 1
_UNREADABLE = {"\ufffd", "\ufffe", "\uffff"}
_YES = {"yes", "true", "1", "კი"}
_NO = {"no", "false", "0", "არა"}
_ABBREVIATION = 5  # a sentence such as "GEL 45." may have no letter of its language's script
_SCRIPT_NAMES: dict[Script, str] = {
    "georgian": "Georgian",
    "latin": "Latin",
    "cyrillic": "Cyrillic",
    "armenian": "Armenian",
}


class Unreadable(ValueError):
    """The cell does not hold what it should. Carries what is expected where that says more than the column."""

    def __init__(self, expected: str = "") -> None:
        self.expected = expected
        super().__init__(expected)


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of cell: how its text is read and what is expected in it; ``allowed`` are the words of a choice."""

    parse: Callable[[str], Value]
    expected: str
    allowed: tuple[str, ...] = ()


def as_text(value: object) -> str:
    """The text of a value as a spreadsheet or YAML gives it: 41.0 is "41", a midnight is its day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    return str(value)


def written(value: Value) -> str:
    """The text that reads back as the same value."""
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    return as_text(value)


def clean(text: str) -> str:
    """One line of text with its blanks in order and its letters composed. Raises Unreadable for control signs."""
    line = " ".join(text.split())
    if line.isascii() and line.isprintable():
        return line
    line = unicodedata.normalize("NFC", line)
    if any(char in _UNREADABLE or unicodedata.category(char) in {"Cc", "Cs"} for char in line):
        raise Unreadable("text without control signs or broken letters")
    return line


def text(longest: int = LONGEST_TEXT) -> Cell:
    """Any text of at most so many characters."""
    return Cell(lambda value: _no_longer(value, longest), f"text of at most {longest} characters")


def lettered(script: Script, longest: int = LONGEST_TEXT) -> Cell:
    """A name in the letters of one script and no others."""

    def parse(value: str) -> str:
        if {script_of(char) for char in set(value) if char.isalpha()} != {script}:
            raise Unreadable
        return _no_longer(value, longest)

    return Cell(parse, f"a name in {_SCRIPT_NAMES[script]} letters, at most {longest} characters")


def sentence(script: Script, longest: int = LONGEST_TEXT, *, abbreviations: int = _ABBREVIATION) -> Cell:
    """Text of one language; Latin words such as Wi-Fi may stand in it, letters of a third script may not.

    Only a text of at most ``abbreviations`` letters may have none of its own script.
    """

    def parse(value: str) -> str:
        letters = [char for char in value if char.isalpha()]
        used = {script_of(char) for char in letters}
        if used - {script, "latin"} or (script not in used and len(letters) > abbreviations):
            raise Unreadable
        return _no_longer(value, longest)

    return Cell(parse, f"text in {_SCRIPT_NAMES[script]} letters, at most {longest} characters")


def slug(longest: int = 60) -> Cell:
    """A name for machines."""

    def parse(value: str) -> str:
        if _SLUG.fullmatch(value) is None:
            raise Unreadable
        return _no_longer(value, longest)

    return Cell(parse, "lower-case Latin letters and digits with single hyphens between, such as 'id-card'")


def listed() -> Cell:
    """Texts with | between them; one that is there twice counts once."""
    return Cell(
        lambda value: tuple(dict.fromkeys(filter(None, map(str.strip, _no_longer(value).split(SEPARATOR))))),
        f"texts with {SEPARATOR} between them, at most {LONGEST_TEXT} characters",
    )


def choice(allowed: Collection[str], what: str) -> Cell:
    """One of a few words, or a name of a list that is too long to tell."""

    def parse(value: str) -> str:
        if value in allowed:
            return value
        raise Unreadable("; ".join(filter(None, (what, perhaps(value, allowed)))))

    return Cell(parse, what, tuple(allowed))


def _no_longer(value: str, longest: int = LONGEST_TEXT) -> str:
    if len(value) > longest:
        raise Unreadable(f"at most {longest} characters; these are {len(value)}")
    return value


def _whole(value: str) -> int:
    found = _WHOLE.fullmatch(value)
    if found is None or int(found[1]) > _LARGEST_WHOLE:
        raise Unreadable
    return int(found[1])


def _positive(value: str) -> int:
    number = _whole(value)
    if number == 0:
        raise Unreadable
    return number


def _between(value: str, least: float, most: float) -> float:
    if _NUMBER.fullmatch(value) is None:
        raise Unreadable
    number = float(value.replace(",", "."))
    if not least <= number <= most:
        raise Unreadable
    return number


def _yes_or_no(value: str) -> bool:
    word = value.casefold()
    if word not in _YES | _NO:
        raise Unreadable
    return word in _YES


def _day(value: str) -> date:
    dotted = _DOTTED_DAY.fullmatch(value)
    try:
        if dotted:
            day = date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
        elif _ISO_DAY.fullmatch(value):
            day = date.fromisoformat(value)
        else:
            raise Unreadable
    except ValueError as error:
        raise Unreadable from error
    if day.year not in _YEARS:
        raise Unreadable
    return day


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value, "GE")
    except phonenumbers.NumberParseException as error:
        raise Unreadable from error
    if (
        number.country_code != 995
        or not phonenumbers.is_valid_number(number)
        or any(char.isalpha() for char in value)
    ):
        raise Unreadable
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=256)
def _hours(value: str) -> str:
    try:
        opening.check(value)
    except opening.BadHours as error:
        raise Unreadable from error
    return value


WHOLE = Cell(_whole, "a whole number such as 1164")
POSITIVE = Cell(_positive, "a whole number above 0")
LATITUDE = Cell(
    lambda value: _between(value, SOUTH, NORTH), f"a latitude within Georgia, {SOUTH} to {NORTH} degrees"
)
LONGITUDE = Cell(
    lambda value: _between(value, WEST, EAST), f"a longitude within Georgia, {WEST} to {EAST} degrees"
)
DAY = Cell(_day, "a day such as 2026-11-24 or 24.11.2026")
YES_OR_NO = Cell(_yes_or_no, "yes or no")
PHONE = Cell(_phone, "a Georgian telephone number such as +995 32 240 54 05")
HOURS = Cell(_hours, "opening hours such as 'Mo-Fr 09:00-18:00; PH off'")
