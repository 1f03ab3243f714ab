"""The forms that a name takes: every ending that one of the languages adds to it, as a key and in letters.

Only forms of about as many letters as the word at hand are made, as no other is near it; which endings make those
is looked up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.gazetteer_index import Kind, bases_of, sounds, strain
from knowledge.scripts import Script
from knowledge.spelling import endings_of, join

_USUAL = 0.3


@dataclass(slots=True)
class Forms:
    """Forms of names, and for each whether that makes it where something is."""

    texts: list[str] = field(default_factory=list)
    locative: list[bool] = field(default_factory=list)

    def add(self, name: str, script: Script, letters: range, *, as_key: bool = True) -> None:
        """Adds a name, and what it becomes by an ending that ``script`` may add and has so many letters.

        The name is a key, or else in letters (or `sounds`), in which the forms are less alike.
        """
        self.texts.append(name)
        self.locative.append(False)
        vowel = name[-1] in "aeou"
        for base, kind in bases_of(name):
            head = base[:-1]
            tails = _tails(script, kind, base[-1], vowel, as_key)
            ends = tails.between(letters.start - len(head), letters.stop - len(head))
            self.texts += [head + tail for tail in ends.texts]
            self.locative += ends.locative


@dataclass(frozen=True, slots=True)
class _Tails:
    """What may follow a base but for its last letter: that letter and each usual ending."""

    locative: dict[str, bool]
    _by_length: dict[tuple[int, int], Forms] = field(default_factory=dict)

    def between(self, least: int, beyond: int) -> Forms:
        """Return the tails of at least so many letters, and of fewer than ``beyond``."""
        known = self._by_length.get((least, beyond))
        if known is None:
            texts = [tail for tail in self.locative if least <= len(tail) < beyond]
            known = self._by_length[least, beyond] = Forms(texts, [self.locative[tail] for tail in texts])
        return known


@lru_cache(maxsize=2048)
def _tails(script: Script, kind: Kind, last: str, vowel: bool, as_key: bool) -> _Tails:
    found: dict[str, bool] = {}
    for ending in endings_of(script):
        cost = strain(kind, "a" if vowel else "-", ending)
        if cost is not None and cost < _USUAL:
            spelled = ending.latin if script == "latin" else sounds(ending.latin)
            tail = join(last, ending.key) if as_key else last + spelled
            found.setdefault(tail, ending.locative)
    return _Tails(found)
