"""Announcements in the console: written with their preview, sent, approved, followed, by those who may."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import desk.announcements
from console import announcing
from console.staff import words
from console.staff.announcements import map as maps
from console.staff.parts import EXTENSION
from console.staff.visitors import LOCALES
from desk import contacts, pauses, settling
from desk.announcements import sending
from desk.announcements.audience import Around, Audience
from desk.announcements.models import Announcement
from desk.messages import Never
from desk.outbox import OutboxMessage
from desk.staff import StaffMember
from knowledge.types import BaseLocale, Locale
from tests.console.staff.world import HERE, THERE, World
from tests.desk.people import claimed

FORM: Mapping[str, Any] = {"name": "Agronomist", "text_en": "Come!", "text_ka": "მოდით!", "center": HERE}


def people(world: World, *locales: Locale) -> None:
    """Residents of the village of "here", who read these languages on SMS."""
    village = next(
        place for place in world.known.places.values() if world.known.center_at(place) == world.center()
    )
    with world.database.write() as session:
        for number, locale in enumerate(locales):
            contact = contacts.find_or_create(session, "sms", f"+99555510000{number}")
            contacts.choose_locale(contact, locale)
            contacts.set_home(contact, village.id)


def link(world: World, who: str) -> None:
    """That member's Telegram account."""
    with world.database.write() as session:
        contact = contacts.find_or_create(session, "telegram", "4711")
        session.get_one(StaffMember, world.members[who]).linked_contact_id = contact.id


def row(world: World, number: int) -> Announcement:
    with world.database.read() as session:
        return session.get_one(Announcement, number)


def written(world: World, who: str = "here", **more: Any) -> int:
    came = world.browser(who).post("/staff/announcements/new", {**FORM, **more})
    assert came.status_code == 303, came.text
    return int(str(came.location).rsplit("/", 1)[1])


def preview(world: World, who: str = "here", **form: Any) -> str:
    came = world.browser(who).post("/staff/announcements/preview", form, htmx=True)
    assert came.status_code == 200
    return came.text


def begin(world: World) -> None:
    """One beat of the sweeps that carry announcements out."""
    with world.database.write() as session:
        assert sending.start_due(session, announcing.prepare_for(lambda: world.known), 500) == 1
    for _ in range(4):
        with world.database.write() as session:
            sending.advance(session)


def test_the_preview_has_the_texts_the_people_and_what_makes_it_dear(world: World) -> None:
    people(world, "en", "ka", "az")
    shown = preview(world, text_en="It’s free. " + "x" * 100, text_ka="მოდით!", center=HERE)
    assert '<dd id="people">3</dd>' in shown
    assert "Segments: 1, GSM-7" in shown
    assert "RIGHT SINGLE QUOTATION MARK" in shown
    assert "2 segments a person instead of 1" in shown
    assert "No text in Azerbaijani: those who read it (1) get the one in Georgian." in shown
    assert "Modit!" in shown  # what a reader of Latin letters gets by SMS
    assert "Kachreti" in shown


def test_a_preview_shows_what_it_can_and_says_what_is_missing(world: World) -> None:
    people(world, "en")
    assert "Write a text in at least one language." in preview(world, center=HERE)
    unaddressed = preview(world, text_en="Come!")
    assert "Choose for whom it is." in unaddressed
    assert "Come!" in unaddressed
    assert '<dd id="people">0</dd>' in unaddressed
    assert "Kilometres are a number" in preview(world, text_en="Come!", around=HERE, km="far")
    assert "needs the day and hour" in preview(world, text_en="{date}", center=HERE)
    assert "{nobody}" in preview(world, text_en="{nobody}", center=HERE)


def test_staff_of_a_centre_learn_nothing_of_other_people(world: World) -> None:
    people(world, "en")
    for wanted in ({"center": HERE}, {"everyone": "on"}, {"topic": "agriculture"}, {"around": HERE, "km": "5"}):
        shown = preview(world, "there", text_en="Come!", **wanted)
        assert '<dd id="people">0</dd>' in shown, wanted
        assert "your own centres" in shown
        assert (
            world.browser("there").post("/staff/announcements/new", {**FORM, "center": "", **wanted}).status_code
            == 400
        )


def test_the_form_offers_only_what_one_may_choose(world: World) -> None:
    own = world.browser("here").get("/staff/announcements/new").text
    assert f'value="{HERE}" checked' in own
    assert f'value="{THERE}"' not in own
    assert 'name="everyone"' not in own
    every = world.browser("editor").get("/staff/announcements/new").text
    assert f'value="{THERE}"' in every
    assert 'name="everyone"' in every


def test_without_scripts_the_form_comes_back_whole_with_its_preview(world: World) -> None:
    people(world, "en")
    form = {**FORM, "expires": "2026-11-28T12:00", "urgent": "on", "around": HERE, "km": "7.5", "language": "en"}
    page = world.browser("here").post("/staff/announcements/preview", form).text
    for part in (
        'value="Agronomist"',
        ">Come!</textarea>",
        'value="2026-11-28T12:00"',
        'value="7.5"',
        'name="urgent" checked',
    ):
        assert part in page
    assert '<dd id="people">1</dd>' in page


def test_a_mistake_keeps_what_was_written(world: World) -> None:
    came = world.browser("here").post(
        "/staff/announcements/new", {**FORM, "name": "", "expires": "2020-01-01T10:00"}
    )
    assert came.status_code == 400
    assert "needs a name" in came.text
    assert ">Come!</textarea>" in came.text


def test_a_draft_is_kept_changed_and_shown_as_text(world: World) -> None:
    number = written(world, text_en="<b>Come</b> {{now}}", about="2026-11-28T15:00")
    kept = row(world, number)
    assert (kept.state, kept.created_by, kept.about) == (
        "draft",
        "staff:here",
        datetime(2026, 11, 28, 11, 0, tzinfo=UTC),
    )
    browser = world.browser("here")
    assert "&lt;b&gt;Come&lt;/b&gt; {now}" in browser.get(f"/staff/announcements/{number}").text
    assert "&lt;b&gt;Come&lt;/b&gt; {{now}}" in browser.get(f"/staff/announcements/{number}/change").text
    came = browser.post(f"/staff/announcements/{number}/change", {**FORM, "name": "Seeds", "text_ka": ""})
    assert came.status_code == 303
    assert (row(world, number).name, list(row(world, number).texts)) == ("Seeds", ["en"])


def test_it_is_scheduled_in_the_time_of_tbilisi_and_taken_back(world: World) -> None:
    people(world, "en")
    number, browser = written(world), world.browser("here")
    browser.post(f"/staff/announcements/{number}/send", {"when": "at", "at": "2026-11-25T10:30"})
    kept = row(world, number)
    assert (kept.state, kept.send_at) == ("scheduled", datetime(2026, 11, 25, 6, 30, tzinfo=UTC))
    assert "Wednesday, 25 November, 10:30" in browser.get(f"/staff/announcements/{number}").text
    assert browser.get(f"/staff/announcements/{number}/change").status_code == 303
    browser.post(f"/staff/announcements/{number}/steps/recall")
    assert row(world, number).state == "draft"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [({"when": "now"}, "It would reach nobody"), ({"when": "at", "at": ""}, "Choose a day and an hour.")],
)
def test_what_cannot_be_sent_says_why(world: World, form: dict[str, str], sentence: str) -> None:
    number, browser = written(world), world.browser("here")
    came = browser.post(f"/staff/announcements/{number}/send", form)
    assert came.status_code == 303
    assert sentence in browser.get(f"/staff/announcements/{number}").text
    assert row(world, number).state == "draft"


def test_many_people_need_a_second_member_of_staff(world: World) -> None:
    world.app.extensions[EXTENSION] = replace(world.app.extensions[EXTENSION], approval_from=1)
    people(world, "en")
    number = written(world)
    world.browser("here").post(f"/staff/announcements/{number}/send", {"when": "now"})
    assert row(world, number).state == "approving"
    mine = world.browser("here").get(f"/staff/announcements/{number}").text
    assert "Who may: administrator, editor, half." in mine
    assert "steps/approve" not in mine
    world.browser("here").post(f"/staff/announcements/{number}/steps/approve")
    assert row(world, number).state == "approving"
    assert "steps/approve" in world.browser("editor").get(f"/staff/announcements/{number}").text
    world.browser("editor").post(f"/staff/announcements/{number}/steps/approve")
    assert (row(world, number).state, row(world, number).approved_by) == ("scheduled", "staff:editor")


def test_a_test_goes_to_ones_own_account(world: World) -> None:
    number, browser = written(world), world.browser("here")
    assert "link it first, under your account" in browser.get(f"/staff/announcements/{number}").text
    browser.post(f"/staff/announcements/{number}/test")
    with world.database.read() as session:
        assert session.scalars(select(OutboxMessage)).all() == []
    link(world, "here")
    browser.post(f"/staff/announcements/{number}/test", {"language": "en"})
    with world.database.read() as session:
        (message,) = session.scalars(select(OutboxMessage)).all()
    assert (message.channel, list(message.texts), message.announcement_id) == ("telegram", ["Come!"], None)


def test_it_is_followed_paused_resumed_and_cancelled(world: World) -> None:
    people(world, "en", "ka")
    number, browser = written(world), world.browser("here")
    browser.post(f"/staff/announcements/{number}/send", {"when": "now"})
    begin(world)
    page = browser.get(f"/staff/announcements/{number}").text
    assert "0 of 2 people" in page
    assert "SMS, Georgian" in page
    assert "0 of 2 people" in browser.get("/staff/announcements").text
    part = f"/staff/announcements/{number}/progress?state=running"
    assert "every 4s" in browser.get(part, htmx=True).text
    browser.post(f"/staff/announcements/{number}/steps/pause")
    assert browser.get(part, htmx=True).headers["HX-Refresh"] == "true"
    assert "A member of staff paused it." in browser.get(f"/staff/announcements/{number}").text
    browser.post(f"/staff/announcements/{number}/steps/resume")
    with world.database.read() as session:
        assert not pauses.is_paused(session, number)
    browser.post(f"/staff/announcements/{number}/steps/cancel")
    assert row(world, number).state == "cancelled"
    browser.post(f"/staff/announcements/{number}/steps/pause")
    assert (
        "Already" in browser.get(f"/staff/announcements/{number}").text
        or "cannot be done now" in browser.get(f"/staff/announcements/{number}").text
    )


@pytest.mark.parametrize("kind", ["world", "postgres_world"])
def test_results_say_why_in_words(kind: str, request: pytest.FixtureRequest) -> None:
    world: World = request.getfixturevalue(kind)
    people(world, "en", "ka")
    number, browser = written(world), world.browser("here")
    browser.post(f"/staff/announcements/{number}/send", {"when": "now"})
    begin(world)
    with world.database.write() as session:
        for message in claimed(session):
            code = "30005" if "Come!" in message.texts[0] else "99999"
            settling.settle(session, message, Never(code, "the carrier's own words"), "test")
    page = browser.get(f"/staff/announcements/{number}").text
    assert "2 of 2 people" in page
    assert "SMS, English: no handset has this number any more (1)" in page
    assert "SMS, Georgian: the carrier&#39;s own words (1)" in page


def test_everybody_sees_the_announcements_to_their_own_people_only(world: World) -> None:
    for who, sees in (("here", True), ("there", False), ("editor", True)):
        assert ("Seeds &lt;i&gt;" in world.browser(who).get("/staff/announcements").text) is sees


def test_the_map_shows_the_centres_that_are_reached(world: World) -> None:
    known = world.known
    assert len(maps.reached(Audience(everyone=True), known)) == len(known.centers)
    assert [one.slug for one in maps.reached(Audience(centers=(HERE,)), known)] == [HERE]
    near = Audience(around=(Around(HERE, 30),))
    reached = maps.reached(near, known)
    assert HERE in [one.slug for one in reached]
    assert len(reached) < len(known.centers)
    drawn = maps.draw(near, reached, known)
    assert sum(dot.reached for dot in drawn.dots) == len(reached)
    assert all(0 <= dot.x <= drawn.width and 0 <= dot.y <= drawn.height for dot in drawn.dots)
    (circle,) = drawn.circles
    assert 10 < circle.radius < 60
    both = Audience(centers=(HERE,), municipalities=("Batumi",))
    assert maps.reached(both, known) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_refusal_has_its_words(locale: BaseLocale) -> None:
    console = Path(announcing.__file__)
    folders = (Path(desk.announcements.__file__).parent, console.parent / "staff" / "announcements")
    sources = [*(path for folder in folders for path in folder.glob("*.py")), console]
    raised = re.compile(r'(?:BadAnnouncement|Move|Moved|NotAllowed|CannotTest)\([^\n]*, "([a-z_]+)"[,)]')
    codes = {code for path in sources for code in raised.findall(path.read_text(encoding="utf-8"))}
    assert {"no_name", "no_audience", "nobody", "already", "stopped", "not_yours", "moment"} <= codes
    assert [code for code in sorted(codes) if f"announcements.refused.{code}" not in words.catalogue(locale)] == []
