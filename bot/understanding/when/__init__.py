"""When: the days, hours and lengths that a resident writes, in five languages and in Georgian in Latin letters.

>>> from datetime import datetime
>>> read("Friday at 3 for two hours", datetime(2026, 11, 24, 10, 0)).start
datetime.time(15, 0)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.understanding.when.answers import figure, numbers
from bot.understanding.when.grammar import pieces
from bot.understanding.when.lexer import atoms
from bot.understanding.when.resolve import combine
from bot.understanding.when.types import Asked, DayPart, Problem, Reading, When
from knowledge.scripts import Word

__all__ = ["Asked", "DayPart", "Problem", "Reading", "When", "read"]


def read(text: str | Sequence[Word], now_local: datetime, *, asked: Asked | None = None) -> When:
    """What a text says about when, counted from ``now_local`` (the wall clock of Tbilisi).

    Give the text itself where there is one: the words alone have lost the signs between digits (15:00, 25.12).
    ``asked`` is what the resident was asked for, and lets a text that is only a number ("3") answer it. Nothing is
    raised and nothing is guessed: what does not exist is in ``problem``, what is unclear in ``ambiguous``.
    """
    row = atoms(text)
    answer = figure(row, asked) if asked is not None else None
    if answer is not None:
        return answer
    when = combine(tuple(pieces(row, now_local.date())), now_local)
    if when or asked is None:
        return when
    return numbers(row, now_local, asked) or when
