"""What axe-core, which looks at a page as screen readers and weak eyes do, finds wrong in one."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

COLOURS = "color-contrast"
"""The rule that takes four fifths of the time: a second look in another language leaves it out."""

LOOK = """(leave) => axe
  .run({resultTypes: ["violations"], rules: Object.fromEntries(leave.map((rule) => [rule, {enabled: false}]))})
  .then((found) => found.violations.map(
    (one) => `${one.impact} ${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 200)}`))"""


def ready(page: Any) -> Any:
    """The window, in which axe-core is at hand on every page from now on."""
    page.add_init_script(Axe().axe_script)
    return page


def of(page: Any, *leave: str) -> list[str]:
    """A line for each kind of fault: how bad, which rule, what it wants, and where it is first broken.

    ``page`` was made ready; ``leave`` names rules that are not looked at.
    """
    found: list[str] = page.evaluate(LOOK, list(leave))
    return found
