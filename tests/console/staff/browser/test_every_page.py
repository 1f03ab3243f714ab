"""Every page of the console as people see it who cannot see it well, and on a telephone: axe-core finds no fault.

The pages are those of ``routes.ROUTES``, so that a new one is looked at without a line here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from desk import audit
from desk.accounts import passing
from desk.staff import StaffMember
from tests.console.staff.browser import faults
from tests.console.staff.browser.conftest import DESKTOP, PHONE, Site
from tests.console.staff.routes import ROUTES
from tests.console.staff.test_every_route import address, rules
from tests.console.staff.world import World

WHO = ("administrator", "half", "nobody")
"""As whom a page is looked at: the first of them who may."""


def pages(world: World) -> Iterator[tuple[str, str]]:
    """Who looks at which address: whatever answers GET with a whole page."""
    for rule in rules(world.app):
        if "GET" in (rule.methods or ()):
            who, path = looked_at(world, rule)
            came = world.browser(who).get(path)
            if came.mimetype == "text/html" and "<html" in came.text:
                yield who, path
    with world.database.write() as session:
        token = passing.invite(session, session.get_one(StaffMember, world.members["here"]), audit.SYSTEM)
    yield "nobody", f"/staff/link/{token}"


def looked_at(world: World, rule: Rule) -> tuple[str, str]:
    line = ROUTES[rule.endpoint]
    return next(one for one in WHO if one in line.whose), address(world, rule, line)


@pytest.mark.parametrize(
    ("locale", "viewport"), [("ka", DESKTOP), ("en", DESKTOP), ("ka", PHONE)], ids=["ka", "en", "phone"]
)
def test_no_page_has_a_fault(site: Site, locale: str, viewport: dict[str, int]) -> None:
    windows = {who: site.page(who, viewport, locale=locale) for who in WHO}
    wrong = []
    for who, path in pages(site.world):
        page = windows[who]
        page.goto(f"{site.address}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        found = faults.of(page)
        wrong += [f"{path} {one}" for one in found]
        if wide > viewport["width"]:
            wrong.append(f"{path} scrolls sideways: {wide} wide")
    print("\n".join(wrong)); assert wrong == []
