"""Hours: 15:00, half past two, 3 in the afternoon, from 10 to 12, and which half of the day is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import time
from typing import Literal, cast

from bot.understanding.when.types import Atom, Clock, DayPart, MomentPiece, Piece, ProblemPiece, Role, TimePiece

OPENS, CLOSES = 9, 18
"""The hours of the halls, which decide between am and pm."""

_NO_TIME = ProblemPiece("no_such_time")
_MINUTES = frozenset({5, 10, 15, 20, 25})
_ROUND = frozenset({0, 15, 30, 45})
_LAST_MORNING = 11
_MOST_HOURS_ON = 48


def _number(atom: Atom) -> int | None:
    return atom.value if isinstance(atom.value, int) else None


def _part(row: Sequence[Atom]) -> DayPart | Literal["am", "pm"] | None:
    for atom in row:
        if atom.kind in "PQz":
            return cast(DayPart, atom.value)
        if atom.kind == "N":
            return "noon"
    return None


def _clock(row: Sequence[Atom]) -> Clock | None:
    """The hour of one side of a range, or of a time on its own: 3, 15:00, 15.00, with its part of the day."""
    for position, atom in enumerate(row):
        if atom.kind in "Cx" and isinstance(atom.value, tuple):
            hour, minute, exact = atom.value
            return Clock(hour, minute, exact, _part(row))
        if atom.kind in "01" and (number := _number(atom)) is not None:
            return Clock(number, _minutes(row[position + 1 :]), number > 12 or number == 0, _part(row))
    return Clock(12, 0, True) if any(atom.kind == "N" for atom in row) else None


def _minutes(row: Sequence[Atom]) -> int:
    for position, atom in enumerate(row[:-1]):
        if atom.kind in "01" and row[position + 1].kind == "m":
            return _number(atom) or 0
    return 0


def exists(clock: Clock) -> bool:
    """Whether a day has that hour; 24:00 is one, as an end."""
    return clock.minute < 60 and (clock.hour < 24 or (clock.hour == 24 and clock.minute == 0))


def _timed(role: Role, clock: Clock, end: Clock | None = None) -> Piece:
    real = exists(clock) and (end is None or exists(end)) and not (clock.hour == 24 and role != "to")
    return TimePiece(role, clock, end) if real else _NO_TIME


def single(row: Sequence[Atom]) -> Piece | None:
    """An hour that something marks as one: at 3, 3-ზე, в 15:00, 3pm, saat 3, until 5."""
    clock = _clock(row)
    if clock is None or not _marked(row):
        return None
    if any(atom.kind == "x" for atom in row) and not exists(clock):
        return None  # "с 25.12" is a date
    digit = any(atom.kind in "Cx" for atom in row) or any(atom.kind in "Hsk" for atom in row)
    if not exists(clock) and not digit:
        return None  # "30-ზე" may be anything
    return _timed(_role(row), clock)


def _marked(row: Sequence[Atom]) -> bool:
    """Whether anything says that a number is an hour: a sign, an ending, a word before or behind it."""
    kinds = "".join(atom.kind for atom in row)
    said = set(kinds)
    spoken = "1" in said
    if said & set("CzkaNAFTtf") or {"G", "<"} <= said:
        return True
    if "s" in said and kinds.index("s") < max(map(kinds.find, "01x")):
        return True  # "saat 3", and not "3 saat"
    if said & set("IV"):
        if "I" in said and spoken:
            clock = _clock(row)
            return bool(said & set("HPQ")) or (clock is not None and clock.hour <= 12)
        return bool(said & set("HPQ")) or ("I" not in said and not spoken)
    if "b" in said:  # "на 3", "на 3 часа дня", "на 15 часов"; "на 2 часа" is a length
        clock = _clock(row)
        late = clock is not None and clock.hour > CLOSES - OPENS
        return row[0].language == "ru" and ("H" not in said or "Q" in said or late)
    return "Q" in said or ("P" in said and not spoken and not said & set("Hs"))


def _role(row: Sequence[Atom]) -> Role:
    kinds = {atom.kind for atom in row}
    if kinds & {"t", "T"}:
        return "to"
    return "from" if kinds & {"f", "F"} else "at"


def bare(row: Sequence[Atom]) -> Piece | None:
    """A number that stands beside a day: "Friday 3"."""
    number = _number(row[0])
    return _timed("at", Clock(number, 0, number > 12)) if number is not None and 0 < number < 20 else None


def moment(row: Sequence[Atom]) -> Piece | None:
    """In two hours, in half an hour: from now on."""
    if row[-1].kind == "F" and row[-1].language != "hy":
        return None  # "3 saatdan" is no moment, "երկու ժամից" is
    amount = next((atom.value for atom in row if atom.kind in "01U"), 1)
    minutes = 1 if row[-1].kind in "Um" else 60
    most = _MOST_HOURS_ON * 60
    return (
        MomentPiece(round(amount * minutes))
        if isinstance(amount, int | float) and amount * minutes <= most
        else None
    )


def span(row: Sequence[Atom]) -> Piece | None:
    """From 10 to 12: two hours, each with its own part of the day or with that of the other."""
    cut = _cut(row)
    first, second = _clock(row[:cut]), _clock(row[cut:])
    if first is None or second is None:
        return None
    kinds = "".join(atom.kind for atom in row)
    if kinds.startswith(("0-0H", "1-1H")) and second.hour < OPENS and not set(kinds) & set("AFITVQ"):
        return None  # "2-3 hours" is a length
    if first.part is None and second.part is not None:
        first = Clock(first.hour, first.minute, first.exact, _shared(first, second))
    elif second.part is None and first.part in {"evening", "day", "night"}:
        second = Clock(second.hour, second.minute, second.exact, first.part)
    return _timed("from", first, second)


def _cut(row: Sequence[Atom]) -> int:
    """Where the second side begins."""
    seen = 0
    for position, atom in enumerate(row):
        if atom.kind in "01CxN":
            seen += 1
        if atom.kind in "Ft-&" and seen and position + 1 < len(row) and row[position + 1].kind != "m":
            return position + 1
    return len(row)


def _shared(first: Clock, second: Clock) -> DayPart | Literal["am", "pm"] | None:
    """The part of the day that is said once at the end: "3-5 pm", but "10 to 2 pm" begins in the morning."""
    later = first.hour % 12 > second.hour % 12
    return None if later else second.part


# The clock in words. ``h - 1`` where the language counts towards the hour.


def half_past(row: Sequence[Atom]) -> Piece | None:
    """Half past two; երեք անց կես."""
    return _phrase(row, lambda hour: (hour, 30))


def half_hour_british(row: Sequence[Atom]) -> Piece | None:
    """Half two, in English, is half past two."""
    return half_past(row) if all(atom.language in {"en", ""} for atom in row) else None


def two_numbers(row: Sequence[Atom]) -> Piece | None:
    """Three thirty, в 14 00, saat on iki otuz: only round minutes, and only where something marks an hour."""
    hour, minute = (_number(atom) for atom in row if atom.kind in "01")
    if hour is None or minute not in _ROUND or hour > 23 or not _marks_hour(row):
        return None
    return _timed("at", Clock(hour, minute, hour > 12, _part(row)))


def _marks_hour(row: Sequence[Atom]) -> bool:
    kinds = {atom.kind for atom in row}
    return bool(kinds & set("aksAzQ")) or (row[0].kind == "b" and row[0].language == "ru")


def half_to(row: Sequence[Atom]) -> Piece | None:
    """სამის ნახევარი, 3-ün yarısı, половина третьего: half an hour before it."""
    return _phrase(row, lambda hour: (_before(hour), 30))


def one(row: Sequence[Atom]) -> Piece | None:
    """В час дня: one o'clock without a number."""
    if row[-1].language != "ru":
        return None
    return _timed(_role(row), Clock(1, 0, False, _part(row)))


def _phrase(row: Sequence[Atom], rule: Callable[[int], tuple[int, int]]) -> Piece | None:
    hour = next((value for atom in row if atom.kind in "012" and (value := _number(atom)) is not None), None)
    if hour is None:
        return None
    found = rule(hour)
    return _timed(_role(row), Clock(found[0], found[1], hour > 12, _part(row)))


def _before(hour: int) -> int:
    return 12 if hour == 1 else hour - 1


def counted(row: Sequence[Atom]) -> Piece | None:
    """Minutes and an hour: quarter to four, ოთხს აკლია თხუთმეტი, десять минут пятого, երեքն անց տասը."""
    numbers = [(position, value) for position, atom in enumerate(row) if (value := _spoken(atom)) is not None]
    if len(numbers) != 2:
        return None
    (_, first), (_, second) = numbers
    hour, minute = (first, second) if _hour_first(row) else (second, first)
    kinds = {atom.kind for atom in row}
    if not 0 < minute < 60 or not 0 < hour <= 24:
        return None
    if kinds & {"l", "L"} or ("t" in kinds):
        if "t" in kinds and not kinds & {"q", "m"} and minute not in _MINUTES:
            return None
        return _timed("at", Clock(_before(hour), 60 - minute, hour > 13, _part(row)))
    towards = any(atom.kind == "2" for atom in row) or (
        row[0].language == "ka"
        or (_has(row, "G") and _has(row, "ka"))
        or (_has(row, "az") and (_has(row, "V") or _has(row, "A")))
    )
    return _timed("at", Clock(_before(hour) if towards else hour, minute, hour > 13, _part(row)))


def _has(row: Sequence[Atom], what: str) -> bool:
    return any(what in (atom.kind, atom.language) for atom in row)


def _spoken(atom: Atom) -> int | None:
    if atom.kind == "q":
        return 15
    if atom.kind == "h":
        return 30
    return _number(atom) if atom.kind in "012" else None


def _hour_first(row: Sequence[Atom]) -> bool:
    """Whether the hour is said before the minutes: marked by its case, or by the order of the language."""
    numbers = [position for position, atom in enumerate(row) if atom.kind in "012qh"]
    after = row[numbers[0] + 1].kind
    if after in "GSVIFAO":
        return True
    return after == "p" and row[numbers[0] + 1].language == "hy"


# Which half of the day.


def readings(clock: Clock, part: DayPart | None = None) -> tuple[time, ...]:
    """The times that an hour may mean in a centre's hall, the likeliest first."""
    said = clock.part or part
    hour = clock.hour % 24
    if clock.hour > 12 or clock.hour == 0 or (clock.exact and said is None):
        return (time(hour, clock.minute),)
    if said is not None:
        return _by_part(clock, said)
    early, late = time(hour % 12, clock.minute), time(hour % 12 + 12, clock.minute)
    if OPENS <= hour <= _LAST_MORNING:
        return (early,)
    if hour == 12 or hour < 7:
        return (late,)
    return (early, late) if hour == 8 else (late, early)


def _by_part(clock: Clock, part: DayPart | Literal["am", "pm"]) -> tuple[time, ...]:
    hour, minute = clock.hour % 12, clock.minute
    early, late = time(hour, minute), time(hour + 12, minute)
    if part == "am":
        return (early,)
    if part == "morning":
        return (late,) if hour == 0 else (early, late) if hour < 5 else (early,)
    if part in {"noon", "day"}:
        return (early,) if OPENS <= hour <= _LAST_MORNING else (late,)
    if part == "night":
        return (early,) if hour < 6 else (late,)
    return (early,) if part == "evening" and hour == 0 else (late,)
