"""When a place is open, from OpenStreetMap's ``opening_hours`` syntax and Georgia's public holidays.

The library's own list of Georgian holidays lacks 17 May, so every holiday that the ``holidays`` package knows is
added as a date that is off. Days off that the government decrees during the year come from
``data/extra_days_off.csv``. Times are wall-clock times of Tbilisi.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

import holidays
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

Span = tuple[time, time]

_EXTRA = Path(__file__).parent / "data" / "extra_days_off.csv"
_MIDNIGHT = time(0, 0)
_A_PLAIN_MONDAY = date(2001, 6, 4)  # a week without holidays, to read the ordinary week from
SEARCH_DAYS = 30
"""How far ahead an opening is looked for; the longest holiday of the country is far shorter."""


class BadHours(ValueError):
    """The text is not in the syntax of opening_hours."""


@lru_cache(maxsize=1)
def _extra_days() -> frozenset[date]:
    with _EXTRA.open(encoding="utf-8", newline="") as file:
        return frozenset(date.fromisoformat(row["day"]) for row in csv.DictReader(file))


@lru_cache(maxsize=16)
def public_holidays(year: int) -> frozenset[date]:
    """The days on which offices are closed in that year: the public holidays and the decreed days off."""
    return frozenset(holidays.country_holidays("GE", years=year)) | {
        day for day in _extra_days() if day.year == year
    }


def is_holiday(day: date) -> bool:
    """Whether that day is a public holiday in Georgia."""
    return day in public_holidays(day.year)


def is_business_day(day: date) -> bool:
    """Monday to Friday and not a public holiday."""
    return day.weekday() < 5 and not is_holiday(day)


@lru_cache(maxsize=256)
def _compiled(spec: str, years: tuple[int, ...]) -> OpeningHours:
    off = [f"{day:%Y %b %d} off" for year in years for day in sorted(public_holidays(year))]
    return _parse("; ".join([spec, *off]) if "PH off" in spec else spec)


def _parse(spec: str) -> OpeningHours:
    try:
        return OpeningHours(spec)
    except ParserError as error:
        raise BadHours(f"{spec!r} is not an opening_hours text such as 'Mo-Fr 09:00-18:00; PH off'") from error


def check(spec: str) -> None:
    """Raises BadHours where the text cannot be read."""
    _parse(spec)


def spans_on(spec: str, day: date) -> tuple[Span, ...]:
    """When it is open on that day; empty where it is closed. An end of 00:00 means midnight."""
    start = datetime.combine(day, _MIDNIGHT)
    return _open_spans(_compiled(spec, (day.year,)), start)


def _open_spans(hours: OpeningHours, start: datetime) -> tuple[Span, ...]:
    intervals: Iterable[tuple[datetime, datetime, object, str]] = hours.intervals(start, start + timedelta(days=1))
    return tuple((a.time(), b.time()) for a, b, state, _comment in intervals if state == State.OPEN)


@lru_cache(maxsize=256)
def ordinary_week(spec: str) -> tuple[tuple[Span, ...], ...]:
    """The spans of a week without holidays, Monday first."""
    hours = _parse(spec)
    return tuple(
        _open_spans(hours, datetime.combine(_A_PLAIN_MONDAY + timedelta(days=offset), _MIDNIGHT))
        for offset in range(7)
    )


def is_open(spec: str, moment: datetime) -> bool:
    """Whether it is open at that moment of the Tbilisi wall clock."""
    wall = moment.replace(tzinfo=None)
    return any(a <= wall.time() and (wall.time() < b or b == _MIDNIGHT) for a, b in spans_on(spec, wall.date()))


def next_opening(spec: str, moment: datetime) -> datetime | None:
    """When it opens next after that moment (Tbilisi, naive); None where it does not within SEARCH_DAYS."""
    wall = moment.replace(tzinfo=None)
    for offset in range(SEARCH_DAYS):
        day = wall.date() + timedelta(days=offset)
        for opens, _closes in spans_on(spec, day):
            candidate = datetime.combine(day, opens)
            if candidate > wall:
                return candidate
    return None
