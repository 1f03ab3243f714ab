"""Words that stand for something whatever the language: WHERE, NEAR, SATURDAY, SECOND, YES.

A lexicon is a YAML file ``{concept: {language: [entry, ...]}}``. An entry is one to three words; a trailing ``*``
means any word that begins so. Spelling is folded to phonetic keys, so a Georgian entry also matches Georgian in
Latin letters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge.marks import without_marks
from knowledge.scripts import Word, words
from knowledge.spelling import key, keys, stems

DATA = Path(__file__).parents[1] / "data"

_MAX_WORDS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A concept in a text: the words ``first`` to ``last`` (excluded) that said it."""

    concept: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Entry:
    concept: str
    terms: tuple[tuple[str, bool], ...]  # key, whether it is only the beginning of the word


class Lexicon:
    """The entries of one file, indexed by the key of their first word. Immutable."""

    def __init__(self, data: dict[str, dict[str, list[str]]]) -> None:
        """Indexes ``{concept: {language: [entry, ...]}}``."""
        self._whole: dict[str, list[_Entry]] = defaultdict(list)
        self._beginnings: dict[str, list[_Entry]] = defaultdict(list)
        for concept, languages in data.items():
            entries = {str(entry) for listed in languages.values() for entry in listed}
            entries |= {without_marks(str(entry)) for entry in languages.get("az", ())}
            for entry in sorted(entries):
                self._add(str(concept), entry)

    @classmethod
    def load(cls, name: str) -> Lexicon:
        """Reads ``bot/data/<name>.yaml``."""
        return cls(read(name))

    def find(self, text: Sequence[Word]) -> list[Found]:
        """The concepts of a text in the order of their first words, the longest entries first."""
        forms = [_forms(word) for word in text]
        found: dict[tuple[str, int], Found] = {}
        for index in range(len(text)):
            for entry in self._starting(forms[index]):
                last = index + len(entry.terms)
                if _fits(entry, forms[index:last]):
                    known = found.get((entry.concept, index))
                    if known is None or last > known.last:
                        found[entry.concept, index] = Found(entry.concept, index, last)
        return sorted(found.values(), key=lambda hit: (hit.first, -(hit.last - hit.first), hit.concept))

    def concepts(self, text: Sequence[Word]) -> set[str]:
        """The concepts of a text."""
        return {hit.concept for hit in self.find(text)}

    def _add(self, concept: str, entry: str) -> None:
        terms = []
        for part in entry.split()[:_MAX_WORDS]:
            form = "".join(key(word.raw) for word in words(part))
            if form:
                terms.append((form, part.endswith("*")))
        if terms:
            index = self._beginnings if terms[0][1] else self._whole
            index[terms[0][0]].append(_Entry(concept, tuple(terms)))

    def _starting(self, forms: Sequence[str]) -> list[_Entry]:
        found: list[_Entry] = []
        for form in forms:
            found += self._whole.get(form, ())
            for size in range(2, len(form) + 1):
                found += self._beginnings.get(form[:size], ())
        return found


def read(name: str) -> Any:
    """The YAML file of that name in ``bot/data``."""
    with (DATA / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _forms(word: Word) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for whole in keys(word.raw) for form in stems(whole, word.script)))


def _fits(entry: _Entry, forms: Sequence[Sequence[str]]) -> bool:
    if len(forms) < len(entry.terms):
        return False
    return all(
        any(form.startswith(term) if beginning else form == term for form in candidates)
        for (term, beginning), candidates in zip(entry.terms, forms, strict=True)
    )
