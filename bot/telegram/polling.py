"""Long polling: a batch of updates is confirmed to Telegram only after all of it has been committed."""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.telegram.connection import Outage, Stopped, unless
from bot.telegram.handling import Handler
from bot.telegram.settings import ALLOWED_UPDATES, TelegramSettings
from store import clock

log = structlog.get_logger(__name__)

BATCH = 100


class Poller:
    """Asks Telegram for updates until it is stopped; survives whatever the network does."""

    def __init__(self, bot: Bot, handler: Handler, settings: TelegramSettings, stopping: asyncio.Event) -> None:
        self.last_heard: datetime | None = None
        self.outage = Outage("polling", settings, stopping)
        self._bot = bot
        self._handler = handler
        self._settings = settings
        self._stopping = stopping
        self._offset: int | None = None

    async def run(self) -> None:
        """Polls until the front stops, and then raises Stopped."""
        while not self._stopping.is_set():
            try:
                batch = await unless(self._stopping, self._fetch())
                self.last_heard = clock.now()
                self.outage.over()
                await self._handle(batch)
            except Stopped:
                raise
            except Exception as error:  # noqa: BLE001  nothing but being stopped ends the polling
                await self.outage.pause(error)
        raise Stopped

    async def _handle(self, batch: list[tuple[int, Update | None]]) -> None:
        if not batch:
            return
        work = [self._handler.handle(update, patient=True) for _, update in batch if update is not None]
        for result in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result  # Stopped: the batch is not confirmed, and comes again
        # Only now does the next poll tell Telegram that it may forget them.
        self._offset = max(number for number, _ in batch) + 1

    async def _fetch(self) -> list[tuple[int, Update | None]]:
        try:
            updates = await self._bot.get_updates(
                offset=self._offset,
                limit=BATCH,
                timeout=self._settings.poll_timeout,
                allowed_updates=ALLOWED_UPDATES,
            )
        except TelegramError:
            raise
        except Exception as error:  # noqa: BLE001  one update of the batch has a shape that the library cannot read
            log.error("telegram.unreadable_batch", error=type(error).__name__)
            return await self._fetch_one_by_one()
        return [(update.update_id, update) for update in updates]

    async def _fetch_one_by_one(self) -> list[tuple[int, Update | None]]:
        """The same batch, each update read for itself; None stands for one that cannot be read."""
        offset = "" if self._offset is None else f"&offset={self._offset}"
        address = f"{self._bot.base_url}/getUpdates?timeout=0&limit={BATCH}{offset}"
        raw = await self._bot.request.post(address)
        batch: list[tuple[int, Update | None]] = []
        for data in raw if isinstance(raw, list) else ():
            number = int(data["update_id"])
            try:
                batch.append((number, Update.de_json(data, self._bot)))
            except Exception as error:  # noqa: BLE001  it is skipped, or it would hold up all others for ever
                log.error("telegram.update_skipped", update=number, error=type(error).__name__)
                batch.append((number, None))
        return batch
