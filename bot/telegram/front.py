"""The Telegram front as ``app`` sees it: one thread with one asyncio loop, started and stopped from outside."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

import structlog
from flask import Blueprint
from telegram import Update
from telegram.error import TelegramError

from bot.telegram import webhook
from bot.telegram.commands import publish
from bot.telegram.connection import Outage, Stopped, connect, unless
from bot.telegram.handling import DatabaseDown, Handler
from bot.telegram.polling import Poller
from bot.telegram.reception import Reception
from bot.telegram.sender import TelegramSender
from bot.telegram.settings import ALLOWED_UPDATES, Health, Say, TelegramSettings
from bot.telegram.webhook import NotReady
from desk.carriers import Carrier, Limit
from desk.messages import Assistant
from store import clock
from store.database import Database

T = TypeVar("T")
log = structlog.get_logger(__name__)

START_TIMEOUT = 10.0
DRAIN_PATIENCE = 5.0
STOP_TIMEOUT = 2 * DRAIN_PATIENCE + 5.0
BURST = 5
"""How many messages the delivery loop sends at once; with ``messages_per_second`` at most 30 go in a second."""

CHAT_SECONDS = 1.0
RECEIVE_TIMEOUT = 50.0
"""Seconds in which a call of the webhook is answered; Telegram gives up after 60."""


class TelegramFront:
    """Answers residents on Telegram and sends to them.

    A front is started once and stopped once. ``start`` never waits for Telegram: what cannot be reached yet is
    tried again until it can. Whoever delivers through ``sender`` is to be stopped before the front.
    """

    def __init__(self, database: Database, assistant: Assistant, say: Say, settings: TelegramSettings) -> None:
        """``say`` is ``bot.wording.say``: the sentences "button.location" and "apology" are taken from it."""
        self._settings = settings
        self._reception = Reception(database, assistant, say, settings)
        self._connection = connect(settings)
        self._sender = TelegramSender(self._connection.bot, say, self._reception.keep_progress)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopping: asyncio.Event | None = None
        self._handler: Handler | None = None
        self._poller: Poller | None = None
        self._connecting: Outage | None = None
        self._last_call: datetime | None = None
        self._username = ""

    def start(self, *, receive: bool = True) -> None:
        """Starts the thread. With ``receive`` off nothing is taken in, and only the sender works."""
        if self._thread is not None:
            raise RuntimeError("a Telegram front is started only once")
        running = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._main(receive, running)), name="telegram", daemon=True
        )
        self._thread.start()
        running.wait(START_TIMEOUT)

    def stop(self) -> None:
        """Stops taking in, lets replies that are on their way out, and ends the thread."""
        if self._loop is None or self._stopping is None or self._thread is None:
            return
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(STOP_TIMEOUT)

    def sender(self) -> TelegramSender:
        """The ``desk.messages.Sender`` for Telegram; it raises ``Later`` while the front is not running."""
        return self._sender

    def carrier(self) -> Carrier:
        """The sender for the delivery loop, as fast as Telegram allows.

        30 messages a second over all, of which direct replies need some, and one a second to a chat:
        https://core.telegram.org/bots/faq#broadcasting-to-users
        """
        limit = Limit(self._settings.messages_per_second, burst=BURST, apart=CHAT_SECONDS)
        return Carrier("telegram", self._sender, limit)

    @property
    def username(self) -> str:
        """The bot's name; empty until Telegram has told it, and where this process does not receive."""
        return self._username

    def blueprint(self) -> Blueprint:
        """The route of the webhook."""
        return webhook.blueprint(self, self._settings.webhook_path, self._settings.webhook_secret)

    def health(self) -> Health:
        """Whether the front runs, when it last heard from Telegram, and what does not work."""
        poller, handler = self._poller, self._handler
        outages = (self._connecting, poller and poller.outage, handler and handler.database_outage)
        return Health(
            mode=self._settings.mode,
            running=self._thread is not None and self._thread.is_alive(),
            last_heard=poller.last_heard if poller else self._last_call,
            outage=next((outage.words for outage in outages if outage and outage.words), None),
        )

    def receive(self, data: Mapping[str, Any]) -> None:
        """Takes in an update that the webhook was called with; returns when it is committed.

        Raises NotReady where Telegram should call again.
        """
        loop, handler = self._loop, self._handler
        if loop is None or handler is None or not loop.is_running():
            raise NotReady
        try:
            update = Update.de_json(dict(data), self._connection.bot)
        except Exception as error:  # noqa: BLE001  it would be the same the next time
            log.error("telegram.update_skipped", error=type(error).__name__)
            return
        self._last_call = clock.now()
        future = asyncio.run_coroutine_threadsafe(handler.handle(update, patient=False), loop)
        try:
            future.result(RECEIVE_TIMEOUT)
        except (DatabaseDown, Stopped, TimeoutError, CancelledError) as error:
            raise NotReady from error

    async def _main(self, receive: bool, running: threading.Event) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_default_executor(ThreadPoolExecutor(self._settings.parallel, "telegram-work"))
        self._sender.attach(self._loop)
        running.set()
        try:
            if receive:
                await self._receive(self._stopping)
            await self._stopping.wait()
        except Stopped:
            pass
        finally:
            if self._handler is not None:
                await self._handler.drain(DRAIN_PATIENCE)
            self._sender.attach(None)
            await self._connection.close()

    async def _receive(self, stopping: asyncio.Event) -> None:
        bot, settings = self._connection.bot, self._settings
        self._connecting = Outage("connecting", settings, stopping)
        me = await self._insist(bot.get_me, stopping)
        self._username = me.username or ""
        handler = Handler(bot, me, self._reception, self._sender, settings, stopping)
        menu = asyncio.create_task(publish(bot))
        try:
            if settings.mode == "polling":
                await self._insist(bot.delete_webhook, stopping)
                self._handler = handler
                self._poller = Poller(bot, handler, settings, stopping)
                await self._poller.run()
            else:
                self._handler = handler
                await self._insist(self._set_webhook, stopping)
                await stopping.wait()
        finally:
            menu.cancel()

    async def _set_webhook(self) -> bool:
        return await self._connection.bot.set_webhook(
            self._settings.webhook_url,
            secret_token=self._settings.webhook_secret,
            allowed_updates=ALLOWED_UPDATES,
        )

    async def _insist(self, ask: Callable[[], Coroutine[Any, Any, T]], stopping: asyncio.Event) -> T:
        """Asks until Telegram answers."""
        outage = self._connecting
        assert outage is not None  # noqa: S101
        while True:
            try:
                answer = await unless(stopping, ask())
            except TelegramError as error:
                await outage.pause(error)
            else:
                outage.over()
                return answer
