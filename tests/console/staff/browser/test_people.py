"""Taking somebody on who then comes in, and finding and erasing a resident, in a real browser."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from desk.audit import AuditEntry
from desk.contacts import Contact
from tests.console.staff.browser.conftest import PHONE, Site, width
from tests.console.staff.test_people import known_bot

PASSWORD = "nine green bottles"


def test_somebody_is_taken_on_and_a_resident_is_erased(site: Site, shots: Path | None) -> None:
    known_bot(site.world)
    page = site.page("administrator")
    page.goto(f"{site.address}/staff/people")
    site.shot(page, shots, "people")
    page.get_by_role("button", name="Take somebody on").click()
    page.get_by_label("Name").fill("Lali Beridze")
    page.locator("summary", has_text="Centres").click()
    page.get_by_label("Kachreti (Gurjaani)").check()
    page.get_by_label("Language of messages").select_option("en")
    site.shot(page, shots, "people-new")
    page.get_by_role("button", name="Save and show the link").click()
    link = page.locator("#link").inner_text()
    site.shot(page, shots, "people-link")

    theirs = site.page()
    theirs.goto(link)
    theirs.get_by_label("New password").fill(PASSWORD)
    theirs.get_by_label("Once more").fill(PASSWORD)
    theirs.get_by_role("button", name="Save and sign in").click()
    theirs.get_by_text("Beekeeping").wait_for()
    theirs.goto(f"{site.address}/staff/account")
    theirs.get_by_role("button", name="Link a Telegram account").click()
    theirs.get_by_text("t.me/mezobeli_bot").wait_for()
    site.shot(theirs, shots, "people-telegram")

    page.goto(f"{site.address}/staff/people")
    page.get_by_role("link", name="Lali Beridze").click()
    site.shot(page, shots, "people-member")
    page.get_by_role("button", name="Switch off", exact=True).click()
    page.get_by_role("button", name="Yes, switch off").click()
    page.get_by_text("is switched off").first.wait_for()
    theirs.goto(f"{site.address}/staff/today")
    theirs.get_by_role("heading", name="Sign in").wait_for()

    page.goto(f"{site.address}/staff/residents")
    page.get_by_label("Telephone number").fill("555 000 111")
    page.get_by_role("button", name="Find").click()
    page.get_by_text("+995555000111").wait_for()
    site.shot(page, shots, "resident")
    page.get_by_role("button", name="Erase this person").click()
    page.get_by_role("button", name="Yes, erase for good").click()
    page.get_by_text("Erased.").wait_for()
    page.goto(f"{site.address}/staff/audit")
    site.shot(page, shots, "audit")
    with site.world.database.read() as session:
        assert session.scalars(select(Contact)).one().forget_at is not None
        actions = set(session.scalars(select(AuditEntry.action)))
    assert {"add_staff", "switch_off", "look", "erase"} <= actions


def test_a_resident_is_found_on_a_telephone_without_scripts(site: Site) -> None:
    page = site.page("editor", PHONE, scripts=False)
    page.goto(f"{site.address}/staff/residents")
    page.get_by_label("Telephone number").fill("555000111")
    page.get_by_role("button", name="Find").click()
    page.get_by_text("+995555000111").wait_for()
    assert width(page) <= PHONE["width"]


def test_the_audit_is_narrowed_and_taken_away(site: Site) -> None:
    page = site.page("administrator")
    page.goto(f"{site.address}/staff/audit")
    page.get_by_label("Who").select_option("editor")
    page.get_by_label("On what").select_option("event")
    page.get_by_role("button", name="Show").click()
    assert page.locator("tbody tr").count() == 2
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert [line.split(",")[2] for line in taken.value.path().read_text().splitlines()] == [
        "What",
        "announced",
        "wrote",
    ]
