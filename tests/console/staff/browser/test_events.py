"""Events in a real browser: written, announced, moved with the number of people to be told, and printed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from desk import contacts
from desk.events import attending, subscriptions
from desk.events.models import Event, EventNews
from desk.events.subscriptions import Wish
from tests.console.staff.browser.conftest import PHONE, Site, width
from tests.console.staff.world import HERE


def neighbours(site: Site) -> None:
    """Somebody wants to hear of the centre's events, and somebody comes to this evening's with two more."""
    with site.world.database.write() as session:
        nino = contacts.find_or_create(session, "sms", "+995555000444")
        subscriptions.subscribe(session, nino, Wish("center", HERE))
        gia = contacts.find_or_create(session, "sms", "+995555000777")
        attending.join(session, gia, site.world.objects["occurrence"], 3)


def test_from_a_draft_to_a_weekly_course_that_people_are_told_of(site: Site, shots: Path | None) -> None:
    neighbours(site)
    page = site.page("here")
    page.goto(f"{site.address}/staff/events")
    site.shot(page, shots, "events")
    page.get_by_role("link", name="New event").click()
    page.get_by_label("Title (ქართული)").fill("ჭადრაკის წრე")
    page.get_by_text("English", exact=True).click()
    page.get_by_label("Title (English)").fill("Chess club")
    page.get_by_label("Day", exact=True).fill("2026-12-01")
    page.get_by_label("From", exact=True).fill("18:00")
    page.get_by_label("To", exact=True).fill("20:00")
    page.get_by_label("How often").select_option("weekly")
    page.get_by_label("Or so many times").fill("4")
    site.shot(page, shots, "events-form")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_text("every week, 4 times").wait_for()
    page.get_by_role("link", name="Announce", exact=True).click()
    page.get_by_text("told of the new event: 1.").wait_for()
    site.shot(page, shots, "events-announce")
    page.get_by_role("button", name="Announce and tell").click()
    page.get_by_text("The event is announced.").wait_for()
    site.shot(page, shots, "events-show")
    with site.world.database.read() as session:
        assert session.scalars(select(EventNews)).one().kind == "announced"


def test_moving_an_event_and_its_sheet_on_a_telephone_without_scripts(site: Site, shots: Path | None) -> None:
    neighbours(site)
    page = site.page("here", PHONE, scripts=False)
    page.goto(f"{site.address}/staff/events")
    page.get_by_role("link", name="Sewing circle").click()
    site.shot(page, shots, "events-phone-show")
    page.get_by_role("link", name="Change the event").click()
    assert width(page) <= PHONE["width"]
    site.shot(page, shots, "events-phone-form")
    page.get_by_label("From", exact=True).fill("17:00")
    page.get_by_label("To", exact=True).fill("18:30")
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("new time or place: 1.").wait_for()
    site.shot(page, shots, "events-phone-ask")
    page.get_by_role("button", name="Save and tell").click()
    page.get_by_text("People who are being told: 1.").wait_for()
    page.get_by_role("listitem").get_by_role("link", name="24 November").click()
    page.get_by_role("heading", name="Coming: 3").wait_for()
    site.shot(page, shots, "events-phone-coming")
    page.get_by_role("link", name="Sheet to sign").click()
    assert page.get_by_text("number …777").count() == 3
    page.set_viewport_size({"width": 800, "height": 1000})
    page.emulate_media(media="print")
    site.shot(page, shots, "events-sheet-print")
    with site.world.database.read() as session:
        assert session.scalars(select(Event)).one().state == "changed"
