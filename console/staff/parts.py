"""What the console is made of: handed over once by ``app.web``, read by every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app

from bot.understanding.reader import Reader
from desk.halls.news import Tell
from desk.messages import Assistant
from desk.posting import Post
from knowledge.snapshot import Snapshot
from sms_gateway.settings import SmsSettings
from store.database import Database

EXTENSION = "mezobeli-staff"
"""Under this name the parts stand in ``app.extensions``."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the console.

    ``tell`` is told of every change to a booking, ``post`` writes to one person. ``reader`` reads texts
    as the assistant does. ``price_tetri`` is that of one
    SMS segment, None where nobody has set it; from ``approval_from`` people on an announcement needs a second
    member of staff. ``public_url`` is empty where nobody has set it. ``secret_key`` signs cookies; without one a
    key is made and kept in the database. ``bot_name`` gives the Telegram bot's name, empty while nobody knows it.
    """

    database: Database
    knowledge: Callable[[], Snapshot]
    tell: Tell
    post: Post
    assistant: Assistant
    reader: Callable[[], Reader]
    sms: SmsSettings
    price_tetri: float | None = None
    approval_from: int = 500
    public_url: str = ""
    secret_key: str | None = None
    bot_name: Callable[[], str] = str

    @property
    def is_secure(self) -> bool:
        """Whether people reach the console by https, so that cookies may insist on it."""
        return self.public_url.startswith("https://")


def parts() -> Parts:
    """The parts of the application that answers this request."""
    return cast(Parts, current_app.extensions[EXTENSION])
