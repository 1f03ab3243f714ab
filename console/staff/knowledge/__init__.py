"""Knowledge: centres with their halls and served villages, services, places; files in and out."""

from __future__ import annotations

from console.staff.knowledge import centers, changes, exchange, listing, rows
from console.staff.knowledge.blueprint import pages

__all__ = ["centers", "changes", "exchange", "listing", "pages", "rows"]
