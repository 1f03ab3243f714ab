"""Events: the list, writing and changing them, telling people, who is coming."""

from __future__ import annotations

from console.staff.events import coming, editing, listing, moving, showing
from console.staff.events.blueprint import pages

__all__ = ["coming", "editing", "listing", "moving", "pages", "showing"]
