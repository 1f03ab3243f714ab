"""Posters: the ways to write to us, in the chosen languages, and what to set where one is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import wording
from console.staff.parts import EXTENSION
from knowledge.types import BASE_LOCALES
from sms_gateway.settings import SmsSettings
from tests.console.staff.world import HERE, THERE, World


def poster(world: World, query: str = "", bot: str = "mezobeli_bot", number: str = "+995322000000") -> str:
    given = world.app.extensions[EXTENSION]
    known = replace(given, bot_name=lambda: bot, sms=SmsSettings(reply_number=number))
    world.app.extensions[EXTENSION] = known
    return world.browser("here").get(f"/staff/posters/{world.center(HERE).id}?{query}").text


def test_everybody_sees_their_own_centres(world: World) -> None:
    page = world.browser("here").get("/staff/posters").text
    assert "Kachreti" in page
    assert "Kabali" not in page
    assert world.browser("here").get(f"/staff/posters/{world.center(THERE).id}").status_code == 403
    assert world.browser("editor").get("/staff/posters").text.count("<li><a href=") > len(world.known.centers)


def test_georgian_by_itself_and_others_where_they_are_chosen(world: World) -> None:
    alone = poster(world)
    assert wording.say("ka", "poster.title") in alone
    assert wording.say("hy", "poster.title") not in alone
    both = poster(world, "language=hy&language=ka&language=xx")
    assert both.index(wording.say("ka", "poster.title")) < both.index(wording.say("hy", "poster.title"))


@pytest.mark.parametrize("language", BASE_LOCALES)
def test_every_language_has_its_sheet(world: World, language: str) -> None:
    page = poster(world, f"language={language}")
    assert 'class="sheet n1"' in page
    assert f'<section lang="{language}">' in page


def test_both_ways_stand_on_it(world: World) -> None:
    page = poster(world)
    assert "@mezobeli_bot" in page
    assert 'src="data:image/svg+xml' in page
    assert "+995322000000" in page
    assert "MEZOBELI_" not in page


def test_what_is_not_known_is_said(world: World) -> None:
    without_bot = poster(world, bot="")
    assert "MEZOBELI_TELEGRAM_NAME" in without_bot
    assert "data:image/svg+xml" not in without_bot
    assert wording.say("ka", "poster.sms_only") in without_bot
    assert "MEZOBELI_SMS_REPLY_NUMBER" in poster(world, number="")
    assert 'class="sheet' not in poster(world, bot="", number="")
