"""Knowledge and Questions in a real browser: facts changed and taken back, a file carried out, a text taught."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from desk import questions
from knowledge import taught
from knowledge.models import CenterRow, ServedRow
from tests.console.staff.browser.conftest import Site


def test_the_facts_of_a_centre_are_changed_and_taken_back(site: Site, shots: Path | None) -> None:
    page = site.page("here")
    page.goto(f"{site.address}/staff/knowledge")
    site.shot(page, shots, "knowledge")
    page.get_by_role("button", name="Verified today").click()
    page.get_by_text("Marked as verified today.").wait_for()
    page.get_by_role("link", name="Kachreti").click()
    page.get_by_label("Telephone").fill("12")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("Nothing was saved").wait_for()
    site.shot(page, shots, "knowledge-wrong")
    page.get_by_label("Telephone").fill("032 240 54 05")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("Saved. The assistant answers").wait_for()
    site.shot(page, shots, "knowledge-centre")
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("Taken back.").wait_for()
    with site.world.database.read() as session:
        assert session.get_one(CenterRow, site.world.center().id).phone == site.world.center().phone


def test_a_file_is_looked_at_and_carried_out(site: Site, shots: Path | None, tmp_path: Path) -> None:
    page = site.page("editor")
    page.goto(f"{site.address}/staff/knowledge/files")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Served villages, CSV").click()
    path = tmp_path / "served.csv"
    downloading.value.save_as(path)
    path.write_text(path.read_text(encoding="utf-8") + "kachreti,Brand new,,,a call,x\n", encoding="utf-8")
    send(page, path)
    page.get_by_text("Nothing was changed").wait_for()
    site.shot(page, shots, "knowledge-file-wrong")
    path.write_text(path.read_text(encoding="utf-8").replace("a call,x", "a call,24.11.2026"), encoding="utf-8")
    send(page, path)
    page.get_by_text("Added: 1").wait_for()
    site.shot(page, shots, "knowledge-file")
    page.get_by_role("button", name="Carry out").click()
    page.get_by_text("Carried out").wait_for()
    with site.world.database.read() as session:
        assert session.scalars(select(ServedRow).where(ServedRow.village == "Brand new")).one()


def send(page: object, path: Path) -> None:
    """Chooses the file and has it looked at."""
    page.get_by_label("What it holds").select_option("served")  # type: ignore[attr-defined]
    page.get_by_label("File, CSV").set_input_files(path)  # type: ignore[attr-defined]
    page.get_by_role("button", name="See what would change").click()  # type: ignore[attr-defined]


def test_a_question_is_taught_without_scripts(site: Site, shots: Path | None) -> None:
    with site.world.database.write() as session:
        for text in ("donkey taxi please", "Donkey TAXI please!", "ვირის ტაქსი მინდა"):
            questions.keep(session, text, "ka" if text > "z" else "en", "sms", "none")
    page = site.page("editor", scripts=False)
    page.goto(f"{site.address}/staff/questions")
    site.shot(page, shots, "questions")
    page.get_by_role("button", name="Teach: donkey taxi please").click()
    site.shot(page, shots, "questions-teach")
    not_ours = page.locator("article", has=page.get_by_role("heading", name="Not ours"))
    not_ours.get_by_role("button", name="See what would change").click()
    page.get_by_text("Open questions that would be answered: 2 of").wait_for()
    site.shot(page, shots, "questions-effect")
    page.get_by_role("button", name="Teach", exact=True).click()
    page.get_by_text("Open questions that are answered now: 2").wait_for()
    site.shot(page, shots, "questions-taught")
    with site.world.database.read() as session:
        assert [one.intent for one in taught.load(session).values()] == ["none"]
