"""Quiet hours: between 21:00 and 09:00 in Tbilisi nobody is written to who did not just write to us."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from store.clock import TBILISI

BEGINS, ENDS = time(21, 0), time(9, 0)
"""On the wall clock of Tbilisi (the project's own rule)."""


def is_quiet(moment: datetime) -> bool:
    """Whether the moment lies in the quiet hours."""
    wall = moment.astimezone(TBILISI).time()
    return wall >= BEGINS or wall < ENDS


def held_until(moment: datetime) -> datetime:
    """The moment itself, or the morning after it where it lies in the quiet hours; in UTC."""
    local = moment.astimezone(TBILISI)
    if not is_quiet(moment):
        return moment
    day = local.date() + timedelta(days=1) if local.time() >= BEGINS else local.date()
    return datetime.combine(day, ENDS, TBILISI).astimezone(UTC)
