"""Questions: what found no answer, and teaching the assistant what it means."""

from __future__ import annotations

from console.staff.questions import listing, teaching
from console.staff.questions.blueprint import pages

__all__ = ["listing", "pages", "teaching"]
