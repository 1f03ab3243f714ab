"""The names of settlements that stand in a text, spelt right: every window of one to three words is looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import gazetteer_context as context
from knowledge.gazetteer_index import Base, NameIndex, strain
from knowledge.gazetteer_sentence import Sentence
from knowledge.scripts import Script, Word
from knowledge.spelling import Analysis, Ending, keys

LONGEST_NAME = 3
"""No settlement has more words than this in its name."""

_LONG_WORD = 40
_BORROWED = 0.12


@dataclass(frozen=True, slots=True)
class Hit:
    """A name at words ``first`` to ``last`` (excluded).

    ``places`` maps positions of places to how they bear the name (`name` is its key); ``cost`` is how unusual
    the form is, and ``errors`` how many letters are wrong.
    """

    first: int
    last: int
    places: dict[int, int]
    cost: float
    name: str
    locative: bool
    errors: int = 0

    @property
    def length(self) -> int:
        """The letters of the name."""
        return len(self.name)

    @property
    def rank(self) -> int:
        """The best way in which any of the places bears the name."""
        return min(self.places.values())


def window_keys(window: Sequence[Word]) -> tuple[str, ...]:
    """Return the keys under which one or more words may be a name, the likeliest first."""
    if sum(len(word.raw) for word in window) > _LONG_WORD:
        return ()
    readings = [keys(word.raw) for word in window]
    if len(window) == 1:
        return readings[0]
    opening = "".join(reading[0] for reading in readings[:-1])
    found = [opening + last for last in readings[-1]]
    found.append("".join(reading[min(1, len(reading) - 1)] for reading in readings))
    return tuple(dict.fromkeys(found))


def exact_hits(index: NameIndex, sentence: Sentence) -> list[Hit]:
    """Return every name that the text may hold."""
    found: list[Hit] = []
    for first in range(len(sentence)):
        for last in range(first + 1, min(len(sentence), first + LONGEST_NAME) + 1):
            if last - first > 1 and index.begins_none(_openings(sentence.window(first, last - 1))):
                break
            if _may_name(sentence.window(first, last)):
                hit = _hit(index, sentence, first, last)
                if hit:
                    found.append(hit)
    return found


def _openings(window: Sequence[Word]) -> set[str]:
    """Return how the key of a name begins that has more words than these; see `window_keys`."""
    readings = [keys(word.raw) for word in window]
    return {"".join(reading[min(variant, len(reading) - 1)] for reading in readings) for variant in (0, 1)}


def _may_name(window: Sequence[Word]) -> bool:
    return all(word.script != "other" or word.text.isdigit() for word in window)


def holds_other_words(window: Sequence[Word]) -> bool:
    """Return whether several words are not all of one name, unless that name has as many: "in Geta"."""
    return len(window) > 1 and any(
        context.is_preposition(word) or (context.is_ordinary(word) and not context.is_modifier(word))
        for word in window
    )


def _hit(index: NameIndex, sentence: Sentence, first: int, last: int) -> Hit | None:
    window = sentence.window(first, last)
    best: tuple[float, dict[int, int], bool, str] | None = None
    certain = window[-1].script != "latin"
    least_parts = len(window) if holds_other_words(window) else 1
    for variant, word_key in enumerate(window_keys(window)):
        for base, reading in index.readings(word_key, window[-1].script):
            cost = _cost(base, reading, window)
            if cost is None or base.name.parts < least_parts:
                continue
            cost += 0.0 if certain else 0.05 * variant
            cost += _BORROWED * min(base.name.bearers.values())
            places = base.name.bearers
            locative = reading.ending is not None and reading.ending.locative
            if best is None or cost < best[0] - 1e-9:
                best = (cost, dict(places), locative, base.name.key)
            elif cost < best[0] + 1e-9:
                merged = {**places, **best[1]}
                for place, rank in places.items():
                    merged[place] = min(rank, merged[place])
                best = (best[0], merged, best[2] or locative, best[3])
    if best is None:
        return None
    cost, merged, locative, name = best
    return Hit(first, last, merged, cost, name, locative or sentence.is_placed(first, last))


def _cost(base: Base, reading: Analysis, window: Sequence[Word]) -> float | None:
    """Return how unusual a reading is; None when it is too little to go by."""
    ending = reading.ending
    script = window[-1].script
    if ending is None and base.kind != "whole" and (len(reading.base) < 4 or script == "georgian"):
        return None
    if ending is not None:
        short = len(ending.key) == 1
        telling = script in ("georgian", "armenian") or (len(ending.key) > 1 and ending.language == "georgian")
        if len(reading.base) < (2 if telling else 3):
            return None
        if short and len(reading.base) < (5 if script == "latin" else 3):
            return None
    cost = strain(base.kind, base.name.key, ending)
    weak = ending is not None and not is_telling(ending, script)
    return cost if cost is None or not weak else cost + 0.15


def is_telling(ending: Ending, script: Script) -> bool:
    """Return whether an ending is hardly ever part of a word: -ში and -დან, but not -a or -ни."""
    if script in ("georgian", "armenian") or ending.joins != "any":
        return True
    return len(ending.key) > 1 and ending.locative
