"""An announcement in a real browser: written beside its preview, addressed, scheduled; and on a telephone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from desk import audit, contacts, settling
from desk.announcements import life
from desk.announcements.models import Announcement
from desk.messages import Channel, Never
from knowledge.types import Locale
from tests.console.staff.browser.conftest import PHONE, Site, width
from tests.console.staff.test_announcements import begin
from tests.desk.people import claimed

READERS: tuple[tuple[Channel, Locale], ...] = (("sms", "ka"), ("sms", "en"), ("telegram", "en"))


def villagers(site: Site) -> None:
    """Three people of Kachreti, who read two languages."""
    known = site.world.known
    village = next(one for one in known.places.values() if known.center_at(one) == site.world.center())
    with site.world.database.write() as session:
        for number, locale in enumerate(("ka", "en", "en")):
            contact = contacts.find_or_create(
                session, "telegram" if number == 2 else "sms", f"+99555510000{number}"
            )
            contacts.choose_locale(contact, locale)  # type: ignore[arg-type]
            contacts.set_home(contact, village.id)


def test_writing_beside_the_preview_and_scheduling(site: Site, shots: Path | None) -> None:
    villagers(site)
    page = site.page("editor")
    page.goto(f"{site.address}/staff/announcements")
    page.get_by_role("link", name="Seeds").wait_for()
    site.shot(page, shots, "announcements")
    page.get_by_role("button", name="New announcement").click()
    page.get_by_label("Name").fill("Agronomist")
    page.get_by_label("English").first.press_sequentially("It’s here. " + "x" * 10)
    page.get_by_text("xxxxxxxxxx").first.wait_for()
    assert page.locator("#people").inner_text() == "0"
    page.get_by_text("Choose for whom it is.").wait_for()

    page.get_by_label("English").first.fill("The agronomist’s in {center} on {name_of_day}, {date}, at {time}.")
    page.get_by_label("The day and hour that it is about").fill("2026-11-28T15:00")
    page.get_by_text("Centres", exact=True).first.click()
    page.get_by_label("Kachreti").first.check()
    page.get_by_text("The agronomist's in Kachreti on Saturday, 28 November, at 15:00.").wait_for()
    page.wait_for_function("document.querySelector('#people').textContent === '3'")
    assert page.locator("svg.map circle.reached").count() == 1
    assert (
        "No text in Georgian: those who read it (1) get the one in English."
        in page.locator("#preview").inner_text()
    )
    site.shot(page, shots, "announcements-writing")

    page.get_by_role("button", name="Save the draft").click()
    page.get_by_text("Nobody has been sent it yet.").wait_for()
    site.shot(page, shots, "announcements-draft")
    page.get_by_label("Day and hour (Tbilisi)").fill("2026-11-25T10:30")
    page.get_by_role("button", name="Schedule").click()
    page.get_by_text("It is scheduled").wait_for()
    site.shot(page, shots, "announcements-scheduled")
    with site.world.database.read() as session:
        row = session.scalars(select(Announcement).where(Announcement.name == "Agronomist")).one()
        assert (row.state, row.send_at) == ("scheduled", datetime(2026, 11, 25, 6, 30, tzinfo=UTC))


def test_on_a_telephone_without_scripts(site: Site, shots: Path | None) -> None:
    villagers(site)
    page = site.page("here", PHONE, scripts=False)
    page.goto(f"{site.address}/staff/announcements/new")
    page.get_by_label("English").first.fill("The seeds are here")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("The seeds are here").first.wait_for()
    assert page.locator("#people").inner_text() == "3"
    assert width(page) <= PHONE["width"]
    site.shot(page, shots, "announcements-phone")
    page.get_by_label("Name").fill("Seeds")
    page.get_by_role("button", name="ქართული").click()
    page.goto(f"{site.address}/staff/announcements/new")
    page.get_by_label("ქართული").first.fill("თესლი მოვიდა: „იმერეთი“")
    page.get_by_role("button", name="ჩვენება").click()
    assert width(page) <= PHONE["width"]
    site.shot(page, shots, "announcements-phone-ka")


def test_the_progress_is_looked_at_again(site: Site, shots: Path | None) -> None:
    villagers(site)
    database, number = site.world.database, site.world.objects["announcement"]
    with database.write() as session:
        row = session.get_one(Announcement, number)
        life.send(session, row, audit.staff("editor"), people=3, approval_from=10)
    begin(site.world)
    page = site.page("here")
    page.goto(f"{site.address}/staff/announcements/{number}")
    page.get_by_text("0 of 3 people").wait_for()
    page.get_by_text("Cancel", exact=True).click()
    with database.write() as session:
        (message,) = claimed(session, 1)
        settling.settle(session, message, Never("30005", "no handset"), "test")
    page.get_by_text("1 of 3 people").wait_for()
    site.shot(page, shots, "announcements-running")
    with database.write() as session:
        life.pause(session, session.get_one(Announcement, number), audit.staff("editor"))
    page.locator("h1 .badge.paused").wait_for()
