"""The index that a gazetteer searches: every name of every place as keys, found without a scan.

A name becomes a key (`knowledge.spelling`), and the key its *bases*: what is left when a case ending is taken
off. An exact look-up is one dictionary access a base. A misspelt word is found through the bases with one
letter left out (one error), and through three-letter pieces (two errors); both give a short list of candidates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.scripts import Script, Word, dominant_script, words
from knowledge.spelling import Analysis, Ending, analyses, key, latin, read_table, stems, syncopated
from knowledge.types import Place

Kind = Literal["whole", "stem", "genitive"]
"""What a base is: the whole name; a name in -ი without it; a form that only a genitive ending follows."""

PRIMARY, ALTERNATIVE, PARTIAL = 0, 1, 2
"""How a place bears a name: as its own, as another name, or as a part of it (ნატანები of ქვემო ნატანები)."""

_BRACKETS = re.compile(r"\s*\(([^)]*)\)\s*$")
_NOISE = {"gorad", "pasiolak", "kurorti", "osh", "šaari", "oš"}
_SHORTEST_ALTERNATIVE = 4
_PIECE = 3
_SOUNDS = (("kh", "x"), ("gh", "ğ"), ("zh", "ž"), ("ts", "c"), ("dz", "ż"), ("ch", "č"), ("sh", "š"))


@lru_cache(maxsize=1024)
def _words(name: str) -> tuple[Word, ...]:
    """The words of a name, which is looked at several times while it is indexed."""
    return words(name)


def split(text: str) -> list[str]:
    """Return the keys of a name's words."""
    return [part for part in (key(word.raw) for word in _words(text)) if part]


def joined(text: str) -> str:
    """Return the key of a name of one or more words."""
    return "".join(split(text))


_MODIFIER_KEYS = [joined(word) for word in read_table("context")["modifiers"]]
MODIFIERS = frozenset([*_MODIFIER_KEYS, *(part[:-1] for part in _MODIFIER_KEYS if part[-1] == "i")])
"""Words such as "upper" and "new", which tell apart settlements of one name and are no names themselves."""


def sounds(spelled: str) -> str:
    """Return a romanised name with one sign for each Georgian letter, so that one slip counts once."""
    for letters, sign in _SOUNDS:
        spelled = spelled.replace(letters, sign)
    return spelled


@dataclass(slots=True)
class Name:
    """One key under which places are known: who bears it and how (the lowest rank), how it is spelled."""

    key: str
    bearers: dict[int, int] = field(default_factory=dict)
    spelled: dict[str, None] = field(default_factory=dict)
    sounds: dict[str, None] = field(default_factory=dict)
    parts: int = 1

    def add(self, place: int, rank: int, spelling: str) -> None:
        """Note that ``place`` (its position) bears this name, written ``spelling``."""
        self.bearers[place] = min(rank, self.bearers.get(place, rank))
        parts = [latin(word.raw) for word in _words(spelling)]
        spelled = "".join(parts)
        self.spelled[spelled] = None
        self.sounds[sounds(spelled)] = None
        self.parts = max(self.parts, len(parts))


@dataclass(frozen=True, slots=True)
class Base:
    """What a name looks like once its ending is off."""

    name: Name
    kind: Kind


def stem_of(name_key: str) -> str:
    """Return a key without its last vowel, unless nothing much would be left."""
    return name_key[:-1] if len(name_key) > 2 and name_key[-1] in "aei" else name_key


@lru_cache(maxsize=16384)
def bases_of(name_key: str) -> tuple[tuple[str, Kind], ...]:
    """Return the bases of a name's key, the whole key first."""
    found: list[tuple[str, Kind]] = [(name_key, "whole")]
    stem = stem_of(name_key)
    if stem != name_key:
        found.append((stem, "stem" if name_key[-1] == "i" else "genitive"))
        short = syncopated(stem)
        if short:
            found.append((short, "genitive"))
    return tuple(found)


def strain(kind: Kind, name_key: str, ending: Ending | None) -> float | None:
    """Return how unusual a base of ``kind`` before ``ending`` is (0 not at all), None when impossible."""
    if ending is None:
        return {"whole": 0.0, "stem": 0.3, "genitive": None}[kind]
    if kind == "whole":
        vowel_before = name_key[-1] in "aeou"
        return 0.1 if ending.joins == "any" or (ending.joins == "stem" and vowel_before) else 0.3
    if kind == "stem":
        return 0.1
    return 0.1 if ending.joins in ("genitive", "any") else None


class NameIndex:
    """The names of all places; built once, never changed afterwards."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._names: dict[str, Name] = {}
        self._parts: set[str] = set()
        for position, place in enumerate(places):
            self._add_place(position, place)
        self._bases: dict[str, list[Base]] = {}
        self._stems: dict[str, list[Name]] = {}
        self._spelled: dict[str, list[Name]] = {}
        for name in self._names.values():
            self._add_bases(name)
        self._openings = frozenset(base[:size] for base in self._bases for size in range(1, len(base) + 1))
        self._read_as = lru_cache(maxsize=16_384)(self._readings)
        self._near_stems = _shortened(self._stems)
        self._near_spelled = _shortened(self._spelled)
        self._listed = sorted(self._stems)
        self._sizes = [len(stem) for stem in self._listed]
        pieces: dict[str, list[int]] = {}
        for number, stem in enumerate(self._listed):
            for piece in _pieces(stem):
                pieces.setdefault(piece, []).append(number)
        self._pieces = {piece: np.array(numbers) for piece, numbers in pieces.items()}

    def _add_bases(self, name: Name) -> None:
        bases = bases_of(name.key)
        for base, kind in bases:
            self._bases.setdefault(base, []).append(Base(name, kind))
        for base, _ in bases[1:] or bases:
            self._stems.setdefault(base, []).append(name)
        for spelled in name.spelled:
            for base, _ in bases_of(spelled)[1:] or ((spelled, "whole"),):
                self._spelled.setdefault(base, []).append(name)

    def _add_place(self, position: int, place: Place) -> None:
        full = place.name_ka
        bracket = _BRACKETS.search(place.name_en)
        self._add(position, PRIMARY, full, joined(full))
        if bracket:
            size = len(bracket.group(1).split())
            full = " ".join(full.split()[:-size]) or full
            self._add(position, PRIMARY, full, joined(full))
        parts = split(full)
        self._note_parts(parts)
        if len(parts) > 1:
            self._add_shorter(position, full, parts)
        for other in (_BRACKETS.sub("", place.name_en), *place.alt_names):
            self._add_alternative(position, other)

    def _add_shorter(self, position: int, full: str, parts: list[str]) -> None:
        """A name of several words: declined (დიდ ლილოში), and by its own word alone (ლილო)."""
        declined = [part[:-1] if len(part) > 3 and part[-1] == "i" else part for part in parts[:-1]]
        self._add(position, PRIMARY, full, "".join([*declined, parts[-1]]))
        own = [part for part in parts if part not in MODIFIERS]
        if own and len(own[-1]) > 2:
            spelling = next(word.raw for word in reversed(_words(full)) if key(word.raw) == own[-1])
            self._add(position, PARTIAL, spelling, own[-1])

    def _add_alternative(self, position: int, text: str) -> None:
        if dominant_script(text) == "other":
            return
        parts = [part for part in split(text) if part not in _NOISE]
        self._note_parts(parts)
        name_key = "".join(parts)
        if len(name_key) >= _SHORTEST_ALTERNATIVE and name_key not in self._names:
            self._add(position, ALTERNATIVE, text, name_key)
        elif name_key in self._names:
            self._names[name_key].add(position, ALTERNATIVE, text)

    def _note_parts(self, parts: list[str]) -> None:
        if len(parts) > 1:
            self._parts.update(parts, map(stem_of, parts))

    def _add(self, position: int, rank: int, spelling: str, name_key: str) -> None:
        if name_key not in self._names:
            self._names[name_key] = Name(name_key)
        self._names[name_key].add(position, rank, spelling)

    def readings(self, word_key: str, script: Script) -> tuple[tuple[Base, Analysis], ...]:
        """Return what a word may be, declined or not: each base of a name with the way in which it is read."""
        return self._read_as(word_key, script)

    def _readings(self, word_key: str, script: Script) -> tuple[tuple[Base, Analysis], ...]:
        return tuple(
            (base, reading) for reading in analyses(word_key, script) for base in self._bases.get(reading.base, ())
        )

    def begins_none(self, openings: Iterable[str]) -> bool:
        """Return whether no base of a name begins with one of ``openings``: no need to look at more words."""
        return self._openings.isdisjoint(openings)

    def has_part(self, word: Word) -> bool:
        """Return whether the word, declined or not, is one of the words of a longer name."""
        return not self._parts.isdisjoint(stems(word.raw, word.script))

    def near(self, bases: Iterable[str], stems: Iterable[str]) -> list[Name]:
        """Return the names whose stem is at most one error from any of ``bases``, or is one of ``stems``."""
        return _near(bases, stems, self._near_stems, self._stems)

    def near_spelled(self, bases: Iterable[str], stems: Iterable[str]) -> list[Name]:
        """Return the same names as ``near`` does, by their stems in the national romanisation."""
        return _near(bases, stems, self._near_spelled, self._spelled)

    def similar(self, word_key: str, limit: int) -> list[Name]:
        """Return the names that share most pieces with ``word_key``, of at most ``limit`` stems."""
        alike = [self._listed[number] for number in self._most_alike(word_key, limit)]
        names = (name for stem in _opening_like(word_key, alike) for name in self._stems[stem])
        return list({name.key: name for name in names}.values())

    def _most_alike(self, word_key: str, limit: int) -> list[int]:
        """Return the numbers of the stems with most pieces in common and about as many letters, best first."""
        shared = [self._pieces[piece] for piece in _pieces(word_key) if piece in self._pieces]
        if not shared:
            return []
        counts = np.bincount(np.concatenate(shared))
        likely = (counts > 1).nonzero()[0]
        size, sizes = len(word_key) - 2, self._sizes
        scored = zip(counts[likely].tolist(), likely.tolist(), strict=True)
        # Among equals the last of the alphabet comes first.
        ranked = sorted(((2 * count - abs(size - sizes[at]), at) for count, at in scored), reverse=True)
        return [at for _, at in ranked[:limit]]


def _opening_like(word: str, stems: list[str]) -> list[str]:
    """Return the stems that a word nearly begins with: at most two errors."""
    if not stems:
        return []
    sizes = [len(stem) for stem in stems]
    openings = [word[:size] for size in range(max(min(sizes) - 2, 0), min(max(sizes) + 2, len(word)) + 1)]
    apart = process.cdist(openings, stems, scorer=OSA.distance, score_cutoff=2, dtype=np.uint8)
    return [stem for stem, errors in zip(stems, apart.min(axis=0, initial=3).tolist(), strict=True) if errors <= 2]


def _near(
    bases: Iterable[str], stems: Iterable[str], shortened: dict[str, list[str]], named: dict[str, list[Name]]
) -> list[Name]:
    found = {name.key: name for stem in stems for name in named.get(stem, ())}
    for base in bases:
        alike = set(shortened.get(base, ()))
        alike.update(*filter(None, map(shortened.get, deletions(base))))
        for stem in alike:
            if OSA.distance(base, stem, score_cutoff=1) <= 1:
                found.update((name.key, name) for name in named[stem])
    return list(found.values())


def _shortened(bases: Iterable[str]) -> dict[str, list[str]]:
    """Return the stems by themselves and by each form with one letter left out."""
    found: dict[str, list[str]] = {}
    for stem in bases:
        for shorter in (stem, *deletions(stem)):
            found.setdefault(shorter, []).append(stem)
    return found


def deletions(text: str) -> list[str]:
    """Return ``text`` with each one of its letters left out; the same twice where two of them are alike."""
    return [text[:i] + text[i + 1 :] for i in range(len(text))]


def _pieces(text: str) -> set[str]:
    padded = f"^{text}"
    return {padded[i : i + _PIECE] for i in range(len(padded) - _PIECE + 1)}
