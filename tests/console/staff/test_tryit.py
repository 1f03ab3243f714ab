"""Try it: both telephones inside the console, with and without scripts, and the reasons beside them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.bootstrap import Neighbour
from console.staff import tryit
from console.staff.parts import EXTENSION
from desk.contacts import Contact
from desk.intake import InboundMessage
from tests.console.staff.world import Browser, World


@pytest.fixture
def browser(world: World, neighbour: Neighbour) -> Browser:
    """Where staff of a centre are signed in, and the assistant answers."""
    given = world.app.extensions[EXTENSION]
    world.app.extensions[EXTENSION] = replace(
        given, assistant=neighbour.assistant, knowledge=lambda: neighbour.knowledge.current
    )
    return world.browser("here")


def say(browser: Browser, text: str = "", channel: str = "sms", *, htmx: bool = True, **more: str) -> str:
    form = {"channel": channel, "talk": "a", "text": text, **more}
    came = browser.post("/staff/tryit/say", form, htmx=htmx)
    assert came.status_code == 200
    return came.text


def test_the_answer_comes_with_its_reasons(browser: Browser) -> None:
    part = say(browser, "sad aris uaxloesi centri kachretshi")
    assert "<html" not in part
    reasons = part.split('id="reasons"')[1]
    for what in ("nearest_center", "ka-Latn", "Kachreti", "GSM-7"):
        assert what in reasons, what
    assert "<li>" in reasons.split("Reasons")[1]


def test_it_works_without_scripts(browser: Browser) -> None:
    page = say(browser, "where is the centre in Kachreti", htmx=False)
    assert "<html" in page
    assert 'class="me">where is the centre in Kachreti' in page
    assert "nearest_center" in page


def test_buttons_go_on_with_the_same_talk(browser: Browser) -> None:
    asked = say(browser, "Akhalsopeli", "telegram")
    found = re.search(r'name="shown" value="([^"]+)"><button name="choice" value="([^"]+)" class="choice"', asked)
    assert found is not None
    answered = say(browser, "", "telegram", choice=found[2], shown=found[1])
    assert f'class="me">{found[1]}' in answered
    assert 'class="it"' in answered


def test_a_location_can_be_shared(browser: Browser) -> None:
    part = say(browser, "", "telegram", location="1")
    assert "41.8275, 46.2749" in part
    assert 'class="pin"' in part


def test_what_is_typed_is_text_and_leaves_no_trace(browser: Browser, world: World) -> None:
    assert "&lt;script&gt;" in say(browser, "<script>alert(1)</script>", "telegram")
    with world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(InboundMessage)) == 0
        assert session.scalar(select(func.count()).select_from(Contact)) == 1  # Nino's


def test_who_writes_too_fast_is_told(browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tryit, "MESSAGES_A_MINUTE", 0)
    assert "Slow down" in say(browser, "hello")
    assert "Slow down" in say(browser, "hello", htmx=False)
    assert browser.post("/staff/tryit/say", {"channel": "whatsapp"}).status_code == 400
    assert "nothing was written" in browser.get("/staff/tryit").text.casefold()
