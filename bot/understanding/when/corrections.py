"""Corrections: "Friday, no, Thursday", "not on Friday but on Thursday" - what was taken back does not count."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding.when.grammar import Found
from bot.understanding.when.types import DayPiece, LengthPiece, NotPiece, TimePiece

_KINDS = (DayPiece, TimePiece, LengthPiece)


def corrected(found: Sequence[Found]) -> tuple[list[Found], frozenset[int]]:
    """The pieces that still stand, and the words that took the others back, with those that they took back.

    A "no" that takes nothing back ("no, Thursday") says nothing about when, and is left to others.
    """
    if not any(isinstance(item.piece, NotPiece) for item in found):
        return list(found), frozenset()
    refused: set[int] = set()
    for position, item in enumerate(found):
        if isinstance(item.piece, NotPiece):
            struck = _struck(found, position, item.piece)
            refused |= {position, *struck} if struck else set()
    standing = [
        item
        for position, item in enumerate(found)
        if position not in refused and not isinstance(item.piece, NotPiece)
    ]
    return standing, frozenset(index for position in refused for index in found[position].words)


def _struck(found: Sequence[Found], position: int, taken_back: NotPiece) -> set[int]:
    """The positions of the pieces that the words at ``position`` take back."""
    before, after = range(position), range(position + 1, len(found))
    beside_last = position > 0 and _gap(found[position - 1], found[position]) == 0
    beside_next = position + 1 < len(found) and _gap(found[position], found[position + 1]) == 0
    if taken_back.strict:
        return {position + 1} if beside_next and isinstance(found[position + 1].piece, _KINDS) else set()
    struck: set[int] = set()
    for kind in _KINDS:
        earlier = [index for index in before if isinstance(found[index].piece, kind)]
        later = [index for index in after if isinstance(found[index].piece, kind)]
        if earlier and later and (beside_last or beside_next):
            struck |= set(earlier)
        elif len(earlier) > 1 and not later and beside_last and not taken_back.apart:
            struck |= {earlier[-1]} if earlier[-1] == position - 1 else set()
    return struck


def _gap(first: Found, second: Found) -> int:
    """The number of words between two pieces."""
    return min(second.words) - max(first.words) - 1 if first.words and second.words else 1
