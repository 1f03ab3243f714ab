"""Carries outgoing messages to Telegram, for the delivery loop and for the front's own replies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, InputFile, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import ChatMigrated, RetryAfter, TelegramError

from bot.telegram import payload, rendering
from bot.telegram.connection import wait_of
from bot.telegram.failures import failure, table
from bot.telegram.rendering import Part, TextPart
from bot.telegram.settings import Say
from desk.messages import Later, Never, Outgoing, Pin, Scope, Sent

NOT_RUNNING_WAIT = 5.0
REPLY_TIMEOUT = 90.0
"""Seconds that a reply of the front may take, parts and flood waits and all; the delivery loop has it then."""

DELIVERY_TIMEOUT = 30.0
"""The same for a message of the delivery loop, which has others to send and is not made to wait for floods."""

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


KeepProgress = Callable[[str, Sequence[str]], None]
"""Remembers, for a message id, the ids of the parts that Telegram has taken, so that none is sent twice."""

log = structlog.get_logger(__name__)


class TelegramSender:
    """A ``desk.messages.Sender``. ``send`` may be called from any thread but the front's own."""

    def __init__(self, bot: Bot, say: Say, keep_progress: KeepProgress) -> None:
        self._bot = bot
        self._say = say
        self._keep_progress = keep_progress
        self._loop: asyncio.AbstractEventLoop | None = None
        self._flooded_until: dict[str, float] = {}

    def attach(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Says on which loop the requests run; None when there is none any more."""
        self._loop = loop

    def send(self, message: Outgoing) -> Sent:
        """Hands one message to Telegram. Raises ``Never`` or ``Later``.

        One that Telegram may have taken already is sent again, marked, or given up, as its kind chooses.
        """
        message = self._again(message)
        loop = self._loop
        if loop is None or not loop.is_running():
            raise Later("stopped", "the Telegram front is not running", after=NOT_RUNNING_WAIT)
        work = self.deliver(message)
        try:
            future = asyncio.run_coroutine_threadsafe(work, loop)
        except RuntimeError as error:
            work.close()
            raise Later("stopped", "the Telegram front is stopping", after=NOT_RUNNING_WAIT) from error
        try:
            return future.result(DELIVERY_TIMEOUT)
        except TimeoutError as error:
            future.cancel()
            raise Later("timeout", "no answer from Telegram", unsure=True) from error
        except CancelledError as error:
            raise Later("stopped", "the Telegram front was stopped", unsure=True) from error

    def _again(self, message: Outgoing) -> Outgoing:
        if not message.doubts:
            return message
        choice = table("unsure")[message.kind]
        if choice == "never" or (choice == "once" and message.doubts > 1):
            raise Never("unknown", "not known whether Telegram had delivered it; it is not sent again")
        if choice == "again" or message.payload.get("parts_sent") or not message.texts:
            return message
        first, *others = message.texts
        mark = self._say(payload.to_reply(message).locale, "delivery.again")
        return replace(message, texts=(f"{mark} {first}", *others))

    async def deliver(self, message: Outgoing, *, patience: float = 0.0) -> Sent:
        """Sends all parts that are not out yet, waiting up to ``patience`` seconds where Telegram says so.

        Raises ``Never`` or ``Later``; what is out by then is remembered. To be called on the front's own loop.
        """
        sent = [str(number) for number in message.payload.get("parts_sent", ())]
        parts = rendering.parts(message, self._say)
        until = time.monotonic() + patience
        for number in range(len(sent), len(parts)):
            reply_to = message.payload.get("reply_to") if number == 0 else None
            sent.append(await self._patiently(message.address, parts[number], reply_to, until))
            if number + 1 < len(parts):
                await self._remember(message.message_id, sent)
        return Sent(tuple(sent))

    async def _remember(self, message_id: str, sent: Sequence[str]) -> None:
        try:
            await asyncio.to_thread(self._keep_progress, message_id, sent)
        except SQLAlchemyError as error:  # the rest of the message matters more
            log.warning("telegram.progress_not_kept", error=type(error).__name__)

    async def _patiently(self, address: str, part: Part, reply_to: int | None, until: float) -> str:
        while True:
            wait = self._flooded_until.get(address, 0.0) - time.monotonic()
            if wait > 0:
                if time.monotonic() + wait > until:
                    words = f"Telegram asked to wait {wait:.0f} s more"
                    raise Later("429", words, after=wait, scope=self._scope(address))
                await asyncio.sleep(wait)
            self._flooded_until.pop(address, None)
            try:
                return await self._send(address, part, reply_to)
            except RetryAfter as error:
                self._flooded_until[address] = time.monotonic() + wait_of(error)
            except TelegramError as error:
                raise failure(error) from error

    def _scope(self, address: str) -> Scope:
        """What Telegram's wish to wait is about: it does not say, but two chats at a time are no coincidence."""
        moment = time.monotonic()
        self._flooded_until = {chat: until for chat, until in self._flooded_until.items() if until > moment}
        return "carrier" if self._flooded_until.keys() - {address} else "address"

    async def _send(self, address: str, part: Part, reply_to: int | None) -> str:
        to: dict[str, Any] = {"chat_id": int(address)}
        if reply_to is not None:
            to["reply_parameters"] = ReplyParameters(reply_to, allow_sending_without_reply=True)
        try:
            sent = await self._request(to, part)
        except ChatMigrated as moved:
            # The group became a supergroup, and everything in it has new numbers.
            sent = await self._request({"chat_id": moved.new_chat_id}, part)
        return str(sent.message_id)

    async def _request(self, to: dict[str, Any], part: Part) -> Message:
        match part:
            case TextPart(html, markup):
                return await self._bot.send_message(
                    text=html,
                    parse_mode=ParseMode.HTML,
                    reply_markup=markup,
                    link_preview_options=_NO_PREVIEW,
                    **to,
                )
            case Pin(title, place, latitude, longitude):
                return await self._bot.send_venue(
                    latitude=latitude, longitude=longitude, title=title, address=place or title, **to
                )
            case file:
                document = InputFile(file.content, filename=file.name)
                return await self._bot.send_document(document=document, **to)
