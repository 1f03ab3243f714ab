"""The menu and the bot's page, in five languages."""

from __future__ import annotations

import re

import pytest

from bot.telegram import commands
from knowledge.types import BASE_LOCALES
from tests.bot.telegram.bot_api_server import BotApiServer
from tests.bot.telegram.conftest import Books, FrontMaker
from tests.bot.telegram.updates import text

LETTERS = {"ka": "[ა-ჰ]", "ru": "[а-я]", "hy": "[ա-ֆ]", "az": "[a-zəşçğıöü]", "en": "[a-z]"}


@pytest.mark.parametrize("locale", BASE_LOCALES)
def test_every_text_is_there_in_its_own_letters_and_fits(locale: str) -> None:
    texts = [command.descriptions[locale] for command in commands.commands().values()]  # type: ignore[index]
    about, short = commands.page("about")[locale], commands.page("short")[locale]  # type: ignore[index]
    private = commands.in_private(locale, "https://t.me/x")  # type: ignore[arg-type]
    assert all(3 <= len(each) <= 256 for each in texts)
    assert len(about) <= 512
    assert len(short) <= 120
    assert "https://t.me/x" in private
    assert all(re.search(LETTERS[locale], each.lower()) for each in [*texts, about, short, private])


def test_the_menu_is_set_for_each_language_and_georgian_for_all_others(
    lite: Books, api: BotApiServer, fronts: FrontMaker
) -> None:
    fronts(lite.database)
    api.wait(lambda: len(api.called("setMyShortDescription")) == 6)
    codes = [call.get("language_code") for call in api.called("setMyDescription")]
    assert codes == [None, "ka", "en", "ru", "az", "hy"]
    menus = {(call.get("language_code"), call["scope"]["type"]): call for call in api.called("setMyCommands")}
    assert len(menus) == 12
    assert menus[None, "default"]["commands"] == menus["ka", "default"]["commands"]
    assert len(menus["hy", "default"]["commands"]) == 13
    in_groups = {command["command"] for command in menus["en", "all_group_chats"]["commands"]}
    assert in_groups == {"nearest", "services", "hours", "contact", "events", "language", "help"}


def test_a_menu_that_cannot_be_set_stops_nothing(lite: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    api.trouble("setMyCommands", status=429, description="Too Many Requests", retry_after=3000)
    fronts(lite.database)
    api.push(text("hello"))
    assert api.wait_for_messages(1)[0]["text"] == "you said hello"
