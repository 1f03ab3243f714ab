"""Misspelt names in a text: which windows to try, how much to forgive, and whether the find is plausible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from knowledge import gazetteer_context as context
from knowledge.gazetteer_areas import Area
from knowledge.gazetteer_fuzzy import Guess, Written, guess
from knowledge.gazetteer_hits import Hit, holds_other_words, window_keys
from knowledge.gazetteer_index import PRIMARY, NameIndex, sounds
from knowledge.gazetteer_sentence import Sentence
from knowledge.scripts import Word
from knowledge.spelling import latin

MAX_GUESSED = 9
"""No misspelt name offers more choices than this."""

_FEW = 6
_NEAR = 3  # letters of the spelling; a slip in sh, written in another habit, changes as many
_CLEAR = 7
_MAX_WINDOWS = 20
_LONGER = 4  # letters that a name may have beyond those written: the errors and the vowel that an ending takes

Inside = Mapping[tuple[bool, str], frozenset[int]]
"""The positions of the places in each region (True) or municipality (False), by its English name."""


class Guesser:
    """Finds misspelt names; holds nothing but the index."""

    def __init__(self, index: NameIndex, inside: Inside) -> None:
        self._index = index
        self._inside = inside
        # People use the same words again and again, and most of those that look misspelt are no names.
        self._guess_anywhere = lru_cache(maxsize=20_000)(self._guesses)

    def misspelt(self, sentence: Sentence) -> Hit | None:
        """Return the most plausible misspelt name of a text, None when there is none."""
        within = self._within(sentence, sentence.areas)
        found: list[tuple[float, Hit]] = []
        tried = 0
        for first, last in _windows(sentence):
            if tried == _MAX_WINDOWS:
                break
            if not _may_be_misspelt(sentence, first, last) or self._holds_other_word(sentence, first, last):
                continue
            if last - first > 1 and _is_clear(found) and _is_idle(sentence, first, last):
                continue
            tried += 1
            if self._is_hopeless(sentence, first, last):
                continue
            errors = _forgiven(sentence, first, last, narrowed=within is not None)
            hit = self._guess(sentence, first, last, within, errors)
            if hit:
                found.append((_plausible(hit, sentence), hit))
        good = [pair for pair in found if pair[0] > 0]
        return max(good, key=lambda pair: pair[0])[1] if good else None

    def _holds_other_word(self, sentence: Sentence, first: int, last: int) -> bool:
        """Return whether one of several words is in everyday use and part of no name: "centre Upper"."""
        return last - first > 1 and any(
            context.is_everyday(word) and not modifies and not self._index.has_part(word)
            for word, modifies in zip(sentence.window(first, last), sentence.modifiers[first:last], strict=True)
        )

    def longer(self, sentence: Sentence, known: Hit) -> Hit | None:
        """Return a longer, misspelt name that holds the one found (ქვემი ნატანები), if there is one."""
        within = self._within(sentence, sentence.other_areas(known.first, known.last))
        for first, last in ((known.first - 1, known.last), (known.first, known.last + 1)):
            if first < 0 or last > len(sentence):
                continue
            position = first if first < known.first else last - 1
            other = sentence.words[position]
            if other.script != sentence.words[known.first].script or context.is_context(other):
                continue
            if sentence.familiar[position] and not sentence.modifiers[position]:
                continue
            hit = self._guess(sentence, first, last, within, 1)
            if hit and hit.rank == PRIMARY and hit.length > known.length + 2:
                return hit
        return None

    def _within(self, sentence: Sentence, areas: Sequence[Area]) -> frozenset[int] | None:
        """Return the places in the areas that the text names, None when it names none beside other words."""
        if not areas or sum(area.last - area.first for area in areas) == len(sentence):
            return None
        found: set[int] = set()
        for area in areas:
            found |= self._inside.get((area.region, area.name_en), frozenset())
        return frozenset(found)

    def _guess(
        self, sentence: Sentence, first: int, last: int, within: frozenset[int] | None, errors: int
    ) -> Hit | None:
        if errors < 1:
            return None
        window = sentence.window(first, last)
        parts = len(window) if holds_other_words(window) else 1
        deep = len(window) == 1 or sentence.is_modified(first, last)
        best: list[Guess] = []
        for written in _writings(window):
            if within is None:
                guesses = self._guess_anywhere(written, errors, deep)
            else:
                guesses = tuple(guess(self._index, written, errors, within, deep=deep))
            found = [one for one in guesses if one.name.parts >= parts]
            if found and (not best or found[0].errors < best[0].errors):
                best = found
            if best and best[0].errors <= 1 and best[0].detail <= _NEAR:
                break
        return _hit(_as_near(best), first, last, sentence) if best else None

    def _guesses(self, written: Written, errors: int, deep: bool) -> tuple[Guess, ...]:
        return tuple(guess(self._index, written, errors, None, deep=deep))

    def _is_hopeless(self, sentence: Sentence, first: int, last: int) -> bool:
        """Return whether even the best guess at a window could not be plausible among so many other words."""
        if sentence.is_alone(first, last):
            return False
        window = sentence.window(first, last)
        errors = 0 if self._may_be_right(window) else 1
        longest = sum(len(latin(word.raw)) for word in window) + _LONGER
        return _likelihood(sentence, first, last, errors / (longest + 1), locative=True) <= 0

    def _may_be_right(self, window: Sequence[Word]) -> bool:
        """Return whether a window may be a name without an error, which was not taken for one."""
        return any(self._index.readings(word_key, window[-1].script) for word_key in window_keys(window))


def _hit(nearest: list[Guess], first: int, last: int, sentence: Sentence) -> Hit:
    """Return one hit for all the guesses that are equally near."""
    places: dict[int, int] = {}
    for one in nearest:
        for place, rank in one.name.bearers.items():
            places[place] = min(rank, places.get(place, rank))
    locative = any(one.locative for one in nearest) or sentence.is_placed(first, last)
    errors = nearest[0].errors
    return Hit(first, last, places, float(errors), nearest[0].name.key, locative, errors)


def _writings(window: Sequence[Word]) -> list[Written]:
    """Return what the words may be, by every key; a ch torn apart is tried as it stands too."""
    script = window[-1].script
    spelled = "".join(latin(word.raw) for word in window)
    if script != "latin":
        return [Written(one, sounds(spelled), script) for one in window_keys(window)]
    found = [Written(one, spelled, script) for one in window_keys(window)]
    plain = "".join(word.text for word in window)
    if found and "c" in plain.replace("ch", ""):
        found.append(Written(found[0].key, plain, script))
    return found


def _precedence(one: Guess) -> tuple[bool, int, int]:
    """Return the sort key of a guess: own names first, then the longer, then what more places bear."""
    return (PRIMARY not in one.name.bearers.values(), -len(one.name.key), -len(one.name.bearers))


def _as_near(guesses: list[Guess]) -> list[Guess]:
    """Return the guesses as near as the best; own names may be one letter farther while they are few."""
    least = guesses[0].detail
    near = [one for one in guesses if one.detail == least]
    farther = [one for one in guesses if one.detail == least + 1 and PRIMARY in one.name.bearers.values()]
    if sum(len(one.name.bearers) for one in (*near, *farther)) <= _FEW:
        return near + farther
    near.sort(key=_precedence)
    kept, held = near[:1], len(near[0].name.bearers)
    for one in near[1:]:
        held += len(one.name.bearers)
        if held <= MAX_GUESSED:
            kept.append(one)
    return kept


def _windows(sentence: Sentence) -> list[tuple[int, int]]:
    """Return the windows to guess at: words alone; two or three that begin like "upper"; all other pairs."""
    found = [(first, first + 1) for first in range(len(sentence))]
    others: list[tuple[int, int]] = []
    modifiers = sentence.modifiers
    for first in range(len(sentence) - 1):
        if sentence.words[first].script != sentence.words[first + 1].script:
            continue
        likely = modifiers[first] or modifiers[first + 1]
        (found if likely else others).append((first, first + 2))
        if first + 2 < len(sentence) and modifiers[first] and modifiers[first + 1]:
            found.append((first, first + 3))
    return found + others


def _may_be_misspelt(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether a window holds what no list knows."""
    window = sentence.window(first, last)
    if len(sentence.other_areas(first, last)) < len(sentence.areas):
        return False
    if any(context.is_context(word) or word.script == "other" for word in window):
        return False
    if len(window) > 1:
        return not all(sentence.familiar[first:last]) or sentence.is_modified(first, last)
    if context.is_modifier(window[0]):
        return False
    if sentence.is_alone(first, last):
        return True
    if sentence.is_home(first, last):
        return not context.is_ordinary(window[0])
    return not sentence.familiar[first]


def _is_idle(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether a pair has a word that hardly belongs to a name."""
    return any(sentence.familiar[first:last]) and not sentence.is_modified(first, last)


def _is_clear(found: Sequence[tuple[float, Hit]]) -> bool:
    """Return whether a long name with one slip is among the guesses: no need to look farther."""
    return any(score > 0 and hit.errors == 1 and hit.length >= _CLEAR for score, hit in found)


def _forgiven(sentence: Sentence, first: int, last: int, *, narrowed: bool) -> int:
    """Return how many typing errors are forgiven: more in longer words, and where the name stands alone."""
    length = sum(len(word.text) for word in sentence.window(first, last))
    alone = sentence.is_alone(first, last)
    placed = alone or narrowed or sentence.is_placed(first, last) or sentence.is_proper(first)
    if length < (3 if placed else 5):
        return 0
    return 2 if length >= (7 if alone else 9) else 1


def _plausible(hit: Hit, sentence: Sentence) -> float:
    """Return how likely a guess is a place at all; nothing at or below zero is taken.

    Longer names, a place's ending or preposition and a capital speak for it; every other word that is not
    known speaks against it, for then the text is about something else.
    """
    first, last = hit.first, hit.last
    score = _likelihood(sentence, first, last, hit.errors / (hit.length + 1), locative=hit.locative)
    rank = 0.1 if hit.rank != PRIMARY and not sentence.is_alone(first, last) else 0.0
    return score - rank


def _likelihood(sentence: Sentence, first: int, last: int, wrong: float, *, locative: bool) -> float:
    """Return how likely a window is a place of which the share ``wrong`` of the letters is wrong."""
    score = 1.0 - 2.2 * wrong
    if sentence.is_alone(first, last):
        return score + 0.6
    score += 0.15 if locative else -0.15
    score += 0.3 if sentence.is_home(first, last) else 0.0
    score += 0.1 if any(map(sentence.is_proper, range(first, last))) else 0.0
    return score - (0.35 + 0.15 * min(sentence.strangers(first, last), 4) + 0.05 * (last - first - 1))
