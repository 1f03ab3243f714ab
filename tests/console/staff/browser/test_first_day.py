"""The first day: from the one-time link to the first request that is confirmed, in a real browser."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
from sqlalchemy import select

from desk.accounts import codes, passing
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from store import clock
from tests.console.staff.browser.conftest import PHONE, Site, width
from tests.console.staff.world import NOW

PASSWORD = "nine green bottles"


def code(secret: str) -> str:
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()))


def first_link(site: Site) -> str:
    """A link as it is printed at the start, while nobody can sign in."""
    with site.world.database.write() as session:
        token = passing.first_link(session)
    assert token is not None
    return f"{site.address}/staff/link/{token}"


def become_administrator(site: Site, page: Any, shots: Path | None) -> str:
    """Sets the password and the second factor, whose secret it gives back."""
    page.goto(first_link(site))
    site.shot(page, shots, "link")
    page.get_by_label("Your name").fill("Keti")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Once more").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    page.get_by_text("Cannot scan it?").click()
    secret = str(page.locator("#secret").inner_text())
    site.shot(page, shots, "code")
    page.get_by_label("Six digits").fill(code(secret))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/staff/today")
    return secret


def test_from_the_first_link_to_a_confirmed_request(site: Site, shots: Path | None) -> None:
    page = site.page()
    secret = become_administrator(site, page, shots)
    site.shot(page, shots, "today")
    request = page.locator("article.request")
    assert "Beekeeping <b>training</b>" in request.inner_text()
    request.get_by_role("button", name="Confirm").click()
    page.get_by_text("is confirmed").wait_for()
    site.shot(page, shots, "today-confirmed")
    with site.world.database.read() as session:
        assert session.scalars(select(Booking)).one().state == "confirmed"
        assert session.scalars(select(OutboxMessage)).one().kind == "notice"

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/staff/sign-in")
    site.shot(page, shots, "sign-in")
    page.get_by_label("Name or e-mail").fill("Keti")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    with clock.fixed(NOW + timedelta(seconds=codes.STEP)):
        page.get_by_label("Six digits").fill(code(secret))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/staff/today")


def test_declining_on_a_telephone_without_scripts(site: Site, shots: Path | None) -> None:
    page = site.page("here", PHONE, scripts=False)
    page.goto(f"{site.address}/staff/today")
    site.shot(page, shots, "today-phone")
    assert width(page) <= PHONE["width"]
    page.get_by_text("Decline").click()
    page.get_by_label("Or in your own words").fill("The roof leaks")
    site.shot(page, shots, "today-phone-declining")
    page.get_by_role("button", name="Send the refusal").click()
    page.get_by_text("is declined").wait_for()
    page.get_by_role("button", name="ქართული").click()
    page.get_by_text("პასუხს არავინ ელოდება").wait_for()
    site.shot(page, shots, "today-phone-ka")
    with site.world.database.read() as session:
        booking = session.scalars(select(Booking)).one()
    assert (booking.state, booking.decline_reason) == ("declined", "The roof leaks")
