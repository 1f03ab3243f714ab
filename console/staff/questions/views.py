"""All views of the page: to import them is to add them to its blueprint."""

from __future__ import annotations

from console.staff.questions import listing, teaching
from console.staff.questions.blueprint import pages

__all__ = ["listing", "pages", "teaching"]
