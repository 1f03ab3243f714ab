"""Words that stand for something whatever the language: WHERE, NEAR, SATURDAY, SECOND, YES.

A lexicon is a YAML file ``{concept: {language: [entry, ...]}}``. An entry is one to three words; a trailing ``*``
means any word that begins so. Spelling is folded to phonetic keys, so a Georgian entry also matches Georgian in
Latin letters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, cast

import yaml

from knowledge.marks import without_marks
from knowledge.scripts import Script, Word, dominant_script, normalise, words
from knowledge.spelling import key, keys, stems

DATA = Path(__file__).parents[1] / "data"

Data = dict[str, dict[str, list[str]]]

_MAX_WORDS = 3

OUTSIDE = "X_"
"""How the concepts begin that are none of our business: weather, football, loans."""

SHORT_KEY = 3
"""Letters of a key that different words of two languages share too easily."""

LOAN_KEY = 6
"""From so many letters on, a word means the same in whichever language: internet, pasport, konferencia."""

_SPOKEN: Mapping[Script, frozenset[str]] = {
    "georgian": frozenset({"ka"}),
    "cyrillic": frozenset({"ru", "az"}),
    "armenian": frozenset({"hy"}),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A concept in a text: the words ``first`` to ``last`` (excluded) that said it."""

    concept: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Entry:
    concept: str
    script: Script
    languages: frozenset[str]
    first: str  # the first word as written
    terms: tuple[tuple[str, bool], ...]  # key, whether it is only the beginning of the word


@dataclass(frozen=True, slots=True)
class _Index:
    """Entries by the key of their first word: of the whole word, or of its beginning."""

    whole: dict[str, list[_Entry]]
    beginnings: dict[str, list[_Entry]]


_loaded: list[Lexicon] = []
"""Those of the files, which live as long as the process."""


def preload() -> None:
    """Reads the lexicons of all files that have been named so far."""
    for one in _loaded:
        one.index()


class Lexicon:
    """The entries of one file, indexed by the key of their first word when first asked. Immutable."""

    def __init__(self, data: Callable[[], Data]) -> None:
        """``data`` gives ``{concept: {language: [entry, ...]}}``."""
        self._data = data
        self._starting = lru_cache(maxsize=20_000)(self._find_starting)

    @cached_property
    def _index(self) -> _Index:
        index = _Index(defaultdict(list), defaultdict(list))
        for concept, languages in self._data().items():
            entries: dict[str, set[str]] = defaultdict(set)
            for language, listed in languages.items():
                for entry in map(str, listed):
                    entries[entry].add(language)
                    if language == "az":
                        entries[without_marks(entry)].add(language)
            for entry in sorted(entries):
                _add(index, str(concept), entry, frozenset(entries[entry]))
        return index

    @classmethod
    def load(cls, name: str) -> Lexicon:
        """The entries of ``bot/data/<name>.yaml``, read when they are first looked for, or by ``preload``."""
        loaded = cls(lambda: cast(Data, read(name)))
        _loaded.append(loaded)
        return loaded

    def index(self) -> None:
        """Makes it ready, so that whoever asks first does not wait."""
        self._index  # noqa: B018  looking at it builds it

    def find(self, text: Sequence[Word], spoken: Collection[str] | None = None) -> list[Found]:
        """The concepts of a text in the order of their first words, the longest entries first.

        ``spoken`` are the languages that its Latin letters may be: "is" is English here and no Azerbaijani work.
        Without them every language's words count.
        """
        found: dict[tuple[str, int], Found] = {}
        for index, word in enumerate(text):
            for entry in self._starting(word.raw, word.text, word.script):
                last = index + len(entry.terms)
                if spoken is not None and not _spoken(entry, word, spoken):
                    continue
                if last == index + 1 or _goes_on(entry, text[index + 1 : last]):
                    known = found.get((entry.concept, index))
                    if known is None or last > known.last:
                        found[entry.concept, index] = Found(entry.concept, index, last)
        return sorted(found.values(), key=lambda hit: (hit.first, -(hit.last - hit.first), hit.concept))

    def concepts(self, text: Sequence[Word], spoken: Collection[str] | None = None) -> set[str]:
        """The concepts of a text; ``spoken`` as in ``find``."""
        return {hit.concept for hit in self.find(text, spoken)}

    def _find_starting(self, raw: str, text: str, script: Script) -> tuple[_Entry, ...]:
        """The entries whose first word a word may be; for most words none."""
        found: list[_Entry] = []
        for form in _forms(raw, script):
            found += self._index.whole.get(form, ())
            for size in range(2, len(form) + 1):
                found += self._index.beginnings.get(form[:size], ())
        return tuple(entry for entry in found if _same_letters(entry, text, script))


def _add(index: _Index, concept: str, entry: str, languages: frozenset[str]) -> None:
    terms = []
    for part in entry.split()[:_MAX_WORDS]:
        form = "".join(key(word.raw) for word in words(part))
        if form:
            terms.append((form, part.endswith("*")))
    if terms:
        side = index.beginnings if terms[0][1] else index.whole
        side[terms[0][0]].append(
            _Entry(concept, dominant_script(entry), languages, normalise(entry.split()[0]), tuple(terms))
        )


def read(name: str) -> Any:
    """The YAML file of that name in ``bot/data``."""
    with (DATA / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


@lru_cache(maxsize=20_000)
def _forms(raw: str, script: Script) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for whole in keys(raw) for form in stems(whole, script)))


def _same_letters(entry: _Entry, text: str, script: Script) -> bool:
    """Whether a word may be meant by an entry: და is "and", and not the Russian yes; Latin letters serve all.

    What is none of our business must be said in its own letters: "take" is not Armenian տաք, nor "bəs" bees.
    """
    scripts = {entry.script, script}
    if entry.concept.startswith(OUTSIDE) and len(scripts) > 1:
        return scripts == {"georgian", "latin"}
    if entry.concept.startswith(OUTSIDE) and len(entry.terms[0][0]) <= SHORT_KEY and not entry.terms[0][1]:
        return entry.first == text or entry.script != "latin"
    return len(scripts) == 1 or not scripts.isdisjoint({"latin", "other"})


def _spoken(entry: _Entry, word: Word, spoken: Collection[str]) -> bool:
    """Whether an entry's language is that of a word, or may be; long words are loans that all share."""
    if not entry.languages.isdisjoint(_SPOKEN.get(word.script, spoken)):
        return True
    return word.script == "latin" and sum(len(term) for term, _ in entry.terms) >= LOAN_KEY


def _goes_on(entry: _Entry, rest: Sequence[Word]) -> bool:
    """Whether the words behind the first one of an entry are those of a text."""
    if len(rest) < len(entry.terms) - 1:
        return False
    return all(
        any(form.startswith(term) if beginning else form == term for form in _forms(word.raw, word.script))
        for (term, beginning), word in zip(entry.terms[1:], rest, strict=True)
    )
