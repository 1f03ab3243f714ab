"""Finding the services that a text speaks of, whatever the spelling and the case endings.

Every name and synonym of the catalogue is a short list of words; each word is kept under its phonetic key. A text
matches a synonym when it holds (nearly) all of its words, weighed by how telling they are: "birth certificate"
beats "certificate". Words that are nowhere in the catalogue are compared for typing errors.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.marks import without_marks
from knowledge.scripts import Script, Word, words
from knowledge.spelling import VOWELS, key, keys, stems
from knowledge.types import Service

MIN_COVERAGE = 0.72
"""The share of a synonym's weight that a text must hold."""

SHORT_STEM = 3
"""Stems of fewer letters are too common in five languages to mean anything."""

FUZZY_FROM = 5
"""Keys shorter than this must be written without an error."""

_ENOUGH = MIN_COVERAGE - 1e-9  # sums of floats depend on their order a little

RIVAL = 0.86
"""An alternative with at least this share of the best score is worth asking about."""


@dataclass(frozen=True, slots=True)
class ServiceHit:
    """A service that a text speaks of. ``weight`` says how telling the matched words are (about 1 to 20)."""

    slug: str
    score: float
    weight: float
    words: tuple[int, ...]  # which words of the text were matched


@dataclass(frozen=True, slots=True)
class ServiceMatch:
    """What was found: the best hit first, then rivals that fit about as well."""

    hits: tuple[ServiceHit, ...]

    @property
    def best(self) -> ServiceHit | None:
        """The best hit, if any."""
        return self.hits[0] if self.hits else None

    @property
    def rivals(self) -> tuple[ServiceHit, ...]:
        """Hits that are nearly as good as the best, the best included; one where it is clear."""
        if not self.hits:
            return ()
        floor = self.hits[0].score * RIVAL
        return tuple(hit for hit in self.hits if hit.score >= floor)


@dataclass(frozen=True, slots=True)
class _Synonym:
    slug: str
    terms: tuple[int, ...]


class ServiceIndex:
    """An immutable index over the catalogue; safe to share between threads."""

    def __init__(self, services: Iterable[Service]) -> None:
        """Indexes the names and synonyms of all services."""
        self._terms: dict[str, int] = {}
        self._synonyms: list[_Synonym] = []
        self._by_term: dict[int, list[int]] = defaultdict(list)
        self._forms: dict[str, set[int]] = defaultdict(set)
        seen: set[tuple[str, tuple[int, ...]]] = set()
        for service in services:
            for phrase in _phrases(service):
                terms = tuple(dict.fromkeys(self._term(word) for word in words(phrase)))
                if terms and (service.slug, terms) not in seen:
                    seen.add((service.slug, terms))
                    self._add(_Synonym(service.slug, terms))
        self._weights = self._weigh()
        self._vocabulary: dict[str, list[str]] = defaultdict(list)
        for form in self._terms:
            if len(form) >= FUZZY_FROM:
                self._vocabulary[form[0]].append(form)
        self._totals = [sum(self._weights[term] for term in synonym.terms) for synonym in self._synonyms]
        self._meant = lru_cache(maxsize=20_000)(self._terms_of)

    def find(self, text: str | Sequence[Word]) -> ServiceMatch:
        """The services that the text speaks of, the best first; at most eight."""
        found = words(text) if isinstance(text, str) else text
        quality: dict[int, float] = {}
        position: dict[int, int] = {}
        for index, word in enumerate(found):
            for term, how_well in self._meant(word.raw, word.script):
                if how_well > quality.get(term, 0.0):
                    quality[term], position[term] = how_well, index
        best: dict[str, ServiceHit] = {}
        for number in sorted(self._covered(quality)):
            hit = self._score(number, quality, position)
            if hit is not None and (hit.slug not in best or hit.score > best[hit.slug].score):
                best[hit.slug] = hit
        ranked = sorted(best.values(), key=lambda hit: (-hit.score, hit.slug))
        return ServiceMatch(tuple(ranked[:8]))

    def _term(self, word: Word) -> int:
        form = key(word.raw)
        number = self._terms.setdefault(form, len(self._terms))
        self._forms[form].add(number)
        if len(form) > SHORT_STEM and form[-1] in VOWELS:
            self._forms[form[:-1]].add(number)
        return number

    def _add(self, synonym: _Synonym) -> None:
        self._synonyms.append(synonym)
        for term in synonym.terms:
            self._by_term[term].append(len(self._synonyms) - 1)

    def _weigh(self) -> list[float]:
        used_by: dict[int, set[str]] = defaultdict(set)
        for synonym in self._synonyms:
            for term in synonym.terms:
                used_by[term].add(synonym.slug)
        total = len({synonym.slug for synonym in self._synonyms}) + 1
        by_number = {number: form for form, number in self._terms.items()}
        return [
            math.log(1 + total / len(used_by[number])) * (0.3 if len(by_number[number]) < SHORT_STEM else 1.0)
            for number in range(len(self._terms))
        ]

    def _terms_of(self, raw: str, script: Script) -> tuple[tuple[int, float], ...]:
        """The catalogue's words that a word may be, each with how well it fits (0 to 1)."""
        found: dict[int, float] = {}
        for whole in keys(raw):
            for stem in stems(whole, script):
                fits = 1.0 if stem == whole else 0.95
                if len(stem) >= SHORT_STEM or stem == whole:
                    for term in self._forms.get(stem, ()):
                        found[term] = max(fits, found.get(term, 0.0))
        return tuple(found.items()) or self._compare(key(raw), script)

    def _compare(self, word_key: str, script: Script) -> tuple[tuple[int, float], ...]:
        if len(word_key) < FUZZY_FROM:
            return ()
        candidates = [stem for stem in stems(word_key, script) if len(stem) >= FUZZY_FROM]
        found: dict[int, float] = {}
        for stem in candidates[:4]:
            errors = 1 if len(stem) < 8 else 2
            # Hardly anybody mistypes the first letter, and looking at one letter only is twenty times faster.
            alike = self._vocabulary.get(stem[0], [])
            for form, distance, _ in process.extract(
                stem, alike, scorer=OSA.distance, score_cutoff=errors, limit=4
            ):
                term = self._terms[form]
                found[term] = max(found.get(term, 0.0), 0.9 - 0.1 * distance)
        return tuple(found.items())

    def _covered(self, quality: dict[int, float]) -> list[int]:
        """The synonyms of which a text holds enough, by number."""
        weights: dict[int, float] = defaultdict(float)
        for term, how_well in quality.items():
            for number in self._by_term[term]:
                weights[number] += self._weights[term] * how_well
        return [number for number, weight in weights.items() if weight >= self._totals[number] * _ENOUGH]

    def _score(self, number: int, quality: dict[int, float], position: dict[int, int]) -> ServiceHit | None:
        synonym = self._synonyms[number]
        matched = [term for term in synonym.terms if term in quality]
        weight = sum(self._weights[term] * quality[term] for term in matched)
        coverage = weight / self._totals[number]
        places = {position[term] for term in matched}
        if coverage < MIN_COVERAGE or len(places) < len(matched):
            return None
        return ServiceHit(synonym.slug, weight * coverage**2, weight, tuple(sorted(places)))


def _phrases(service: Service) -> Iterable[str]:
    yield from service.names.values()
    for listed in service.synonyms.values():
        yield from listed
    yield from map(without_marks, (service.names["az"], *service.synonyms.get("az", ())))
