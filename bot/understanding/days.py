"""Which day a text speaks of: today, a weekday, a date, the weekend, a public holiday."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.understanding.lexicon import Found, Lexicon
from bot.understanding.when.grammar import pieces
from bot.understanding.when.lexer import atoms
from bot.understanding.when.types import DayPiece
from knowledge.scripts import Word

DayKind = Literal["day", "weekend", "holiday"]

_HOLIDAYS = Lexicon.load("days")
_COUNTED = frozenset("><")
"""The letters of `when.words` for "in two weeks" and "two weeks later"."""


@dataclass(frozen=True, slots=True)
class SpokenDay:
    """A day that was named; ``day`` is None for "the weekend" and "public holidays"."""

    kind: DayKind
    day: date | None
    words: tuple[int, ...]


def find(text: Sequence[Word], today: date) -> SpokenDay | None:
    """The day that the text names in most words, counted from ``today``; a weekday may be today's.

    Whoever asks whether a centre is open on Tuesday may mean this very Tuesday; whoever books a hall may not.
    """
    named = [_holiday(hit, today) for hit in _HOLIDAYS.find(text)]
    named += _days(text, today)
    return max(named, key=_rank, default=None)


def _rank(spoken: SpokenDay) -> tuple[int, bool, int]:
    """The most words count, then "შაბათ-კვირას" before "ამ შაბათს", then what was said first."""
    return len(spoken.words), spoken.kind == "weekend" and len(spoken.words) > 1, -spoken.words[0]


def _holiday(hit: Found, today: date) -> SpokenDay:
    span = tuple(range(hit.first, hit.last))
    if hit.concept == "weekend":
        return SpokenDay("weekend", None, span)
    if hit.concept == "holiday":
        return SpokenDay("holiday", None, span)
    return SpokenDay("day", _next(hit.concept, today), span)


def _days(text: Sequence[Word], today: date) -> Iterator[SpokenDay]:
    """Days by their names and dates. "In two weeks" is left aside: that is how long something takes."""
    for found in pieces(atoms(text), today):
        piece = found.piece
        if not isinstance(piece, DayPiece) or not piece.days or piece.weak or not _COUNTED.isdisjoint(found.kinds):
            continue
        day = piece.days[0]
        if piece.weekday is not None and "n" not in found.kinds:
            day = today + timedelta(days=(piece.weekday - today.weekday()) % 7)
        if day >= today:
            yield SpokenDay("day", day, tuple(sorted(found.words)))


def _next(month_day: str, today: date) -> date:
    """The next time that day of the year comes round, today included."""
    month, number = map(int, month_day.split("-"))
    this_year = date(today.year, month, number)
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)
