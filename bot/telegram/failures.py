"""What Telegram's errors mean for a message: never, or later. Its refusals stand in ``bot/data``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram.connection import wait_of, words_of
from desk.messages import Later, Never

BAD_TOKEN_WAIT = 60.0

GATEWAY_TIMEOUT = "Gateway Timeout"
"""In the words of an answer (504) after which nobody knows what Telegram did; 500 and 502 are taken for a no."""

_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"})
"""Errors of the HTTP client after which the request surely never left this machine."""

DATA = Path(__file__).parent / "data"


def failure(error: TelegramError) -> Never | Later:
    """The failure that a sender raises for an error of Telegram's.

    The order matters: in python-telegram-bot ``BadRequest`` and ``TimedOut`` are network errors too.
    """
    words = words_of(error)
    match error:
        case Forbidden():
            return _refused(403, words)
        case BadRequest():
            return _refused(400, words)
        case RetryAfter():
            return Later("429", words, after=wait_of(error), scope="address")
        case TimedOut():
            return Later("timeout", words, unsure=_may_have_left(error), scope="carrier")
        case InvalidToken():
            return Later("401", words, after=BAD_TOKEN_WAIT, scope="carrier")
        case NetworkError():
            unsure = GATEWAY_TIMEOUT in words or (error.__cause__ is not None and _may_have_left(error))
            return Later("network", words, unsure=unsure, scope="carrier")
        case _:
            return Later("telegram", words)


def _refused(status: int, words: str) -> Never:
    row = next(row for row in table("errors")[status] if row["says"] in words.lower())
    return Never(str(status), f"{row['words']} ({words})", suppress=row.get("suppress"))


@cache
def table(name: str) -> dict[Any, Any]:
    """The table of that name, read once from ``bot/telegram/data/<name>.yaml``."""
    rows: dict[Any, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return rows


def _may_have_left(error: TelegramError) -> bool:
    return type(error.__cause__).__name__ not in _NOT_SENT
