"""The connection to the Bot API, and the pauses that are made while it is down."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import re
from collections.abc import Coroutine
from datetime import timedelta
from ipaddress import ip_address
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import structlog
from telegram import Bot
from telegram.error import RetryAfter
from telegram.request import HTTPXRequest

from bot.telegram.settings import TelegramSettings

T = TypeVar("T")
log = structlog.get_logger(__name__)

_TOKEN = re.compile(r"\d+:[\w-]{8,}")
SENDING_CONNECTIONS = 96
"""As many as the delivery loop has messages on their way, and some for the front's own replies."""

# The library's own switch to what its next version does: waits as timedelta, and no warning at each of them.
os.environ.setdefault("PTB_TIMEDELTA", "true")


class Connection(NamedTuple):
    """A bot and the HTTP clients that it uses."""

    bot: Bot
    clients: tuple[HTTPXRequest, HTTPXRequest]

    async def close(self) -> None:
        """Closes the clients; the bot cannot be used any more."""
        for client in self.clients:
            await client.shutdown()


def connect(settings: TelegramSettings) -> Connection:
    """A bot for those settings; nothing is asked of Telegram yet."""
    for chatty in ("httpx", "httpcore"):
        # They write the whole address of each request, and the token is a part of it.
        logging.getLogger(chatty).setLevel(logging.WARNING)
    base = settings.api_base.rstrip("/")
    sending, polling = _request(settings, SENDING_CONNECTIONS), _request(settings, 2)
    bot = Bot(
        settings.token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=sending,
        get_updates_request=polling,
    )
    return Connection(bot, (sending, polling))


def _request(settings: TelegramSettings, connections: int) -> HTTPXRequest:
    seconds = settings.request_timeout
    extra: dict[str, Any] = {"trust_env": False} if _is_this_machine(settings.api_base) else {}
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=seconds,
        write_timeout=seconds,
        connect_timeout=seconds,
        pool_timeout=seconds,
        httpx_kwargs=extra,
    )


def _is_this_machine(address: str) -> bool:
    # A proxy of the environment has no business between us and a Bot API server on loopback.
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def words_of(error: BaseException) -> str:
    """What an error says, without the token that some errors quote."""
    return _TOKEN.sub("<token>", f"{type(error).__name__}: {error}")[:300]


def wait_of(error: RetryAfter) -> float:
    """The seconds that Telegram asks us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


class Stopped(Exception):
    """The front is being stopped; what was waited for is given up."""


class Outage:
    """One thing that can fail for a while: growing pauses with jitter, one log line at each end."""

    def __init__(self, what: str, settings: TelegramSettings, stopping: asyncio.Event) -> None:
        self.what = what
        self.words: str | None = None
        self._settings = settings
        self._stopping = stopping
        self._failures = 0

    async def pause(self, error: Exception) -> None:
        """Waits before the next try, longer each time. Raises Stopped when the front stops meanwhile."""
        if self._failures == 0:
            log.warning("telegram.outage", what=self.what, error=words_of(error))
        self.words = f"{self.what}: {type(error).__name__}"
        longest = self._settings.longest_pause
        seconds = min(longest, self._settings.first_pause * 2.0 ** min(self._failures, 16))
        self._failures += 1
        seconds *= random.uniform(0.5, 1.0)
        await self.wait(max(seconds, wait_of(error)) if isinstance(error, RetryAfter) else seconds)

    async def wait(self, seconds: float) -> None:
        """Waits; raises Stopped when the front stops meanwhile."""
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
        raise Stopped

    def over(self) -> None:
        """It works again."""
        if self._failures:
            log.info("telegram.outage_over", what=self.what, failures=self._failures)
        self._failures, self.words = 0, None


async def unless(stopping: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """The result of ``work``, or Stopped as soon as ``stopping`` is set."""
    task = asyncio.create_task(work)
    stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Stopped
        return task.result()
    finally:
        stop.cancel()
        task.cancel()
