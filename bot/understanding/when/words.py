"""The words of time: every form of the entries in ``bot/data/when/*.yaml`` under its phonetic key.

An entry is one or more words; a trailing ``~`` stands for the endings of its language. What a word says is a
string of one-letter kinds, so that the grammar can be regular expressions over them (`grammar`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from bot.understanding.lexicon import read
from knowledge.marks import without_marks
from knowledge.scripts import APOSTROPHES, Word, words
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
    "between": "=", "not": "!", "no": "%",
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
MOST_WORDS = 5


_ENGLISH_ENDING = re.compile(rf"(?<=\w)[{APOSTROPHES}](?:s|d|m|ll|re|ve)$")  # "we'd" is not "wed"
_LONG_NAMES = {"weekday": 6, "month": 8}
"""The letters, endings aside, of a name that is still told with a typing error: "nomber" is no November."""


@dataclass(frozen=True, slots=True)
class Form:
    """What one written form says: its kinds, and the value of the first."""

    kinds: str
    value: object


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The forms of one language by the keys of their words; ``openings`` are the first words of longer ones.

    ``firsts`` are the first words of all, long or short.

    ``slips`` lead from a key, and from one without any of its letters, to the names that it may be meant for.
    """

    forms: dict[tuple[str, ...], Form]
    openings: frozenset[str]
    firsts: frozenset[str]
    digits: dict[str, str]
    loose: frozenset[str]
    slips: dict[str, frozenset[str]]

    def misspelt(self, written: str) -> Form | None:
        """The only weekday or month that a key differs from by one letter; its first letter is never wrong."""
        near = {form for piece in (written, *_shortened(written)) for form in self.slips.get(piece, ())}
        found = [self.forms[form,] for form in near if _one_slip(written, form)]
        return found[0] if len({(form.kinds[0], form.value) for form in found}) == 1 else None

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


@lru_cache(maxsize=20_000)
def known_in(plain_word: str, keys: tuple[str, ...]) -> frozenset[str]:
    """The languages that have a form which begins with a word; ``plain_word`` is how English writes it."""
    return frozenset(
        language
        for language, vocabulary in vocabularies().items()
        if not vocabulary.firsts.isdisjoint((plain_word,) if language == "en" else keys)
    )


@lru_cache(maxsize=20_000)
def misspelt(language: str, written: str) -> Form | None:
    """See ``Vocabulary.misspelt``; people make the same slips again and again."""
    return vocabularies()[language].misspelt(written)


def _value(concept: str) -> tuple[str, object]:
    kind, _, value = concept.partition(" ")
    if kind in {"part", "hour_part", "ampm", "days"}:
        return kind, value
    if kind == "clock":
        hour, minute = value.split(":")
        return kind, (int(hour), int(minute), False)
    if "/" in value:
        return kind, tuple(map(int, value.split("/")))
    if not value:
        return kind, None
    return kind, float(value) if "." in value else int(value)


def _vocabulary(language: str, entries: list[tuple[str, object, str]], endings: dict[str, Any]) -> Vocabulary:
    forms: dict[tuple[str, ...], Form] = {}
    names: set[str] = set()
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
                if len(keys) == 1 and kind in _LONG_NAMES and len(_keys(entry)[0]) >= _LONG_NAMES[kind]:
                    names.add(keys[0])
    return Vocabulary(
        forms,
        frozenset(keys[0] for keys in forms if len(keys) > 1),
        frozenset(keys[0] for keys in forms),
        _by_key(endings["digits"].get(language, {}), language),
        frozenset(keys[0] for entry in endings["loose"].get(language, ()) for keys in _spellings(entry, language)),
        _slips(names),
    )


def _slips(names: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name in names:
        for piece in (name, *_shortened(name)):
            found.setdefault(piece, set()).add(name)
    return {piece: frozenset(names) for piece, names in found.items()}


def _shortened(written: str) -> Iterator[str]:
    """A key without each of its letters but the first."""
    for position in range(1, len(written)):
        yield written[:position] + written[position + 1 :]


def _one_slip(one: str, other: str) -> bool:
    """Whether a letter is missing, too many, wrong, or has changed places with the next."""
    if abs(len(one) - len(other)) > 1 or one[:1] != other[:1]:
        return False
    if len(one) != len(other):
        longer, shorter = sorted((one, other), key=len, reverse=True)
        return shorter in _shortened(longer)
    wrong = [position for position, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        return one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
    return len(wrong) == 1


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
        # Some write "cersenbe axsami", some mark one word and not the next.
        marked = [(_keys(part), _keys(without_marks(part))) for part in entry.split()]
        found |= {tuple(form for forms in one for form in forms) for one in product(*marked)}
    if language == "hy" and entry.endswith("ը"):
        found |= {(*form[:-1], form[-1] + "i") for form in found if form}  # vaghy, in Latin letters
    if language == "ka" and entry[:1] in "სოხ":
        found.add(tuple(form.replace("š", "s") for form in _keys(entry)))
    return found - {()}


def plain(word: Word) -> str:
    """An English word as it is looked up: small letters, no apostrophe, and "today" for "today's"."""
    if word.text.isalnum():
        return word.text
    return "".join(char for char in _ENGLISH_ENDING.sub("", word.text) if char.isalnum())


def _keys(entry: str) -> tuple[str, ...]:
    return tuple(form for word in words(entry) if (form := key(word.raw)))
