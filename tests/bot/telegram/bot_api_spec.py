"""What the Bot API accepts: parameters of the methods that we use, and the checks that Telegram makes of them.

Written after https://core.telegram.org/bots/api (Bot API 9 and 10). A parameter that is not here is refused.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

_MESSAGE = {
    "chat_id": "!int",
    "message_thread_id": "int",
    "disable_notification": "bool",
    "protect_content": "bool",
    "reply_parameters": "json",
    "reply_markup": "json",
}

METHODS: dict[str, dict[str, str]] = {
    "getMe": {},
    "getUpdates": {"offset": "int", "limit": "int", "timeout": "int", "allowed_updates": "json"},
    "setWebhook": {
        "url": "!str",
        "secret_token": "str",
        "allowed_updates": "json",
        "max_connections": "int",
        "drop_pending_updates": "bool",
    },
    "deleteWebhook": {"drop_pending_updates": "bool"},
    "sendMessage": {
        **_MESSAGE,
        "text": "!str",
        "parse_mode": "str",
        "entities": "json",
        "link_preview_options": "json",
    },
    "sendVenue": {**_MESSAGE, "latitude": "!float", "longitude": "!float", "title": "!str", "address": "!str"},
    "sendDocument": {**_MESSAGE, "document": "!file", "caption": "str", "parse_mode": "str"},
    "answerCallbackQuery": {"callback_query_id": "!str", "text": "str", "show_alert": "bool", "cache_time": "int"},
    "editMessageReplyMarkup": {"chat_id": "!int", "message_id": "!int", "reply_markup": "json"},
    "setMyCommands": {"commands": "!json", "scope": "json", "language_code": "str"},
    "setMyDescription": {"description": "str", "language_code": "str"},
    "setMyShortDescription": {"short_description": "str", "language_code": "str"},
}

LANGUAGES = frozenset({"ka", "en", "ru", "az", "hy"})


class Refused(Exception):
    """The Bot API answers with an error."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def bad(description: str) -> Refused:
    """A 400."""
    return Refused(400, f"Bad Request: {description}")


def read_parameters(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """The parameters with their types; raises Refused for unknown, missing and misshapen ones."""
    known = METHODS[method]
    for name in given:
        if name not in known:
            raise bad(f"parameter {name} of {method} is not known")
    for name, kind in known.items():
        if kind.startswith("!") and given.get(name) in (None, ""):
            raise bad(f"parameter {name} of {method} is missing or empty")
    return {name: _typed(name, known[name].lstrip("!"), value) for name, value in given.items()}


def _typed(name: str, kind: str, value: Any) -> Any:
    try:
        match kind:
            case "int":
                return int(value)
            case "float":
                return float(value)
            case "bool":
                return {"true": True, "false": False}[str(value).lower()]
            case "json":
                return json.loads(value)
            case _:
                return value
    except (ValueError, KeyError) as error:
        raise bad(f"parameter {name} is not of type {kind}") from error


class _Entities(HTMLParser):
    """Reads the HTML that Telegram knows; everything else is an error there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"b", "strong", "i", "em", "u", "s", "a", "code", "pre"}:
            raise bad(f"can't parse entities: Unsupported start tag {tag!r}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise bad("can't parse entities: Unmatched end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


def plain(text: str, parse_mode: str | None) -> str:
    """The text without its marks, as Telegram measures and shows it; raises Refused for what it refuses."""
    shown = text
    if parse_mode == "HTML":
        if re.search(r"<(?!/?[a-z])|&(?!(lt|gt|amp|quot|#\d+|#x[0-9a-f]+);)", text):
            raise bad("can't parse entities: a sign that is not escaped")
        reader = _Entities()
        reader.feed(text)
        reader.close()
        if reader.open:
            raise bad("can't parse entities: Can't find end tag")
        shown = reader.text
    if not shown.strip():
        raise bad("message text is empty")
    if len(shown.encode("utf-16-le")) // 2 > 4096:
        raise bad("message is too long")
    return shown


def check_markup(markup: dict[str, Any] | None, *, private: bool) -> None:
    """Refuses keyboards that Telegram refuses."""
    if not markup:
        return
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
            if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
    for row in markup.get("keyboard", []):
        for button in row:
            if button.get("request_location") and not private:
                raise bad("location can be requested in private chats only")


def check_commands(parameters: dict[str, Any]) -> None:
    """Refuses menus that Telegram refuses."""
    if len(parameters["commands"]) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in parameters["commands"]:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def check_language(parameters: dict[str, Any]) -> None:
    """Refuses a language code of no language."""
    if parameters.get("language_code", "ka") not in LANGUAGES:
        raise bad("invalid language code specified")
