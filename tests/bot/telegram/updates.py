"""Updates as Telegram writes them."""

from __future__ import annotations

import itertools
import time
from typing import Any

from tests.bot.telegram.bot_api_server import BOT

Json = dict[str, Any]
NINO = 700_001
GIORGI = 700_002
GROUP = -100_555
_numbers = itertools.count(1)


def user(number: int = NINO, language: str | None = "ka") -> Json:
    """A resident's account."""
    made: Json = {"id": number, "is_bot": False, "first_name": "ნინო"}
    return {**made, "language_code": language} if language else made


def chat(number: int) -> Json:
    """A private chat for a positive number, else a group."""
    return (
        {"id": number, "type": "private"}
        if number > 0
        else {"id": number, "type": "supergroup", "title": "სოფელი"}
    )


def message(
    number: int = NINO, *, message_id: int | None = None, sender: Json | None = None, **content: Any
) -> Json:
    """A message with that content in the chat of that number."""
    return {
        "message_id": message_id or next(_numbers),
        "date": int(time.time()),
        "chat": chat(number),
        "from": sender or user(abs(number) if number > 0 else NINO),
        **content,
    }


def update(**what: Any) -> Json:
    """An update with the next number."""
    return {"update_id": 10_000 + next(_numbers), **what}


def text(words: str, number: int = NINO, **more: Any) -> Json:
    """Somebody writes."""
    entities = []
    for part in words.split():
        start = len(words[: words.index(part)].encode("utf-16-le")) // 2
        if part.startswith("@"):
            entities.append({"type": "mention", "offset": start, "length": len(part)})
        elif part.startswith("/") and start == 0:
            entities.append({"type": "bot_command", "offset": 0, "length": len(part)})
    content: Json = {"text": words, **more}
    if entities:
        content["entities"] = entities
    return update(message=message(number, **content))


def edited(of: Json, words: str) -> Json:
    """The same message with other words."""
    changed = {**of["message"], "text": words, "edit_date": int(time.time())}
    return update(edited_message=changed)


def location(latitude: float, longitude: float, number: int = NINO, **more: Any) -> Json:
    """Somebody shares where they are."""
    return update(message=message(number, location={"latitude": latitude, "longitude": longitude, **more}))


def pressed(data: str, number: int = NINO, *, query: str | None = None, under: Json | None = None) -> Json:
    """Somebody presses a button under a message of the bot."""
    shown = {key: under[key] for key in ("message_id", "date", "chat", "text")} if under else {}
    below = {**message(number, text="?", sender=BOT), **shown, "chat": chat(number)}
    query = query or f"q{next(_numbers)}"
    return update(
        callback_query={"id": query, "from": user(), "chat_instance": "1", "data": data, "message": below}
    )


def member(status: str, number: int = NINO) -> Json:
    """A chat changes what the bot is in it."""
    before: Json = {"user": BOT, "status": "member"}
    after: Json = {"user": BOT, "status": status, **({"until_date": 0} if status == "kicked" else {})}
    return update(
        my_chat_member={
            "chat": chat(number),
            "from": user(),
            "date": int(time.time()),
            "old_chat_member": before,
            "new_chat_member": after,
        }
    )


def reply_to_bot(words: str, number: int = GROUP) -> Json:
    """Somebody answers a message of the bot."""
    made = text(words, number)
    made["message"]["reply_to_message"] = message(number, text="?", sender=BOT)
    return made
