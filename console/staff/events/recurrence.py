"""The few plain choices of how an event comes again, and the rules (RFC 5545) that they stand for.

A rule that none of the choices says is "other": it is shown as it is and kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from store.clock import TBILISI

Repeat = Literal["once", "weekly", "fortnightly", "monthly", "other"]

CHOICES: tuple[Repeat, ...] = ("once", "weekly", "fortnightly", "monthly")

_RULES: Mapping[Repeat, str] = {
    "weekly": "FREQ=WEEKLY",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY",
}
_MEANS: Mapping[tuple[str, str], Repeat] = {
    ("WEEKLY", "1"): "weekly",
    ("WEEKLY", "2"): "fortnightly",
    ("MONTHLY", "1"): "monthly",
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How an event comes again: up to and including a day, or so many times, or without an end."""

    repeat: Repeat
    until: date | None = None
    times: int | None = None


def read(rule: str | None, starts_at: datetime) -> Recurrence:
    """What a rule that is kept means for an event that begins then.

    >>> read("FREQ=WEEKLY;COUNT=8", datetime(2026, 11, 24, 14, tzinfo=TBILISI)).times
    8
    """
    if rule is None:
        return Recurrence("once")
    parts = {name: value for name, _, value in (part.partition("=") for part in rule.split(";") if part)}
    wall = starts_at.astimezone(TBILISI)
    _drop_implied(parts, wall)
    repeat = _MEANS.get((parts.pop("FREQ", ""), parts.pop("INTERVAL", "1")))
    until, count = parts.pop("UNTIL", None), parts.pop("COUNT", None)
    last = _last_day(until, wall.time()) if until is not None else None
    unread = parts or (until is not None and (last is None or count is not None))
    if repeat is None or unread or (count is not None and not count.isdecimal()):
        return Recurrence("other")
    return Recurrence(repeat, last, int(count) if count is not None else None)


def rule_of(wanted: Recurrence, kept: str | None, starts_at: datetime) -> str | None:
    """The rule of a choice; the one that is kept where it means the same, so that nothing changes by itself."""
    if wanted.repeat == "other" or read(kept, starts_at) == wanted:
        return kept
    if wanted.repeat == "once":
        return None
    rule = _RULES[wanted.repeat]
    if wanted.until is not None:
        return f"{rule};UNTIL={wanted.until:%Y%m%d}T235959"
    return f"{rule};COUNT={wanted.times}" if wanted.times is not None else rule


def _drop_implied(parts: dict[str, str], wall: datetime) -> None:
    """Takes out what the beginning says already: its weekday, or its day of the month."""
    frequency = parts.get("FREQ")
    if frequency == "WEEKLY" and parts.get("BYDAY", _DAYS[wall.weekday()]) == _DAYS[wall.weekday()]:
        parts.pop("BYDAY", None)
        parts.pop("WKST", None)
    if frequency == "MONTHLY" and parts.get("BYMONTHDAY") == str(wall.day):
        parts.pop("BYMONTHDAY")


def _last_day(until: str, begins: time) -> date | None:
    """The last day that a rule reaches: UNTIL is a moment on the wall clock, midnight where it is only a day."""
    try:
        moment = datetime.strptime(until if "T" in until else f"{until}T000000", "%Y%m%dT%H%M%S")  # noqa: DTZ007
    except ValueError:
        return None
    return moment.date() if moment.time() >= begins else moment.date() - timedelta(days=1)
