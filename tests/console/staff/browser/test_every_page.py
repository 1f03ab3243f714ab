"""Every page of the console as people see it who cannot see it well, and on a telephone: axe-core finds no fault.

The pages are those of ``routes.ROUTES``, so that a new one is looked at without a line here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk import audit
from desk.accounts import passing
from desk.staff import StaffMember
from store import clock
from store.database import Database
from tests.console.staff import story
from tests.console.staff.browser import faults
from tests.console.staff.browser.conftest import DESKTOP, PHONE, Site, served, width
from tests.console.staff.routes import ROUTES
from tests.console.staff.test_every_route import address, rules
from tests.console.staff.world import NOW, World

WHO = ("nobody", "half", "administrator")
"""As whom a page is looked at: the first of them who may."""


@pytest.fixture(scope="module")
def village(
    chromium: Any, seeded_template: Path, known: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The console of the made-up village, where each page has something to show. Nobody changes anything here."""
    path = tmp_path_factory.mktemp("village") / "village.db"
    shutil.copy(seeded_template, path)
    database = Database(f"sqlite:///{path}")
    with clock.fixed(NOW), served(story.world(database, known, "en"), chromium) as site:
        yield site
    database.close()


@pytest.fixture(scope="module")
def pages(village: Site) -> list[tuple[str, str, str]]:
    """Who looks at which address, with the endpoint: whatever answers GET with a whole page."""
    return list(whole_pages(village.world))


def whole_pages(world: World) -> Iterator[tuple[str, str, str]]:
    for rule in rules(world.app):
        if "GET" in (rule.methods or ()):
            line = ROUTES[rule.endpoint]
            who = next(one for one in WHO if one in line.whose)
            path = address(world, rule, line)
            came = world.browser(who).get(path)
            if came.mimetype == "text/html" and "<html" in came.text and came.status_code != 303:
                yield who, path, rule.endpoint
    with world.database.write() as session:
        token = passing.invite(session, session.get_one(StaffMember, world.members["here"]), audit.SYSTEM)
    yield "nobody", f"/staff/link/{token}", "staff.door.link"


@pytest.mark.parametrize(("locale", "leave"), [("ka", ()), ("en", (faults.COLOURS,))], ids=["ka", "en"])
def test_axe_finds_no_fault(
    village: Site, pages: list[tuple[str, str, str]], locale: str, leave: tuple[str, ...]
) -> None:
    windows = {who: faults.ready(village.page(who, DESKTOP, locale=locale)) for who in WHO}
    wrong = []
    for who, path, _ in pages:
        windows[who].goto(f"{village.address}{path}")
        wrong += [f"{path} {one}" for one in faults.of(windows[who], *leave)]
    assert wrong == []


def test_a_telephone_shows_every_page_without_faults(village: Site, pages: list[tuple[str, str, str]]) -> None:
    windows = {who: faults.ready(village.page(who, PHONE, locale="ka")) for who in WHO}
    wrong = []
    for who, path, endpoint in pages:
        page = windows[who]
        page.goto(f"{village.address}{path}")
        wide = width(page)
        if wide > PHONE["width"]:
            wrong.append(f"{path} scrolls sideways: {wide} wide")
        if endpoint.endswith(".page"):
            wrong += [f"{path} {one}" for one in faults.of(page)]
    assert wrong == []
