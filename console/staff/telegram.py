"""Links that open our bot on Telegram, and the pictures of them that a telephone's camera reads."""

from __future__ import annotations

from dataclasses import dataclass

from bot.telegram.commands import CENTER_PAYLOAD, STAFF_PAYLOAD
from console.staff import qr
from console.staff.parts import parts

SITE = "https://t.me/"


@dataclass(frozen=True, slots=True)
class Way:
    """A way into the chat: what to send the bot, and where its name is known, a link and its picture."""

    command: str
    link: str = ""
    picture: str = ""


def to_center(slug: str) -> Way:
    """The chat that opens at a centre."""
    return _way(CENTER_PAYLOAD + slug)


def to_member(code: str) -> Way:
    """The chat that links the account to the member of staff whose code it is."""
    return _way(STAFF_PAYLOAD + code)


def _way(payload: str) -> Way:
    name, command = parts().bot_name(), f"/start {payload}"
    if not name:
        return Way(command)
    link = f"{SITE}{name}?start={payload}"
    return Way(command, link, qr.picture(link))
