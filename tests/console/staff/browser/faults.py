"""What axe-core, which looks at a page as screen readers and weak eyes do, finds wrong in one."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

OPTIONS = {"resultTypes": ["violations"]}
"""Only what is wrong: to list what is right takes longer than to look."""


def of(page: Any) -> list[str]:
    """A line for each kind of fault: how bad, which rule, what it wants, and where it is first broken."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['impact']} {one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]
