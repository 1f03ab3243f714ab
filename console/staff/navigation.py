"""What stands in the navigation: a page appears once its route exists, for those whose role may use it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from console.staff import access
from console.staff.visitors import anyone
from console.staff.words import say

NAMES = (
    *("today", "calendar", "events", "announcements", "knowledge", "questions", "tryit"),
    *("reports", "people", "residents", "audit", "posters"),
)
"""The blueprints of the pages, in order; each has its view ``page`` and its name under ``frame.nav.<name>``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the navigation; ``is_here`` on the pages of that subject."""

    label: str
    address: str
    is_here: bool


def entries() -> list[Entry]:
    """The entries that the visitor sees; none for who is not signed in."""
    found = anyone()
    if found is None or not found.is_whole:
        return []
    here = (request.blueprint or "").split(".")
    return [
        Entry(say(f"frame.nav.{name}"), url_for(f"staff.{name}.page"), name in here)
        for name in NAMES
        if access.opens(f"staff.{name}.page", found)
    ]
