"""When: the days, hours and lengths that a resident writes, in five languages and in Georgian in Latin letters.

>>> from datetime import datetime
>>> read("Friday at 3 for two hours", datetime(2026, 11, 24, 10, 0)).start
datetime.time(15, 0)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from bot.understanding.when.dates import next_day_of_month
from bot.understanding.when.grammar import pieces
from bot.understanding.when.lexer import atoms
from bot.understanding.when.resolve import combine
from bot.understanding.when.times import readings
from bot.understanding.when.types import Asked, Atom, Clock, DayPart, Problem, Reading, When
from knowledge.scripts import Word

__all__ = ["Asked", "DayPart", "Problem", "Reading", "When", "read"]

_MOST_HOURS = 12


def read(text: str | Sequence[Word], now_local: datetime, *, asked: Asked | None = None) -> When:
    """What a text says about when, counted from ``now_local`` (the wall clock of Tbilisi).

    Give the text itself where there is one: the words alone have lost the signs between digits (15:00, 25.12).
    ``asked`` is what the resident was asked for, and lets a text that is only a number ("3") answer it. Nothing is
    raised and nothing is guessed: what does not exist is in ``problem``, what is unclear in ``ambiguous``.
    """
    row = atoms(text)
    when = combine(tuple(pieces(row, now_local.date())), now_local)
    if when or asked is None:
        return when
    return _answer(row, now_local, asked) or when


def _answer(row: Sequence[Atom], now: datetime, asked: Asked) -> When | None:
    """A bare number as the answer to what was asked."""
    numbers = [atom for atom in row if atom.kind in "01"]
    others = [atom for atom in row if atom.kind not in "01;OAGSIVB"]
    value = numbers[0].value if len(numbers) == 1 and not others else None
    if not isinstance(value, int | float):
        return None
    covered = frozenset(range(numbers[0].first, numbers[0].last))
    if asked == "duration":
        return When(minutes=round(value * 60), covered=covered) if 0 < value <= _MOST_HOURS else None
    if not isinstance(value, int):
        return None
    if asked == "date":
        day = next_day_of_month(now.date(), value)
        return When(date=day, said_date=True, covered=covered) if day else When(problem="no_such_date")
    if not 0 < value < 24:
        return When(problem="no_such_time")
    return _hour(readings(Clock(value, 0, value > 12)), covered)


def _hour(starts: Sequence[time], covered: frozenset[int]) -> When:
    unclear = tuple(Reading(start=start) for start in starts) if len(starts) > 1 else ()
    return When(start=starts[0], said_time=True, ambiguous=unclear, covered=covered)
