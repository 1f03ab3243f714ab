"""The words of time: every form of the entries in ``bot/data/when/*.yaml`` under its phonetic key.

An entry is one or more words; a trailing ``~`` stands for the endings of its language. What a word says is a
string of one-letter kinds, so that the grammar can be regular expressions over them (`grammar`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.understanding.lexicon import read
from knowledge.marks import without_marks
from knowledge.scripts import Word, words
from knowledge.spelling import key

LETTERS = {
    "digits": "0", "number": "1", "ordinal": "2", "clock": "C", "pair": "x", "day_month": "e", "decimal": "d",
    "calendar": "D", "year": "y", "day": "J", "weekday": "W", "short_weekday": "w", "week_or_day": "Z",
    "month": "M", "of_month": "u", "days": "Y", "week": "K", "months": "E", "next": "n", "this": "i",
    "in": ">", "later": "<",
    "hour": "H", "saat": "s", "clock_word": "k", "minute": "m", "half": "h", "quarter": "q", "part": "P",
    "hour_part": "Q", "ampm": "z", "length": "U", "all_day": "X", "noon": "N", "midnight": "g", "from": "f",
    "to": "t", "at": "a", "on": "o", "for": "b", "past": "p", "lacks_before": "l", "lacks": "L", "and": "&",
    "counted": "c", "hint": "_", "until": "T", "previous": "j", "how_many": "v",
}  # fmt: skip
"""The letter of each kind of word."""

ENDING_LETTERS = {
    "plain": "", "at": "A", "on": "O", "from": "F", "to": "T", "goal": "V", "when": "I", "genitive": "G",
    "dative": "S", "by": "B", "later": "<",
}  # fmt: skip
"""The letter of each kind of ending."""

_KEPT = {
    "number": "AOFTVIGSB<", "ordinal": "", "hour": "AFTVIGSB<", "saat": "AFTVGB", "minute": "AB", "half": "AFT",
    "days": "GF<B", "week": "GF<", "months": "GF<", "week_or_day": "GFT<", "weekday": "FTG",
}  # fmt: skip
"""The endings that say something behind each kind; the others vanish (a month's case tells nothing)."""

FILES = ("numbers", "calendar", "clock", "connectors")
MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Form:
    """What one written form says: its kinds, and the value of the first."""

    kinds: str
    value: object


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The forms of one language by the keys of their words; ``openings`` are the first words of longer ones."""

    forms: dict[tuple[str, ...], Form]
    openings: frozenset[str]
    digits: dict[str, str]
    loose: frozenset[str]

    def longest(self, keys: list[str]) -> tuple[int, Form] | None:
        """The longest form that begins the keys, and how many words it has."""
        if keys[0] in self.openings:
            for size in range(min(MOST_WORDS, len(keys)), 1, -1):
                form = self.forms.get(tuple(keys[:size]))
                if form is not None:
                    return size, form
        form = self.forms.get((keys[0],))
        return None if form is None else (1, form)


@lru_cache(maxsize=1)
def vocabularies() -> dict[str, Vocabulary]:
    """The vocabulary of each language, read once."""
    endings: dict[str, Any] = read("when/endings")
    entries: dict[str, list[tuple[str, object, str]]] = {}
    for name in FILES:
        for concept, languages in read(f"when/{name}").items():
            kind, value = _value(str(concept))
            for language, listed in languages.items():
                entries.setdefault(language, []).extend((kind, value, str(entry)) for entry in listed)
    return {language: _vocabulary(language, listed, endings) for language, listed in entries.items()}


def _value(concept: str) -> tuple[str, object]:
    kind, _, value = concept.partition(" ")
    if kind in {"part", "hour_part", "ampm", "days"}:
        return kind, value
    if kind == "clock":
        hour, minute = value.split(":")
        return kind, (int(hour), int(minute), False)
    if not value:
        return kind, None
    return kind, float(value) if "." in value else int(value)


def _vocabulary(language: str, entries: list[tuple[str, object, str]], endings: dict[str, Any]) -> Vocabulary:
    forms: dict[tuple[str, ...], Form] = {}
    suffixes = [
        (ENDING_LETTERS[kind], str(ending))
        for kind, listed in endings["word"].get(language, {}).items()
        for ending in listed
    ]
    # Whole words first: "today" is a word of its own and not "day" with an ending.
    for kind, value, entry in sorted(entries, key=lambda item: item[2].endswith("~")):
        for written, ending in _written(entry, suffixes):
            form = Form(LETTERS[kind] + _ending(kind, ending, language), value)
            for keys in _spellings(written, language):
                forms.setdefault(keys, form)
    return Vocabulary(
        forms,
        frozenset(keys[0] for keys in forms if len(keys) > 1),
        _by_key(endings["digits"].get(language, {}), language),
        frozenset(keys[0] for entry in endings["loose"].get(language, ()) for keys in _spellings(entry, language)),
    )


def _by_key(endings: dict[str, list[str]], language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, listed in endings.items():
        for ending in listed:
            for keys in _spellings(str(ending), language):
                found.setdefault("".join(keys), ENDING_LETTERS[kind])
    return found


def _written(entry: str, suffixes: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    if not entry.endswith("~"):
        yield entry, ""
        return
    for letter, suffix in suffixes:
        yield entry[:-1] + suffix, letter


def _ending(kind: str, ending: str, language: str) -> str:
    if kind == "number" and ending == "<" and language == "ka":
        return "O"  # ხუთში, on the fifth; but კვირაში, in a week
    return ending if ending in _KEPT.get(kind, "") else ""


def _spellings(entry: str, language: str) -> set[tuple[str, ...]]:
    """The keys of an entry: as written, in Azerbaijani without marks, in Georgian with s for შ as in SMS."""
    if language == "en":  # written as in the dictionary: "saat" is not "sat"
        return {tuple(plain(word) for word in words(entry))} - {()}
    found = {_keys(entry)}
    if language == "az":
        found.add(_keys(without_marks(entry)))
    if language == "ka" and entry[:1] in "სოხ":
        found.add(tuple(form.replace("š", "s") for form in _keys(entry)))
    return found - {()}


def plain(word: Word) -> str:
    """An English word as it is looked up: small letters, no apostrophe."""
    return "".join(char for char in word.text if char.isalnum())


def _keys(entry: str) -> tuple[str, ...]:
    return tuple(form for word in words(entry) if (form := key(word.raw)))
