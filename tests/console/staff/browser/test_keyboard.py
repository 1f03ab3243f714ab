"""A member's morning without a mouse: signing in, a request, a booking by hand, an announcement tried out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from desk import contacts
from desk.accounts import passing, passwords
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from desk.staff import StaffMember
from tests.console.staff.browser.conftest import Site

PASSWORD = "nine green bottles"

FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
  return {
    field: ["INPUT", "TEXTAREA"].includes(one.tagName),
    name: (one.getAttribute("aria-label") || label || one.innerText || "").trim(),
    ring: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
    seen: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0,
  };
}"""

MOST_STEPS = 60


def go_to(page: Any, name: str, *, field: bool = False) -> None:
    """Presses Tab until that is in focus. What is in focus on the way is on the screen and shows it."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert (focus["seen"], focus["ring"]) == (True, True), focus
        if focus["name"].startswith(name) and focus["field"] is field:
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


def go_in(page: Any, name: str, leads_to: str | None = None) -> None:
    """Goes there and presses Enter; waits for the address that it leads to."""
    go_to(page, name)
    page.keyboard.press("Enter")
    if leads_to is not None:
        page.wait_for_url(f"**/staff/{leads_to}")


def write(page: Any, name: str, text: str) -> None:
    """Goes to a field and types."""
    go_to(page, name, field=True)
    page.keyboard.type(text)


def prepare(site: Site) -> None:
    """The member has a password and a Telegram account."""
    with site.world.database.write() as session:
        number = site.world.members["here"]
        passing.account_of(session, number).password = passwords.hashed(PASSWORD)
        contact = contacts.find_or_create(session, "telegram", "4711")
        session.get_one(StaffMember, number).linked_contact_id = contact.id


def test_a_morning_with_keys_only(site: Site) -> None:
    prepare(site)
    page = site.page()
    page.goto(f"{site.address}/staff/sign-in")
    page.wait_for_function("document.activeElement.tagName === 'INPUT'")  # as the page itself arranges
    page.keyboard.type("here")
    write(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/today")

    go_in(page, "Go to the content")
    go_in(page, "Confirm")
    page.get_by_text("is confirmed").wait_for()

    page.goto(f"{site.address}/staff/today")
    go_in(page, "Calendar", "calendar")
    go_in(page, "Write down a booking", "calendar/*/new")
    # 2 February, whether the browser writes the day first or the month, and ten in the morning for either clock.
    write(page, "Day", "02022027")
    write(page, "From", "1000a")
    write(page, "Subject", "Chess club")
    write(page, "How many people", "12")
    page.keyboard.press("Enter")
    page.get_by_text("is written down").wait_for()

    go_in(page, "Announcements", "announcements")
    go_in(page, "New announcement", "announcements/new")
    write(page, "Name", "Seeds")
    write(page, "English", "The seeds are here")
    go_to(page, "Kachreti", field=True)  # one's own centre is chosen already
    go_in(page, "Save the draft")
    page.get_by_text("draft", exact=True).wait_for()
    go_in(page, "Send to my Telegram")
    page.get_by_text("A test is on its way").wait_for()
    with site.world.database.read() as session:
        assert session.scalars(select(Booking.state).order_by(Booking.id)).all() == ["confirmed", "tentative"]
        assert session.scalars(select(OutboxMessage).where(OutboxMessage.channel == "telegram")).one().texts
