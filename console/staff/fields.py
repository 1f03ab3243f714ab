"""Fields of forms and addresses, read: a day, an hour, a number. None for what cannot be read."""

from __future__ import annotations

from datetime import date, time

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
"""Days outside are not read: nothing is planned there, and dates end somewhere."""


def day_of(text: str | None) -> date | None:
    """The day that browsers write as ``2026-11-27``."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if EARLIEST < found < LATEST else None


def clock_time(text: str | None) -> time | None:
    """The time of day that browsers write as ``15:00``."""
    try:
        found = time.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def number(text: str | None, most: int) -> int | None:
    """A whole number from one to ``most``."""
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > len(str(most)):
        return None
    return int(text) if 1 <= int(text) <= most else None
