"""The calendar's main job in a real browser: booking for somebody who came in person, and looking at the week."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from desk.halls.bookings import Booking
from tests.console.staff.browser.conftest import PHONE, Site, width


def test_booking_for_somebody_who_came_in_person(site: Site, shots: Path | None) -> None:
    page = site.page("here")
    page.goto(f"{site.address}/staff/calendar")
    site.shot(page, shots, "calendar-week")
    page.get_by_label("Book: Thursday, 26 November, 10:00").click()
    page.get_by_label("Subject").fill("Chess club")
    page.get_by_label("How many people").fill("12")
    page.get_by_label("Day").fill("2026-11-27")
    page.get_by_label("From").fill("16:00")
    page.get_by_role("button", name="Book", exact=True).click()
    page.get_by_text("it is taken").wait_for()
    site.shot(page, shots, "calendar-taken")
    page.get_by_label("Subject").press("Enter")  # is no choice of another time
    page.get_by_text("it is taken").wait_for()
    page.get_by_role("button", name="Friday, 27 November, 13:00").click()
    page.get_by_text("is written down").wait_for()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("is confirmed").wait_for()
    site.shot(page, shots, "calendar-booking")
    page.get_by_role("link", name="‹ Calendar").click()
    assert page.locator("td.booking.confirmed").inner_text().split("\n")[-1] == "confirmed"
    site.shot(page, shots, "calendar-week-after")
    page.emulate_media(media="print")
    site.shot(page, shots, "calendar-print")
    with site.world.database.read() as session:
        assert [row.state for row in session.scalars(select(Booking).order_by(Booking.id))] == [
            "tentative",
            "confirmed",
        ]


def test_the_calendar_on_a_telephone_is_a_list(site: Site, shots: Path | None) -> None:
    page = site.page("here", PHONE, scripts=False)
    page.goto(f"{site.address}/staff/calendar")
    assert not page.locator("table.hall").is_visible()
    assert width(page) <= PHONE["width"]
    site.shot(page, shots, "calendar-phone")
    page.get_by_role("link", name="Beekeeping").click()
    page.get_by_role("heading", name="Beekeeping").wait_for()
    site.shot(page, shots, "calendar-phone-booking")
    page.get_by_text("Cancel the booking").click()
    page.get_by_role("button", name="Cancel and tell the person").click()
    page.get_by_text("is cancelled").wait_for()
    page.goto(f"{site.address}/staff/calendar?day=2026-12-30")
    assert page.locator(".of-day .holiday").count() == 2
    site.shot(page, shots, "calendar-phone-holidays")
    page.goto(f"{site.address}/staff/calendar?day=2026-11-27&view=day")
    site.shot(page, shots, "calendar-phone-day")
    page.goto(f"{site.address}/staff/calendar/{site.world.center().id}/new")
    assert width(page) <= PHONE["width"]
    site.shot(page, shots, "calendar-phone-new")
