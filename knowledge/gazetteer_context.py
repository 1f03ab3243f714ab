"""What the words around a name say: ordinary words, prepositions, "village", "municipality"."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.gazetteer_index import MODIFIERS, joined, stem_of
from knowledge.scripts import Script, Word
from knowledge.spelling import analyses, key, latin, read_table

_CONTEXT: dict[str, Any] = read_table("context")
_SCRIPTS: dict[str, Script] = {"georgian": "georgian", "russian": "cyrillic", "armenian": "armenian"}


def _keyed(groups: dict[str, list[Any]]) -> frozenset[tuple[Script, str]]:
    """Return (script, key) of every word; Georgian ones also as written in Latin letters."""
    found: set[tuple[Script, str]] = set()
    for language, entries in groups.items():
        script = _SCRIPTS.get(language, "latin")
        for entry in entries:
            written = joined(str(entry))
            found.add((script, written))
            if script == "georgian":
                found.add(("latin", written))
    return frozenset(found)


def _ordinary() -> dict[str, frozenset[tuple[Script, str]]]:
    """Return the ordinary words of each language, as (script, key)."""
    return {language: _keyed({language: entries}) for language, entries in read_table("ordinary").items()}


_PREPOSITIONS = _keyed(_CONTEXT["prepositions"])
_POSTPOSITIONS = _keyed(_CONTEXT["postpositions"])
_SETTLEMENT = _keyed(_CONTEXT["settlement"])
_MUNICIPALITY = _keyed(_CONTEXT["municipality"])
_LIVING = _keyed(_CONTEXT["living"])
_AROUND = _PREPOSITIONS | _POSTPOSITIONS | _SETTLEMENT | _MUNICIPALITY
_ORDINARY = _ordinary()
_EVERYDAY = frozenset().union(*_ORDINARY.values())
_SHORTEST_OPENING = 5
_LONGEST_TAIL = 5
_SHORT_TAIL = 3
_OPENINGS = frozenset(
    (script, opening)
    for script, word in _EVERYDAY
    for opening in (word, stem_of(word))
    if len(opening) >= _SHORTEST_OPENING
)
_MODIFIERS = [latin(word) for word in _CONTEXT["modifiers"]]
_MODIFIERS += [word[:-1] for word in _MODIFIERS if word.endswith("i")]
_BELONGING = frozenset({"eli", "elebi", "uri"})


def is_preposition(word: Word) -> bool:
    """Return whether the word stands before a place: в, из, in, from."""
    return (word.script, key(word.raw)) in _PREPOSITIONS


def is_postposition(word: Word) -> bool:
    """Return whether the word stands behind a place: ახლოს, մոտ."""
    return (word.script, key(word.raw)) in _POSTPOSITIONS


def is_settlement_word(word: Word) -> bool:
    """Return whether the word means village or town: სოფელი, село, kəndi."""
    return (word.script, key(word.raw)) in _SETTLEMENT


def is_living_word(word: Word) -> bool:
    """Return whether the word says that somebody lives in a place: ვცხოვრობ, живу."""
    return (word.script, key(word.raw)) in _LIVING


def is_municipality_word(word: Word) -> bool:
    """Return whether the word means municipality or district: რაიონი, район, rayonu."""
    return (word.script, key(word.raw)) in _MUNICIPALITY


@lru_cache(maxsize=8192)
def _is_familiar(word_key: str, script: Script) -> bool:
    return any((script, word_key[:size]) in _OPENINGS for size in _openings(len(word_key)))


def _openings(length: int) -> range:
    """Return the sizes that an ordinary word may have at the beginning of a word of ``length``."""
    tail = _LONGEST_TAIL if length > _SHORTEST_OPENING + _SHORT_TAIL else _SHORT_TAIL
    least = max(_SHORTEST_OPENING + (tail > _SHORT_TAIL), length - tail)
    return range(least, length + 1)


def is_familiar(word: Word) -> bool:
    """Return whether the word is ordinary or grows from an ordinary one: სერვისებია, паспортный.

    Such a word is not taken for a misspelt name.
    """
    return is_everyday(word) or _is_familiar(key(word.raw), word.script)


def is_context(word: Word) -> bool:
    """Return whether the word only says something about a name beside it."""
    return (word.script, key(word.raw)) in _AROUND


def is_modifier(word: Word) -> bool:
    """Return whether the word only tells apart settlements of one name: upper, new, first."""
    return key(word.raw) in MODIFIERS


@lru_cache(maxsize=8192)
def _nearly_modifier(spelled: str) -> bool:
    return process.extractOne(spelled, _MODIFIERS, scorer=OSA.distance, score_cutoff=1) is not None


def is_nearly_modifier(word: Word) -> bool:
    """Return whether the word may be a misspelt modifier: qvmeo."""
    return _nearly_modifier(latin(word.raw))


def is_everyday(word: Word) -> bool:
    """Return whether the word is none of those that name a place: ordinary, a preposition, "upper"."""
    return is_ordinary(word) or is_preposition(word) or is_modifier(word)


def is_ordinary(word: Word) -> bool:
    """Return whether the word, with or without an ending, is in everyday use."""
    return _is_ordinary(key(word.raw), word.script)


def is_everyday_name(name_key: str, script: Script) -> bool:
    """Return whether a name is itself an ordinary word of the script's languages: Oktomberi, Saghamo."""
    return (script, name_key) in _EVERYDAY or name_key in MODIFIERS


@lru_cache(maxsize=16384)
def _is_ordinary(word_key: str, script: Script) -> bool:
    if (script, word_key) in _EVERYDAY:
        return True
    for reading in analyses(word_key, script):
        base, ending = reading.base, reading.ending
        if ending is None or len(base) < 3 or ending.key in _BELONGING:
            continue
        known = _ORDINARY[ending.language]
        lost = ("", "i") if ending.joins == "stem" else ("", "i", "a", "e")
        if any((script, base + vowel) in known for vowel in lost):
            return True
    return False
