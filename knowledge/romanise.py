"""Georgian names in other letters, for showing: never for matching (`knowledge.spelling` matches)."""

from __future__ import annotations

from typing import Any

from knowledge.scripts import normalise
from knowledge.spelling import read_table
from knowledge.types import Locale

_LETTERS: dict[str, Any] = read_table("display")
_TABLES: dict[str, dict[str, str]] = {name: rows["letters"] for name, rows in _LETTERS.items()}
_INITIAL: dict[str, dict[str, str]] = {
    name: {**rows["letters"], **rows.get("initial", {})} for name, rows in _LETTERS.items()
}


def romanise(text: str) -> str:
    """Return Georgian letters in the national romanisation without apostrophes, the rest untouched.

    Every letter it writes is in GSM-7. Sentences keep their lower case, as Georgian has no capitals.

    >>> romanise("სად არის ცენტრი?")
    'sad aris tsentri?'
    """
    return _write(_mkhedruli(text), "en")


def transliterate(name_ka: str, locale: Locale) -> str:
    """Return a Georgian name as readers of ``locale`` write it, each word with a capital.

    >>> transliterate("ლაგოდეხი", "ru")
    'Лагодехи'
    """
    name = _mkhedruli(name_ka)
    if locale == "ka":
        return name
    written = _write(name, "en" if locale == "ka-Latn" else locale)
    return _capitalise(written, locale)


def _mkhedruli(text: str) -> str:
    return "".join(normalise(char) if "\u1c90" <= char <= "\u1cbf" else char for char in text)


def _write(text: str, table: str) -> str:
    letters, initial = _TABLES[table], _INITIAL[table]
    return "".join(
        (letters if before.isalpha() else initial).get(char, char)
        for before, char in zip(" " + text, text, strict=False)
    )


def _capitalise(text: str, locale: Locale) -> str:
    """Give each word its capital; Azerbaijani i becomes İ."""
    written: list[str] = []
    start = True
    for char in text:
        if start and char.isalpha():
            char = "İ" if locale == "az" and char == "i" else char.upper()
        written.append(char)
        start = not char.isalpha()
    return "".join(written)
