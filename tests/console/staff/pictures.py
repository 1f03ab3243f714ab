"""``python -m tests.console.staff.pictures [FOLDER]``: takes the pictures of the console that stand in ``docs/``.

The world is the village of ``story``, the assistant is the one that ships; the browser is the Chromium of this
machine. A picture that has become too big for the repository ends the command.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from app import bootstrap, settings
from knowledge.types import BaseLocale
from sms_gateway.settings import SmsSettings
from store import clock
from tests.console.staff import story
from tests.console.staff.browser.conftest import CHROMIUM, PHONE, Site, launch, served
from tests.console.staff.world import NOW, World

ROOT = Path(__file__).parents[3]
LIMIT = 200 * 1024
"""Bytes of one picture."""

COLOURS = 128

WIDTH = 1180
"""Of most pictures: about what an old laptop shows beside its bars."""

Act = Callable[[Any], None]


def nothing(_page: Any) -> None:
    """The page as it opens."""


def ask(page: Any) -> None:
    """A question on the telephone of Try it, and its answer."""
    field = page.locator("#sms-text")
    field.fill({"ka": "pasporti ra gvirdeba", "en": "what do I need for a passport"}[page.locator("html").get_attribute("lang")])
    field.press("Enter")
    page.locator("#reasons li").first.wait_for()


PICTURES: Mapping[str, tuple[str, str, dict[str, int], Act]] = {
    "today": ("here", "today", {"width": WIDTH, "height": 1040}, nothing),
    "today-phone": ("here", "today", PHONE, nothing),
    "calendar": ("here", "calendar", {"width": WIDTH, "height": 900}, nothing),
    "booking": ("here", "calendar/bookings/{booking}", {"width": WIDTH, "height": 700}, nothing),
    "booking-by-hand": ("here", "calendar/{center}/new?at=2026-11-27T11:00", {"width": WIDTH, "height": 800}, nothing),
    "events": ("here", "events", {"width": WIDTH, "height": 820}, nothing),
    "event": ("here", "events/{event}", {"width": WIDTH, "height": 760}, nothing),
    "announcements": ("here", "announcements", {"width": WIDTH, "height": 420}, nothing),
    "announcement-writing": ("here", "announcements/{announcement}/change", {"width": WIDTH, "height": 1250}, nothing),
    "announcement-draft": ("here", "announcements/{announcement}", {"width": WIDTH, "height": 900}, nothing),
    "announcement-running": ("here", "announcements/{running}", {"width": WIDTH, "height": 820}, nothing),
    "knowledge": ("here", "knowledge", {"width": WIDTH, "height": 500}, nothing),
    "knowledge-centre": ("here", "knowledge/centers/{center}", {"width": WIDTH, "height": 900}, nothing),
    "questions": ("editor", "questions", {"width": WIDTH, "height": 900}, nothing),
    "teach": ("editor", "questions/{question}", {"width": WIDTH, "height": 900}, nothing),
    "tryit": ("here", "tryit", {"width": WIDTH, "height": 860}, ask),
    "reports": ("editor", "reports", {"width": WIDTH, "height": 1000}, nothing),
    "people": ("administrator", "people", {"width": WIDTH, "height": 520}, nothing),
    "audit": ("administrator", "audit", {"width": WIDTH, "height": 700}, nothing),
    "account": ("here", "account", {"width": WIDTH, "height": 900}, nothing),
}
"""What is taken: as whom, of which page, how much of it is seen, and what is done before."""


@contextmanager
def village(locale: BaseLocale) -> Iterator[World]:
    """The village, with the assistant that ships."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings.load(database_url=f"sqlite:///{folder}/village.db", cache_dir=ROOT / "var" / "cache")
        built = bootstrap.build(chosen)
        other = {"assistant": built.assistant, "reader": lambda: built.reader, "sms": SmsSettings()}
        yield story.world(built.database, built.knowledge.current, locale, **other)
        built.database.close()


def keep(taken: bytes, path: Path) -> int:
    """Keeps a picture with as few colours as a page has, which makes it a third as big; its bytes."""
    picture = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    return path.stat().st_size


def take(site: Site, locale: BaseLocale, folder: Path) -> None:
    """Takes every picture. Raises SystemExit for one that is too big, and for an error in the browser."""
    for name, (who, path, viewport, act) in PICTURES.items():
        page = site.page(who, viewport, locale=locale)
        page.goto(f"{site.address}/staff/{path.format(**site.world.objects)}")
        act(page)
        size = keep(page.screenshot(), folder / f"{name}.png")
        page.context.close()
        print(f"{name}.png {size // 1024} KB")  # noqa: T201
        if size > LIMIT:
            raise SystemExit(f"{name}.png is bigger than {LIMIT // 1024} KB: show less of the page")
    if site.problems:
        raise SystemExit("\n".join(site.problems))


def main() -> None:
    """Reads the options and takes the pictures."""
    from playwright.sync_api import sync_playwright

    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "pictures")
    given.add_argument("--locale", choices=("ka", "en"), default="en")
    options = given.parse_args()
    if CHROMIUM is None:
        raise SystemExit("no Chromium is installed: apt-get install chromium")
    options.folder.mkdir(parents=True, exist_ok=True)
    with clock.fixed(NOW), village(options.locale) as world, sync_playwright() as playwright:
        browser = launch(playwright)
        with served(world, browser) as site:
            take(site, options.locale, options.folder)
        browser.close()


if __name__ == "__main__":
    main()
