"""Municipalities and regions that a text names, to tell settlements of one name apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge import gazetteer_context as context
from knowledge.gazetteer_data import load_regions
from knowledge.gazetteer_index import bases_of, strain
from knowledge.scripts import Word, words
from knowledge.spelling import analyses, keys
from knowledge.types import BaseLocale, Municipality, Place

_OPENING = 3  # letters at which most words that open no name are told
_LONGEST_AREA = 6  # words
_LONGEST_KEY = 48  # letters
_MOST_AREAS = 8  # in one text


@dataclass(frozen=True, slots=True)
class Area:
    """A municipality (or region) named by words ``first`` to ``last`` (excluded).

    ``said`` means that a word such as რაიონი stands beside it, so that it cannot be the town.
    """

    name_en: str
    region: bool
    first: int
    last: int
    said: bool

    def holds(self, place: Place) -> bool:
        """Return whether a settlement lies in it."""
        return self.name_en == (place.region_en if self.region else place.municipality_en)


class AreaIndex:
    """The names of municipalities and regions in every language, with their case endings."""

    def __init__(self, municipalities: Iterable[Municipality]) -> None:
        self._names: dict[str, tuple[str, bool]] = {}
        for region, names in load_regions().items():
            self._add(names, region, region=True)
        for municipality in municipalities:
            self._add(municipality.names, municipality.name_en, region=False)
        self._bases: dict[str, list[str]] = {}
        for name_key in self._names:
            for base, _ in bases_of(name_key):
                self._bases.setdefault(base, []).append(name_key)
        self._openings = frozenset(base[:size] for base in self._bases for size in range(1, len(base) + 1))

    def _add(self, names: Mapping[BaseLocale, str], name_en: str, *, region: bool) -> None:
        for name in (name_en, *names.values()):
            parts = [keys(word.raw) for word in words(name)]
            for variant in (0, -1):
                self._names["".join(part[variant] for part in parts)] = (name_en, region)

    def find(self, tokens: Sequence[Word]) -> list[Area]:
        """Return the areas that a text names, in order; the longest where several begin."""
        readings = [keys(word.raw) for word in tokens]
        found: list[Area] = []
        position = 0
        while position < len(tokens) and len(found) < _MOST_AREAS:
            area = self._at(tokens, readings, position)
            if area and (area.said or not context.is_ordinary(tokens[area.first])):
                found.append(area)
                position = area.last
            else:
                position += 1
        return found

    def _at(self, tokens: Sequence[Word], readings: Sequence[tuple[str, ...]], first: int) -> Area | None:
        if not any(reading[:_OPENING] in self._openings for reading in readings[first]):
            return None
        for last in range(self._farthest(readings, first), first, -1):
            for word_key in _joined(readings[first:last]):
                known = self._lookup(word_key, tokens[last - 1]) if len(word_key) < _LONGEST_KEY else None
                if known:
                    return self._area(tokens, first, last, known)
        return None

    def _farthest(self, readings: Sequence[tuple[str, ...]], first: int) -> int:
        """Return behind which word at the latest a name ends: all before its last word must begin one."""
        last = first + 1
        limit = min(len(readings), first + _LONGEST_AREA)
        while last < limit and not self._openings.isdisjoint(_joined(readings[first:last])):
            last += 1
        return last

    def _lookup(self, word_key: str, last: Word) -> tuple[str, bool] | None:
        for reading in analyses(word_key, last.script):
            for name_key in self._bases.get(reading.base, ()):
                kinds = [kind for base, kind in bases_of(name_key) if base == reading.base]
                costs = [strain(kind, name_key, reading.ending) for kind in kinds]
                if len(reading.base) > 2 and any(cost is not None and cost < 0.3 for cost in costs):
                    return self._names[name_key]
        return None

    @staticmethod
    def _area(tokens: Sequence[Word], first: int, last: int, known: tuple[str, bool]) -> Area:
        before = first > 0 and context.is_municipality_word(tokens[first - 1])
        behind = last < len(tokens) and context.is_municipality_word(tokens[last])
        return Area(known[0], known[1], first, last, behind or (before and last == len(tokens)))


def _joined(window: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the keys of words written as one, for each way in which they may be read."""
    variants = range(max(map(len, window)))
    return ["".join(reading[min(variant, len(reading) - 1)] for reading in window) for variant in variants]
