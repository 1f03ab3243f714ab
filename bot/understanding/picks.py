"""Picking one of the choices that were offered ("2", "the second one"), and saying yes or no."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding.lexicon import Lexicon
from knowledge.scripts import Word

_ORDINALS = Lexicon.load("ordinals")
_YES_NO = Lexicon.load("yes_no")
_MAX_WORDS = 4


def number(text: Sequence[Word], offered: int) -> int | None:
    """Which of ``offered`` choices is meant, counted from 0; None where the text picks none of them.

    Only a text that says nothing else is a pick: "the second one", and not "the second village from here".
    """
    if not text or len(text) > _MAX_WORDS or not offered:
        return None
    digits = [int(word.text) for word in text if word.text.isdigit() and len(word.text) <= 2]
    hits = _ORDINALS.find(text)
    covered = {index for hit in hits for index in range(hit.first, hit.last)}
    covered |= {index for index, word in enumerate(text) if word.text.isdigit()}
    if len(covered) < len(text):
        return None
    fillers = {hit.first for hit in hits if hit.concept == "filler"}
    telling = [hit for hit in hits if hit.concept != "filler"]
    # "the second one": "one" is a number only where nothing else is.
    telling = [hit for hit in telling if hit.first not in fillers] or telling
    named = [offered if hit.concept == "last" else int(hit.concept) for hit in telling]
    picked = digits or named
    return picked[0] - 1 if len(set(picked)) == 1 and 1 <= picked[0] <= offered else None


def yes_or_no(text: Sequence[Word]) -> bool | None:
    """True for yes, False for no, None where the text is neither."""
    if not text or len(text) > _MAX_WORDS:
        return None
    hits = _YES_NO.find(text)
    covered = {index for hit in hits for index in range(hit.first, hit.last)}
    found = {hit.concept for hit in hits} - {"filler"}
    if len(covered) < len(text) or not found:
        return None
    return "no" not in found  # "no, good" is a no
