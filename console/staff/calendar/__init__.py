"""The calendar of a hall: week and day, a booking's own page, writing one down, the address to subscribe to."""

from __future__ import annotations

from console.staff.calendar import booking, moving, subscribing, week, writing
from console.staff.calendar.blueprint import pages

__all__ = ["booking", "moving", "pages", "subscribing", "week", "writing"]
