"""What a text can say about when: the answer of `bot.understanding.when.read`, and the pieces it is made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Problem = Literal["no_such_date", "no_such_time", "weekday_differs", "end_before_start"]
"""Why a date or a time was not taken: it does not exist, or the text contradicts itself."""

DayPart = Literal["morning", "noon", "day", "evening", "night"]
"""A part of the day; ``day`` is the afternoon."""

Asked = Literal["date", "time", "duration"]
"""What the resident was asked for, so that a bare "3" can be understood."""

Role = Literal["at", "from", "to"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a text that can be understood in several."""

    date: dt.date | None = None
    start: dt.time | None = None


@dataclass(frozen=True, slots=True)
class When:
    """A day, a time and a length as far as a text says them, in the wall clock of ``now_local``.

    ``end`` and ``minutes`` are filled from one another where the start is known; an ``end`` of 00:00 is midnight.
    ``ambiguous`` holds every reading, the chosen one first, where am or pm, the week, or which of two days is
    unclear. ``week`` is the Monday of a week that was named without a day in it. ``covered`` are the indices of
    the words (as `knowledge.scripts.words` counts them) that said all this.
    """

    date: dt.date | None = None
    start: dt.time | None = None
    minutes: int | None = None
    end: dt.time | None = None
    part: DayPart | None = None
    week: dt.date | None = None
    ambiguous: tuple[Reading, ...] = ()
    covered: frozenset[int] = frozenset()
    weekday_only: bool = False
    said_date: bool = False
    said_time: bool = False
    all_day: bool = False
    problem: Problem | None = None

    def __bool__(self) -> bool:
        """Whether the text says anything about when."""
        return self.said_date or self.said_time or self.minutes is not None or self.problem is not None


@dataclass(frozen=True, slots=True)
class Atom:
    """One small unit of the text: its kind (a letter of `words.LETTERS`), its value, the words that it covers.

    ``articles`` counts the words before ``first`` that only lead to it: "the", "of".
    """

    kind: str
    value: object
    language: str
    first: int
    last: int
    articles: int = 0


@dataclass(frozen=True, slots=True)
class DayPiece:
    """A day that was said. ``days`` are its readings, the likeliest first; none where there is no such date.

    ``weekday`` is set where a weekday was named and nothing more; ``week`` where only a week was; ``weak`` where
    the same words may be an hour instead; ``spoken`` where the day was counted from today ("tomorrow").
    """

    days: tuple[dt.date, ...]
    weekday: int | None = None
    week: dt.date | None = None
    weak: bool = False
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour as it was said: ``part`` tells am from pm, and so does ``exact`` (15:00, 03:00)."""

    hour: int
    minute: int
    exact: bool = False
    part: DayPart | Literal["am", "pm"] | None = None


@dataclass(frozen=True, slots=True)
class TimePiece:
    """An hour with its role, or both ends of a range."""

    role: Role
    clock: Clock
    end: Clock | None = None


@dataclass(frozen=True, slots=True)
class LengthPiece:
    """How long it takes."""

    minutes: int
    all_day: bool = False


@dataclass(frozen=True, slots=True)
class PartPiece:
    """A part of the day without an hour."""

    part: DayPart


@dataclass(frozen=True, slots=True)
class MomentPiece:
    """So many minutes from now."""

    minutes: int


@dataclass(frozen=True, slots=True)
class ProblemPiece:
    """Something that looks like a date or a time and is none."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class NotPiece:
    """Words that take back what was said: ``strict`` what follows them ("not Friday"), else one of two.

    ``apart`` says that a sign stands before them.
    """

    strict: bool
    apart: bool = False


Piece = DayPiece | TimePiece | LengthPiece | PartPiece | MomentPiece | ProblemPiece | NotPiece
