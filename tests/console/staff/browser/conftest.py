"""A real Chromium that drives the console; the tests are skipped where none is installed."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.console.staff.world import NOBODY, World

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

PATIENCE = 300_000
"""Milliseconds after which a browser counts as stuck: no measure of speed, the machine may be very busy."""


def launch(playwright: Any, **environment: str) -> Any:
    """The browser of this machine; ``environment`` are variables of its own."""
    own = os.environ | environment
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], env=own)


def width(page: Any) -> int:
    """How wide the page is, in pixels, with its style sheets: a click does not wait for those."""
    page.wait_for_load_state("load")
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the session."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@dataclass
class Site:
    """The console at an address, and what went wrong in the browser while it was looked at."""

    world: World
    address: str
    chromium: Any
    problems: list[str]

    def page(
        self, who: str = NOBODY, viewport: dict[str, int] = DESKTOP, *, scripts: bool = True, locale: str = "en"
    ) -> Any:
        """A new window in which that person is signed in and reads that language. See DESKTOP and PHONE."""
        context = self.chromium.new_context(viewport=viewport, locale="en-GB", java_script_enabled=scripts)
        if who != NOBODY or locale != "en":
            context.add_cookies([self._cookie(who, locale)])
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page

    def _cookie(self, who: str, locale: str) -> dict[str, Any]:
        """What a client of its own is given when that person chooses the language."""
        browser = self.world.browser(who)
        browser.post("/staff/language", {"locale": locale})
        cookie = browser.client.get_cookie("mezobeli_staff", path="/staff")
        assert cookie is not None
        return {"name": cookie.key, "value": cookie.value, "url": f"{self.address}/staff"}

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.problems.append(text)

    def shot(self, page: Any, folder: Path | None, name: str) -> None:
        """A picture of the whole page, to be looked at; none without a folder, since each takes its time."""
        if folder is not None:
            page.screenshot(path=folder / f"{name}.png", full_page=True)


@contextmanager
def served(world: World, chromium: Any) -> Iterator[Site]:
    """The console of the world, served by threads of this process, so that its clock is the test's."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(world, f"http://127.0.0.1:{server.server_port}", chromium, [])
    server.shutdown()
    thread.join()


@pytest.fixture
def site(world: World, chromium: Any) -> Iterator[Site]:
    """The console of the test's world; an error in the browser fails the test."""
    with served(world, chromium) as made:
        yield made
    assert made.problems == []


@pytest.fixture
def shots() -> Path | None:
    """The folder that MEZOBELI_SHOTS names, to look at the pictures later."""
    named = os.environ.get("MEZOBELI_SHOTS")
    if not named:
        return None
    Path(named).mkdir(parents=True, exist_ok=True)
    return Path(named)
