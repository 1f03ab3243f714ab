"""``python -m tests.console.staff.pictures [FOLDER]``: takes the pictures of the console that stand in ``docs/``.

The world is the village of ``story``, the assistant is the one that ships, the browser is the Chromium of this
machine, and ``pictures.yaml`` says what is taken. A picture that is too big for the repository ends the command.
"""

from __future__ import annotations

import argparse
import io
import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from app import bootstrap, settings
from console.staff import words
from knowledge.types import BaseLocale
from store import clock
from tests.console.staff import story
from tests.console.staff.browser.conftest import CHROMIUM, Site, launch, served
from tests.console.staff.world import NOW, World

ROOT = Path(__file__).parents[3]

LIMIT = 200 * 1024
"""Bytes of one picture."""

COLOURS = 128
"""Of one picture: a page has few, and so it is a third as big."""

WIDTH = 1180

WRITES = "en_GB"
"""How the browser writes days and hours in fields, where it has more languages than one (chromium-l10n)."""


@contextmanager
def village(locale: BaseLocale) -> Iterator[World]:
    """The village, with the assistant that ships."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = settings.load(database_url=f"sqlite:///{folder}/village.db", cache_dir=ROOT / "var" / "cache")
        built = bootstrap.build(chosen)
        known = built.knowledge.current
        yield story.world(built.database, known, locale, assistant=built.assistant, reader=lambda: built.reader)
        built.database.close()


def take(site: Site, locale: BaseLocale, wanted: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Takes the pictures. Raises SystemExit for one that is too big, and for an error in the browser."""
    for name, one in wanted.items():
        page = site.page(one["who"], {"width": one.get("width", WIDTH), "height": one["height"]}, locale=locale)
        page.goto(f"{site.address}/staff/{one['path'].format(**site.world.objects)}")
        act(page, one, locale)
        size = keep(page.screenshot(), folder / f"{name}.png")
        page.context.close()
        print(f"{name}.png {size // 1024} KB")  # noqa: T201
        if size > LIMIT:
            raise SystemExit(f"{name}.png is bigger than {LIMIT // 1024} KB: show less of the page")
    if site.problems:
        raise SystemExit("\n".join(site.problems))


def act(page: Any, one: Mapping[str, Any], locale: BaseLocale) -> None:
    """Does what is done before the picture."""
    for what in one.get("press", ()):
        page.locator("main summary, main button").filter(has_text=words.say_in(locale, what)).first.click()
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)  # until what opens has opened
    if "number" in one:
        page.locator("main input[name=number]").fill(one["number"])
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
    if "say" in one:
        page.locator("#sms-text").fill(one["say"][locale])
        page.keyboard.press("Enter")
        page.locator("#reasons li").first.wait_for()


def keep(taken: bytes, path: Path) -> int:
    """Keeps a picture; its bytes."""
    picture = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    return path.stat().st_size


def main() -> None:
    """Reads the options and takes the pictures."""
    from playwright.sync_api import sync_playwright

    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "pictures")
    given.add_argument("--locale", choices=("ka", "en"), default="en")
    given.add_argument("--only", nargs="*", help="names of pictures; without it all are taken")
    options = given.parse_args()
    if CHROMIUM is None:
        raise SystemExit("no Chromium is installed: apt-get install chromium")
    every = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    wanted = {name: one for name, one in every.items() if not options.only or name in options.only}
    options.folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    with clock.fixed(NOW), village(options.locale) as world, sync_playwright() as playwright:
        browser = launch(playwright, LANGUAGE=WRITES, LC_ALL=f"{WRITES}.UTF-8")
        with served(world, browser) as site:
            take(site, options.locale, wanted, options.folder)
        browser.close()


if __name__ == "__main__":
    main()
