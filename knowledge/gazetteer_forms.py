"""The forms that a name takes: every ending that one of the languages adds to it, as a key and in letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from knowledge.gazetteer_index import Kind, bases_of, sounds, strain
from knowledge.scripts import Script
from knowledge.spelling import endings_of, join

_USUAL = 0.3


@dataclass(frozen=True, slots=True)
class Forms:
    """A name with every ending it may have, and for each whether that makes it where something is."""

    texts: tuple[str, ...]
    locative: tuple[bool, ...]


@lru_cache(maxsize=8192)
def forms(name_key: str, script: Script) -> Forms:
    """Return a name's key with every ending that ``script`` may add to it."""
    texts: list[str] = [name_key]
    locative: list[bool] = [False]
    for base, kind in bases_of(name_key):
        tails = _tails(script, kind, base[-1], name_key[-1] in "aeou", as_key=True)
        head = base[:-1]
        texts += [head + tail for tail in tails.texts]
        locative += tails.locative
    return Forms(tuple(texts), tuple(locative))


@lru_cache(maxsize=8192)
def spelled_forms(spelled: str, script: Script) -> tuple[str, ...]:
    """Return the forms of a name in letters (or `sounds`), which are less alike than in keys."""
    texts: list[str] = [spelled]
    for base, kind in bases_of(spelled):
        tails = _tails(script, kind, base[-1], spelled[-1] in "aeou", as_key=False)
        head = base[:-1]
        texts += [head + tail for tail in tails.texts]
    return tuple(texts)


@lru_cache(maxsize=2048)
def _tails(script: Script, kind: Kind, last: str, vowel: bool, *, as_key: bool) -> Forms:
    """Return what may follow a base but for its last letter: that letter and each usual ending."""
    found: dict[str, bool] = {}
    for ending in endings_of(script):
        cost = strain(kind, "a" if vowel else "-", ending)
        if cost is not None and cost < _USUAL:
            spelled = ending.latin if script == "latin" else sounds(ending.latin)
            tail = join(last, ending.key) if as_key else last + spelled
            found.setdefault(tail, ending.locative)
    return Forms(tuple(found), tuple(found.values()))
