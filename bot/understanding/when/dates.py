"""Days: each function reads one documented form out of the atoms that matched it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.understanding.when.types import Atom, DayPiece, Piece, ProblemPiece

_NO_DATE = ProblemPiece("no_such_date")
_YEARS_AHEAD = 8  # between two 29ths of February


def integer(atom: Atom) -> int | None:
    """The whole number of an atom."""
    return atom.value if isinstance(atom.value, int) else None


def _the(row: Sequence[Atom], kinds: str) -> Atom | None:
    return next((atom for atom in row if atom.kind in kinds), None)


def next_date(today: date, month: int, day: int) -> date | None:
    """The next such date that is not in the past; None where the calendar has none."""
    for year in range(today.year, today.year + _YEARS_AHEAD + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def next_day_of_month(today: date, day: int) -> date | None:
    """The next day of that number, in this month or the first later one that has it."""
    if not 1 <= day <= 31:
        return None
    year, month = today.year, today.month
    while True:
        if day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _one(day: date | None) -> Piece:
    return _NO_DATE if day is None else DayPiece((day,))


def calendar(row: Sequence[Atom], _today: date) -> Piece | None:
    """25.12.2026, 2026-12-25."""
    atom = _the(row, "D")
    return _one(atom.value if atom is not None and isinstance(atom.value, date) else None)


def numbers(row: Sequence[Atom], today: date) -> Piece | None:
    """25.12, 25/12, 25-12."""
    atom = _the(row, "xed")
    if atom is None:
        return None
    if isinstance(atom.value, float):  # 5.1 is the 5th of January
        day, month = (int(part) for part in str(atom.value).split("."))
    elif isinstance(atom.value, tuple):
        day, month = atom.value[0], atom.value[1]
    else:
        return None
    return _one(next_date(today, month, day))


def with_month(row: Sequence[Atom], today: date) -> Piece | None:
    """25 December, December 25th, 5-8 December (either of two days), with or without the year."""
    month, year = _the(row, "M"), _the(row, "y")
    days = [value for atom in row if atom.kind in "012" and (value := integer(atom)) is not None]
    if month is None or not days or not isinstance(month.value, int):
        return None
    if any(day > 39 for day in days):
        return None
    found = [_dated(year, month.value, day, today) for day in days]
    real = tuple(day for day in found if day is not None)
    return DayPiece(real) if len(real) == len(found) else _NO_DATE


def _dated(year: Atom | None, month: int, day: int, today: date) -> date | None:
    if year is None or not isinstance(year.value, int):
        return next_date(today, month, day)
    try:
        return date(year.value, month, day)
    except ValueError:
        return None


def after_next(row: Sequence[Atom], today: date) -> Piece | None:
    """The week after next, and a day in it."""
    target = _the(row, "W")
    number = integer(target) if target is not None else None
    monday = _monday(today, 2)
    return DayPiece((), week=monday) if number is None else DayPiece((monday + timedelta(days=number),))


def week_later(row: Sequence[Atom], today: date) -> Piece | None:
    """A week on Friday, Friday week: seven days after the coming one."""
    if any(atom.language not in {"en", ""} for atom in row):
        return None
    coming = weekday([atom for atom in row if atom.kind == "W"], today)
    return DayPiece((coming.days[0] + timedelta(days=7),)) if isinstance(coming, DayPiece) else None


def of_month(row: Sequence[Atom], today: date) -> Piece | None:
    """The 5th of this month, or of the next one."""
    day, month = _the(row, "012"), _the(row, "u")
    number = integer(day) if day is not None else None
    if number is None or number > 39:
        return None
    if _the(row, "E") is None and (month is None or month.value != 1):
        return _one(next_day_of_month(today, number))
    year, following = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
    return _one(date(year, following, number) if 1 <= number <= monthrange(year, following)[1] else None)


def day_of_month(row: Sequence[Atom], today: date) -> Piece | None:
    """The 5th: 5-ში, на 5-е, on the 5th; the Armenian 5-ին may as well be an hour."""
    day = _the(row, "012")
    if day is None or (day.kind == "1" and day.language == "az"):
        return None  # "onu" is rather "it" than the tenth, and Oni a town
    number = integer(day)
    found = None if number is None else next_day_of_month(today, number)
    if found is None:
        return None
    return DayPiece((found,), weak=found.day < 24 and any(atom.kind == "I" for atom in row))


def relative(row: Sequence[Atom], today: date) -> Piece | None:
    """Today, tomorrow, the day after."""
    atom = _the(row, "J")
    value = atom.value if atom is not None else None
    offsets = value if isinstance(value, tuple) else (value,)
    days = tuple(today + timedelta(days=offset) for offset in offsets if isinstance(offset, int))
    return DayPiece(days, spoken=True) if days else None


def in_days(row: Sequence[Atom], today: date) -> Piece | None:
    """In three days, in a week, a month from now."""
    amount = _the(row, "01")
    count = 1 if amount is None else integer(amount)
    if count is None or count > 400:
        return None
    if _the(row, "E") is not None:
        return DayPiece((_months_on(today, count),))
    week = _the(row, "K")
    weeks = (integer(week) if week is not None else None) or 1
    return DayPiece((today + timedelta(days=count * (1 if _the(row, "Y") is not None else 7 * weeks)),))


def _months_on(today: date, count: int) -> date:
    years, month = divmod(today.month - 1 + count, 12)
    year = today.year + years
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def weekday(row: Sequence[Atom], today: date) -> Piece | None:
    """Friday, this Friday, next Friday; a weekday of a named week."""
    atom = _the(row, "WwZ")
    number = integer(atom) if atom is not None else None
    if number is None:
        return None
    coming = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if _the(row, "K") is not None or sum(item.kind in "WZ" for item in row) > 1:
        monday = _monday(today, 1 if _the(row, "n") is not None else 0)
        target = _the(row, "W")
        return DayPiece((monday + timedelta(days=integer(target) or 0 if target is not None else number),))
    if _the(row, "n") is not None and coming < _monday(today, 1):
        return DayPiece((coming + timedelta(days=7), coming), weekday=number)
    if _the(row, "i") is not None and number == today.weekday():
        return DayPiece((coming, today), weekday=number)
    return DayPiece((coming,), weekday=number)


def shortened_weekday(row: Sequence[Atom], today: date) -> Piece | None:
    """სამ 24.11: the short Georgian names of three weekdays are the numbers three, four and five."""
    number = integer(row[0])
    if row[0].language != "ka" or number not in {3, 4, 5}:
        return None
    return weekday([replace(row[0], kind="W", value=number - 2)], today)


def _monday(today: date, weeks: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(days=7 * weeks)


def week(row: Sequence[Atom], today: date) -> Piece | None:
    """This week or the next, without a day."""
    return DayPiece((), week=_monday(today, 1 if _the(row, "n") is not None else 0))


def weeks_on(row: Sequence[Atom], today: date) -> Piece | None:
    """In two weeks on Monday: the week is said, and the day in it."""
    amount, target = _the(row, "01"), _the(row, "W")
    count = 1 if amount is None else integer(amount)
    number = integer(target) if target is not None else None
    if count is None or number is None or count > 50:
        return None
    return DayPiece((_monday(today, count) + timedelta(days=number),))


def several(row: Sequence[Atom], today: date) -> Piece | None:
    """From Monday to Friday, every Monday: not one day, so all of them are readings."""
    found = [weekday([atom], today) for atom in row if atom.kind == "W"]
    return DayPiece(tuple(day for piece in found if isinstance(piece, DayPiece) for day in piece.days))
