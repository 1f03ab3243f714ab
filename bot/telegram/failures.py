"""What Telegram's errors mean for a message: never, or later."""

from __future__ import annotations

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

_NOT_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"})
"""Errors of the HTTP client after which the request surely never left this machine."""

_GONE = ("chat not found", "user not found", "peer_id_invalid", "chat_id_invalid")


def failure(error: TelegramError) -> Never | Later:
    """The failure that a sender raises for an error of Telegram's.

    The order matters: in python-telegram-bot ``BadRequest`` and ``TimedOut`` are network errors too.
    """
    words = words_of(error)
    match error:
        case Forbidden():
            # "user is deactivated" is an account that was deleted; all others shut the bot out.
            return Never("403", words, suppress="gone" if "deactivated" in words.lower() else "blocked")
        case BadRequest():
            gone = any(sign in words.lower() for sign in _GONE)
            return Never("400", words, suppress="gone" if gone else None)
        case RetryAfter():
            return Later("429", words, after=wait_of(error))
        case TimedOut():
            return Later("timeout", words, unsure=_may_have_left(error))
        case InvalidToken():
            return Later("401", words, after=BAD_TOKEN_WAIT)
        case NetworkError():
            return Later("network", words, unsure=error.__cause__ is not None and _may_have_left(error))
        case _:
            return Later("telegram", words)


def _may_have_left(error: TelegramError) -> bool:
    return type(error.__cause__).__name__ not in _NOT_SENT
