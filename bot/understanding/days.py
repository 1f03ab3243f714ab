"""Which day a text speaks of: today, tomorrow, a weekday, the weekend, a public holiday."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.understanding.lexicon import Lexicon
from knowledge.scripts import Word

DayKind = Literal["day", "weekend", "holiday"]

_LEXICON = Lexicon.load("days")
_OFFSETS = {"today": 0, "tomorrow": 1, "after_tomorrow": 2}


@dataclass(frozen=True, slots=True)
class SpokenDay:
    """A day that was named; ``day`` is None for "the weekend" and "public holidays"."""

    kind: DayKind
    day: date | None
    words: tuple[int, ...]


def find(text: Sequence[Word], today: date) -> SpokenDay | None:
    """The first day that the text names, counted from ``today``; a weekday is the next one, today included."""
    hits = _LEXICON.find(text)
    if not hits:
        return None
    hit = max(hits, key=lambda found: (found.last - found.first, -found.first))
    span = tuple(range(hit.first, hit.last))
    if hit.concept in {"weekend", "holiday"}:
        return SpokenDay("weekend" if hit.concept == "weekend" else "holiday", None, span)
    if hit.concept in _OFFSETS:
        return SpokenDay("day", today + timedelta(days=_OFFSETS[hit.concept]), span)
    if "-" in hit.concept:
        return SpokenDay("day", _next(hit.concept, today), span)
    return SpokenDay("day", today + timedelta(days=(int(hit.concept) - today.weekday()) % 7), span)


def _next(month_day: str, today: date) -> date:
    """The next time that day of the year comes round, today included."""
    month, number = map(int, month_day.split("-"))
    this_year = date(today.year, month, number)
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)
