"""The commands: what each means to the assistant, and how they are described to residents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import structlog
import yaml
from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeDefault
from telegram.error import TelegramError

from bot.telegram.connection import words_of
from knowledge.types import BASE_LOCALES, BaseLocale

log = structlog.get_logger(__name__)

DATA = Path(__file__).parent / "data" / "commands.yaml"
CENTER_PAYLOAD = "center_"
"""``https://t.me/<bot>?start=center_<slug>`` opens the chat at that centre."""

STAFF_PAYLOAD = "staff_"
"""``https://t.me/<bot>?start=staff_<code>`` links the account to the member of staff whose code it is."""

FOR_STAFF: frozenset[str] = frozenset({"today", "announce", "noshow"})
"""Commands that mean something to members of staff only, and stand in no menu (``bot.staff.commands``)."""

COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)

PERSONAL: frozenset[str] = frozenset(
    {
        *("start", "stop", "forget_me", "set_home", "human"),
        *("book_room", "my_bookings", "cancel_booking", "subscribe", "unsubscribe"),
    }
)
"""Intents that are about one person; in a group they are answered with the way to the private chat."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command and the choice that it stands for."""

    name: str
    choice: str
    descriptions: Mapping[BaseLocale, str]


@cache
def _data() -> dict[str, Any]:
    return cast(dict[str, Any], yaml.safe_load(DATA.read_text(encoding="utf-8")))


@cache
def commands() -> Mapping[str, Command]:
    """All commands by name, in the order of the menu."""
    return {
        entry["name"]: Command(
            entry["name"],
            entry["choice"],
            {locale: entry[locale] for locale in BASE_LOCALES},
        )
        for entry in _data()["commands"]
    }


def read_text(text: str, username: str = "") -> tuple[str, str | None]:
    """A written message as words and, where it is a command of ours, the choice that it stands for."""
    text = re.sub(rf"@{re.escape(username)}\b", " ", text, flags=re.IGNORECASE).strip() if username else text
    found = COMMAND.fullmatch(text)
    command = found[1].lower() if found else ""
    rest = (found[3] or "").strip() if found else ""
    if command == "start":
        return "", start_choice(rest)
    if command in commands():
        return rest, commands()[command].choice
    if command in FOR_STAFF:
        return f"/{command} {rest}".strip(), None
    return text.removeprefix("/"), None


def is_personal(choice: str | None) -> bool:
    """Whether a choice is about one person."""
    return choice is not None and choice.removeprefix("intent:") in PERSONAL


def page(part: str) -> Mapping[BaseLocale, str]:
    """A text of the bot's own page, ``about`` or ``short``, in every language."""
    return {locale: _data()[part][locale] for locale in BASE_LOCALES}


def in_private(locale: BaseLocale, link: str) -> str:
    """What is said in a group where a command is about one person."""
    return str(_data()["in_private"][locale]).format(link=link)


def start_choice(payload: str) -> str:
    """The choice that ``/start <payload>`` stands for."""
    code = payload.removeprefix(STAFF_PAYLOAD)
    if code and code != payload:
        return f"desk:link:{code}"
    slug = payload.removeprefix(CENTER_PAYLOAD)
    return f"center:{slug}" if slug and slug != payload else commands()["start"].choice


def _languages() -> Iterator[tuple[BaseLocale, str | None]]:
    # Without a language code a text is what all others see: Georgian. Then each language by itself.
    yield "ka", None
    yield from ((locale, locale) for locale in BASE_LOCALES)


async def publish(bot: Bot) -> None:
    """Tells Telegram the menu and the bot's page in all languages; a failure is logged and nothing more."""
    about, short = page("about"), page("short")
    try:
        for locale, code in _languages():
            menu = [BotCommand(each.name, each.descriptions[locale]) for each in commands().values()]
            shared = [entry for entry in menu if not is_personal(commands()[entry.command].choice)]
            await bot.set_my_commands(menu, BotCommandScopeDefault(), language_code=code)
            await bot.set_my_commands(shared, BotCommandScopeAllGroupChats(), language_code=code)
            await bot.set_my_description(about[locale], language_code=code)
            await bot.set_my_short_description(short[locale], language_code=code)
    except TelegramError as error:
        log.warning("telegram.menu_not_set", error=words_of(error))
