"""Short answers to what was asked: "3" is an hour, a day or a length, as the question was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.understanding.when.dates import next_date, next_day_of_month
from bot.understanding.when.times import exists, readings
from bot.understanding.when.types import Asked, Atom, Clock, Reading, When

_MOST_HOURS = 12
_FEW_HOURS = 9
_QUARTER = 15
_ASIDE = frozenset("OAGSIVB")
"""Endings of a number that do not change what a bare one answers."""


def figure(row: Sequence[Atom], asked: Asked) -> When | None:
    """A text that says something else without its question; None where it is no such text.

    1.5 and 2-3 are lengths where one was asked for, and would be a date and two hours. 10.10 is an hour and no
    date, and so are, in Georgian and Russian, "3 საათი" and "3 часа" where the hour was asked for.
    """
    said = [atom for atom in row if atom.kind != ";"]
    kinds = "".join(atom.kind for atom in said)
    values = [atom.value for atom in said if atom.kind in "01d"]
    if asked == "duration" and kinds == "d":
        return _length(values[0], said)
    if asked == "duration" and kinds in {"0-0", "1-1"} and _fits(values[1], _FEW_HOURS):
        return _length(values[1], said)
    if asked == "time" and kinds == "x" and isinstance(said[0].value, tuple):
        hour, minute, _exact = said[0].value
        return _hour(hour, minute, said)
    if (
        asked == "time"
        and kinds in {"0H", "1H"}
        and said[1].language in {"ka", "ru"}
        and isinstance(values[0], int)
    ):
        return _hour(values[0], 0, said)
    return None


def numbers(row: Sequence[Atom], now: datetime, asked: Asked) -> When | None:
    """Numbers and nothing else: 3, ten thirty, 25 12, one and a half; None where a text says more."""
    said = [atom for atom in row if atom.kind in "01"]
    if not 1 <= len(said) <= 2 or any(atom.kind not in "01;" and atom.kind not in _ASIDE for atom in row):
        return None
    if asked == "duration":
        return _length(said[0].value, row) if len(said) == 1 else None
    values = [atom.value for atom in said if isinstance(atom.value, int)]
    if len(values) != len(said):
        return None
    if asked == "time":
        return _hour(values[0], values[1] if values[1:] else 0, row)
    day = next_date(now.date(), values[1], values[0]) if values[1:] else next_day_of_month(now.date(), values[0])
    return When(date=day, said_date=True, covered=_words(row)) if day else When(problem="no_such_date")


def _length(value: object, said: Sequence[Atom]) -> When | None:
    """Hours; a number of quarters of an hour that is too large for them are minutes: 45, 90."""
    if _fits(value, _MOST_HOURS):
        return When(minutes=round(float(str(value)) * 60), covered=_words(said))
    if isinstance(value, int) and value and value % _QUARTER == 0 and value <= _MOST_HOURS * 60:
        return When(minutes=value, covered=_words(said))
    return None


def _fits(value: object, most: int) -> bool:
    return isinstance(value, int | float) and 0 < value <= most


def _hour(hour: int, minute: int, said: Sequence[Atom]) -> When:
    clock = Clock(hour, minute, hour > 12)
    if not 0 < hour < 24 or not exists(clock):
        return When(problem="no_such_time")
    starts = readings(clock)
    unclear = tuple(Reading(start=start) for start in starts) if len(starts) > 1 else ()
    return When(start=starts[0], said_time=True, ambiguous=unclear, covered=_words(said))


def _words(row: Sequence[Atom]) -> frozenset[int]:
    return frozenset(index for atom in row for index in range(max(atom.first, 0), atom.last))
