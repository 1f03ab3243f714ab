"""Names that a word misspells: one or two typing errors, anywhere in the name or in its ending.

Candidates come from the index; only their inflected forms are compared, letter by letter, by rapidfuzz.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.gazetteer_forms import Forms
from knowledge.gazetteer_index import Name, NameIndex
from knowledge.scripts import Script
from knowledge.spelling import analyses, endings_of

_LONGEST_ENDING = 6  # letters, one of which is wrong
_SHORTEST, _SHORTEST_SPELLED = 2, 3
_SIMILAR = 60
_FARTHEST = 4
_NEARLY = 2


@dataclass(frozen=True, slots=True)
class Written:
    """A word or several, as written: the key, the script, and the spelling.

    The spelling is the national romanisation; in another script than Latin, the `sounds` of it.
    """

    key: str
    spelled: str
    script: Script


@dataclass(frozen=True, slots=True)
class Guess:
    """A name that a word may misspell.

    ``errors`` is how many letters are wrong, of the key or of the spelling, whichever is fewer (a slip in sh
    changes two sounds); ``detail`` is how far the spellings are apart.
    """

    name: Name
    errors: int
    detail: int
    locative: bool


def guess(
    index: NameIndex, written: Written, errors: int, within: frozenset[int] | None, *, deep: bool = True
) -> list[Guess]:
    """Return the names nearest to a misspelt word, the nearest first, all with the fewest errors.

    ``errors`` is the most that may be wrong; ``within`` keeps to names that some of these places bear.
    ``deep`` looks farther than one slip where nothing is so near.
    """
    found = _closest(_inside(_one_slip_away(index, written), within), written, 1)
    if deep and written.script == "latin" and (not found or found[0].detail > 1):
        found = _respelled(_inside(_one_letter_away(index, written.spelled), within), written) or found
    if deep and (not found or found[0].detail > 1):
        similar = _closest(_inside(index.similar(written.key, _SIMILAR), within), written, 2)
        allowed = errors if not found else 1
        found = [one for one in similar if one.errors <= allowed and one.detail <= _FARTHEST] or found
    if not found:
        return []
    least = min(one.errors for one in found)
    return [one for one in found if one.errors == least]


def _one_slip_away(index: NameIndex, written: Written) -> list[Name]:
    """Return the names that may be meant with one error: in the name, before a right ending, or in the ending."""
    word = written.key
    shortest = 2 if len(word) < 6 else 3
    bases = {reading.base for reading in analyses(word, written.script)}
    bases |= {base[:-1] for base in bases if base[-1] in "aei"}
    return index.near({base for base in bases if len(base) >= shortest}, _before_slip(_openings(word, _SHORTEST)))


def _one_letter_away(index: NameIndex, spelled: str) -> list[Name]:
    """Return the names that may be meant, as spelled in Latin letters, with one letter wrong."""
    stems = _openings(spelled, _SHORTEST_SPELLED)
    bases = {stem for stem in stems if spelled[len(stem) :] in _ends()}
    return index.near_spelled(bases, _before_slip(stems))


def _before_slip(openings: set[str]) -> list[str]:
    """Return what the stem may be behind which a slip begins, by how a word opens.

    The slip may have swapped the last letter of the stem with the first of the ending, or hide a letter that an
    ending takes away: see `spelling.join`.
    """
    swapped = [opening[:-2] + opening[-1] for opening in openings if len(opening) > _SHORTEST]
    return [*openings, *swapped, *(opening + letter for opening in openings for letter in "dt")]


@lru_cache(maxsize=1)
def _ends() -> frozenset[str]:
    """Return what may follow a stem in Latin letters: an ending, the name's last vowel, both or nothing."""
    endings = ["", *(ending.latin for ending in endings_of("latin"))]
    return frozenset(vowel + ending for vowel in ("", "a", "e", "i") for ending in endings)


def _openings(word: str, shortest: int) -> set[str]:
    """Return the word with up to six letters cut off at the end."""
    least = max(min(shortest, len(word)), len(word) - _LONGEST_ENDING)
    return {word[:size] for size in range(least, len(word) + 1)}


def _inside(names: list[Name], within: frozenset[int] | None) -> list[Name]:
    return names if within is None else [name for name in names if not within.isdisjoint(name.bearers)]


def _closest(names: list[Name], written: Written, reach: int) -> list[Guess]:
    """Return the names of which some form is at most ``reach`` letters from the word, the nearest first."""
    letters = range(len(written.key) - reach, len(written.key) + reach + 1)
    inflected, ends = Forms(), []
    for name in names:
        inflected.add(name.key, written.script, letters)
        ends.append(len(inflected.texts))
    best: dict[str, tuple[Name, int, bool]] = {}
    for _, score, position in process.extract(
        written.key, inflected.texts, scorer=OSA.distance, score_cutoff=reach, limit=None
    ):
        name, placed = names[bisect_right(ends, position)], inflected.locative[position]
        known = best.get(name.key, (name, reach + 1, False))
        if score < known[1] or (score == known[1] and placed):
            best[name.key] = (name, int(score), placed)
    found: list[Guess] = []
    for name, distance, placed in best.values():
        detail = _detail(name, written)
        found.append(Guess(name, min(distance, max(1, detail)), detail, placed))
    return sorted(found, key=lambda one: (one.errors, one.detail, one.name.key))


def _respelled(names: list[Name], written: Written) -> list[Guess]:
    """Return the names one letter from the word in the national romanisation: a slip inside sh or dz."""
    found = [Guess(name, 1, 1, False) for name in names if _detail(name, written, 1) <= 1]
    return sorted(found, key=lambda one: one.name.key)


def _detail(name: Name, written: Written, most: int = _FARTHEST) -> int:
    """Return the distance of the word to the nearest spelling of the name, ``most`` + 1 when farther."""
    word, least = written.spelled, most + 1
    for spelled in name.spelled if written.script == "latin" else name.sounds:
        least = _nearest(word, spelled, written.script, least, _NEARLY)
        if least > _NEARLY + 1:  # only now may forms of many more or fewer letters be nearer
            least = _nearest(word, spelled, written.script, least, least)
    return least


def _nearest(word: str, spelled: str, script: Script, beyond: int, letters: int) -> int:
    """Return the distance to the nearest form of at most so many ``letters`` more or fewer, at most ``beyond``."""
    if beyond == 0:
        return 0
    likely = Forms()
    likely.add(spelled, script, range(len(word) - letters, len(word) + letters + 1), as_key=False)
    found = process.extractOne(word, likely.texts, scorer=OSA.distance, score_cutoff=beyond - 1)
    return int(found[1]) if found else beyond
