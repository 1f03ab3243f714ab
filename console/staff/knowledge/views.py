"""All views of the page: to import them is to add them to its blueprint."""

from __future__ import annotations

from console.staff.knowledge import centers, changes, exchange, listing, rows
from console.staff.knowledge.blueprint import pages

__all__ = ["centers", "changes", "exchange", "listing", "pages", "rows"]
