"""What the Telegram front is told at its start, and what it tells of itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Say = Callable[..., str]
"""``say(locale, message_id, **values)``: a sentence of the catalogues (see ``bot.wording``)."""

Mode = Literal["polling", "webhook"]

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that Telegram is asked for; all others, such as channel posts, it keeps to itself."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PATH = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """How to reach the Bot API and how patient to be. Times are in seconds where no ``timedelta`` is written.

    ``webhook_path`` and ``webhook_secret`` are letters, digits, ``_`` and ``-``; Telegram calls
    ``<public_url>/telegram/<webhook_path>``. ``hotline`` is the number that the apology names.
    ``messages_per_second`` is the pace of the delivery loop, over all processes together.
    """

    token: str
    api_base: str = "https://api.telegram.org"
    mode: Mode = "polling"
    public_url: str = ""
    webhook_path: str = "updates"
    webhook_secret: str = ""
    hotline: str = ""
    poll_timeout: int = 25
    request_timeout: float = 10.0
    parallel: int = 8
    messages_per_second: float = 25.0
    first_pause: float = 0.5
    longest_pause: float = 60.0
    flood_patience: float = 30.0
    lane_patience: float = 30.0
    lease: timedelta = timedelta(minutes=3)

    def __post_init__(self) -> None:
        """Raises ValueError with a sentence that says how to mend the settings."""
        if self.mode == "polling":
            return
        if not self.public_url:
            raise ValueError("webhook mode needs the public address of this server, such as https://example.org")
        if not _SECRET.fullmatch(self.webhook_secret):
            raise ValueError("the webhook secret is 1 to 256 letters, digits, underscores and hyphens")
        if not _PATH.fullmatch(self.webhook_path):
            raise ValueError("the webhook path is 1 to 64 letters, digits, underscores and hyphens")

    @property
    def webhook_url(self) -> str:
        """The address that Telegram calls in webhook mode."""
        return f"{self.public_url.rstrip('/')}/telegram/{self.webhook_path}"


@dataclass(frozen=True, slots=True)
class Health:
    """How the front fares. ``last_heard`` is the last poll that succeeded, or the last call of the webhook.

    ``outage`` says in one word or two what does not work at the moment; None when all is well.
    """

    mode: Mode
    running: bool
    last_heard: datetime | None
    outage: str | None
