"""Where a text may be cut in two: between words, and where a word is too long, between what is seen as one sign.

A short form of Unicode's rules for grapheme clusters (UAX #29): marks, joined emoji, skin tones, flags.
"""

from __future__ import annotations

import unicodedata

WELL_FILLED = 0.5
"""A page that is filled at least so far may end with the end of a line or of a sentence."""

_JOINER = "\u200d"
_MARKS = frozenset({"Mn", "Me", "Mc"})


def best_cut(text: str, limit: int) -> int:
    """The last good place to cut at or before ``limit`` characters (at least 1), the cut being before that index.

    The end of a line or of a sentence is better than a longer page that stops in the middle of one. Words stay
    whole, and so do numbers written in groups ("2 405 505") where there is another place.
    """
    whole = max(_end_of_line(text, limit), _end_of_sentence(text, limit))
    if whole >= limit * WELL_FILLED:
        return whole
    spaces = [index for index in range(limit, 0, -1) if index < len(text) and text[index].isspace()]
    for index in spaces:
        if not _inside_number(text, index):
            return index
    return spaces[0] if spaces else cluster_cut(text, limit)


def _end_of_line(text: str, limit: int) -> int:
    return text.rfind("\n", 1, limit + 1)


def _end_of_sentence(text: str, limit: int) -> int:
    ends = (text.rfind(f"{stop} ", 0, limit) + 1 for stop in (".", "!", "?", "։"))
    return max(ends)


def _inside_number(text: str, index: int) -> bool:
    return text[index - 1].isdigit() and text[index] == " " and text[index + 1 : index + 2].isdigit()


def cluster_cut(text: str, limit: int) -> int:
    """The last place to cut at or before ``limit`` that tears nothing that is seen as one sign."""
    for index in range(limit, 0, -1):
        if not _joined(text, index):
            return index
    return limit  # one cluster longer than a page


def _joined(text: str, index: int) -> bool:
    """Whether a cut before that index would tear something that is seen as one sign."""
    if index >= len(text):
        return False
    before, after = text[index - 1], text[index]
    if after == _JOINER or before == _JOINER or unicodedata.category(after) in _MARKS:
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    return _flag_letter(before) and _flag_letter(after) and _flag_letters_before(text, index) % 2 == 1


def _flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_letters_before(text: str, index: int) -> int:
    start = index
    while start > 0 and _flag_letter(text[start - 1]):
        start -= 1
    return index - start
