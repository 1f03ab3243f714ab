"""Reports, posters and the telephones in a real browser: looked at, taken away, printed, written to."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from app.bootstrap import Neighbour
from console.staff.parts import EXTENSION
from knowledge.types import BASE_LOCALES
from sms_gateway.settings import SmsSettings
from tests.console.staff.browser.conftest import PHONE, Site, width
from tests.console.staff.test_reports import fill
from tests.console.staff.world import HERE


def test_the_reports_are_seen_and_taken_away(site: Site, shots: Path | None) -> None:
    fill(site.world)
    page = site.page("administrator")
    page.goto(f"{site.address}/staff/reports")
    page.get_by_role("link", name="The last 7 days").click()
    plot = page.get_by_role("img", name="Messages by day and channel")
    assert plot.locator("rect").count() == 3
    page.get_by_text("Table", exact=True).first.click()
    assert page.get_by_role("cell", name="2026-11-24").first.is_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").first.click()
    assert taken.value.path().read_text(encoding="utf-8-sig").startswith("Day,Telegram,SMS,WhatsApp,All\n")
    site.shot(page, shots, "reports")
    small = site.page("here", PHONE)
    small.goto(f"{site.address}/staff/reports")
    site.shot(small, shots, "phone-reports")
    assert width(small) <= PHONE["width"]


def test_a_poster_fits_on_one_sheet(site: Site, shots: Path | None) -> None:
    given = site.world.app.extensions[EXTENSION]
    known = replace(given, bot_name=lambda: "mezobeli_bot", sms=SmsSettings(reply_number="+995322000000"))
    site.world.app.extensions[EXTENSION] = known
    page = site.page("here")
    for count in range(1, len(BASE_LOCALES) + 1):
        chosen = "&".join(f"language={one}" for one in BASE_LOCALES[:count])
        page.goto(f"{site.address}/staff/posters/{site.world.center(HERE).id}?{chosen}")
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, count
        page.emulate_media(media="print")
        site.shot(page, shots, f"poster-{count}")
        page.emulate_media(media="null")  # or it would be printed as it is on the screen
    site.shot(page, shots, "poster-screen")


def test_the_telephone_answers_beside_its_reasons(site: Site, neighbour: Neighbour, shots: Path | None) -> None:
    given = site.world.app.extensions[EXTENSION]
    knowledge = neighbour.knowledge
    site.world.app.extensions[EXTENSION] = replace(
        given, assistant=neighbour.assistant, knowledge=lambda: knowledge.current
    )
    page = site.page("here")
    page.goto(f"{site.address}/staff/tryit")
    field = page.get_by_label("Text message")
    field.fill("where is the centre in Kachreti")
    field.press("Enter")
    page.locator("#reasons").get_by_text("(nearest_center)").wait_for()
    assert page.get_by_label("Text message").input_value() == ""
    chat = page.get_by_label("Message on Telegram")
    chat.fill("Akhalsopeli")
    chat.press("Enter")
    key = page.locator("#telegram-log .keys button").first
    key.click()
    page.locator("#telegram-log .me").nth(1).wait_for()
    assert page.locator("#telegram-log .me").first.inner_text() == "Akhalsopeli"
    site.shot(page, shots, "tryit")
