"""A centre's bookings as a calendar under a secret address, which calendars subscribe to."""

from __future__ import annotations

from console.feeds.calendar import PATH, blueprint

__all__ = ["PATH", "blueprint"]
