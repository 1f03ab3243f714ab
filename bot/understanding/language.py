"""Which language a text is written in. The script decides three of the five; Latin letters ask for a closer look.

A language that the resident chose, or wrote before, is taken for texts too short to tell ("2", "Kachreti").
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from bot.understanding.linear import LinearModel
from knowledge.scripts import Script, Word
from knowledge.types import LOCALES, Locale

_BY_SCRIPT: dict[Script, Locale] = {"georgian": "ka", "cyrillic": "ru", "armenian": "hy"}
_AZERBAIJANI = frozenset("əğıçşöü")
_AZERBAIJANI_CYRILLIC = frozenset("әҹғҝөүһ")

SURE = 0.5
"""From this probability on the words decide; below it, what was known before."""

KEPT = 0.25
"""What having been used before adds to a language's probability."""

PLAUSIBLE = 0.12
"""With less probability than this a language is left aside when words are looked up."""

RIVAL = 0.5
"""Georgian in Latin letters is taken for a first word that is at least half as likely to be it."""

_PIECES = (1, 2, 3, 4)


def features(text: Sequence[Word]) -> tuple[str, ...]:
    """What the language model sees of a text in Latin letters: whole words and pieces of words, as written."""
    found: dict[str, None] = {}
    for word in text[:40]:
        found.update(_of_word(word.text))
    return tuple(found)


@lru_cache(maxsize=8192)
def _of_word(text: str) -> dict[str, None]:
    """What the model sees of one word; people use the same ones again and again."""
    framed = f"_{text}_"
    pieces = [framed[i : i + size] for size in _PIECES for i in range(len(framed) - size + 1)]
    return dict.fromkeys((f"w:{text}", *pieces))


def detect(
    text: Sequence[Word], model: LinearModel, *, known: Locale | None = None, names: Sequence[int] = ()
) -> Locale:
    """The language of a text. ``known`` was chosen or used before; ``names`` are words that tell no language."""
    telling = [word for index, word in enumerate(text) if index not in set(names) and word.script != "other"]
    script = _script(telling or [word for word in text if word.script != "other"])
    if script == "cyrillic" and any(not _AZERBAIJANI_CYRILLIC.isdisjoint(word.text) for word in text):
        return "az"
    if script in _BY_SCRIPT:
        return _BY_SCRIPT[script]
    if script != "latin":
        return known or "ka"
    if not telling:
        return _latin(known)
    if any(not _AZERBAIJANI.isdisjoint(word.text) for word in telling):
        return "az"
    probabilities = model.probabilities(features(telling))
    if known is not None:
        kept = _latin(known)
        probabilities[kept] = probabilities.get(kept, 0.0) + KEPT
    best = max(probabilities, key=lambda locale: probabilities[locale])
    if known is not None:
        return cast(Locale, best) if probabilities[best] >= SURE else _latin(known)
    return cast(Locale, best) if probabilities.get("ka-Latn", 0.0) < probabilities[best] * RIVAL else "ka-Latn"


def plausible(text: Sequence[Word], model: LinearModel, *, known: Locale | None = None) -> frozenset[str]:
    """The languages (without "-Latn") that the Latin letters of a text may be written in."""
    telling = [word for word in text if word.script == "latin"]
    found = {_base(_BY_SCRIPT[word.script]) for word in text if word.script in _BY_SCRIPT}
    if known is not None:
        found.add(_base(known))
    if any(not _AZERBAIJANI.isdisjoint(word.text) for word in telling):
        return frozenset({*found, "az"})
    probabilities = model.probabilities(features(telling)) if telling else {}
    likely = {_base(locale) for locale, probability in probabilities.items() if probability >= PLAUSIBLE}
    return frozenset(found | likely)


def _base(locale: str) -> str:
    return locale.removesuffix("-Latn")


def _script(text: Sequence[Word]) -> Script:
    letters: dict[Script, int] = {}
    for word in text:
        letters[word.script] = letters.get(word.script, 0) + len(word.text)
    return max(letters, key=lambda script: letters[script]) if letters else "other"


def _latin(known: Locale | None) -> Locale:
    """How somebody of that language is answered who writes in Latin letters."""
    if known is None or known == "ka":
        return "ka-Latn"
    return known if known in LOCALES else "ka-Latn"
