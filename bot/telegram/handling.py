"""What happens to one update: it is taken in, answered and committed; then the reply is sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import structlog
from telegram import Bot, Update, User
from telegram.error import TelegramError

from bot.telegram import incoming, rendering
from bot.telegram.connection import Outage, Stopped, words_of
from bot.telegram.incoming import Arrival, Membership, Paging, Unanswerable
from bot.telegram.lanes import Lanes
from bot.telegram.reception import AssistantFault, Reception
from bot.telegram.sender import REPLY_TIMEOUT, TelegramSender
from bot.telegram.settings import TelegramSettings
from desk.messages import Later, Never, Outgoing
from desk.privacy import mask_address

T = TypeVar("T")
log = structlog.get_logger(__name__)

TRIES = 3
"""How often an update may raise while the database is well, before it is recorded with its fault and skipped."""

TRY_PAUSE = 0.05


class DatabaseDown(Exception):
    """The database does not answer, and the caller does not want to wait for it."""


class Handler:
    """Handles updates on the front's loop: those of one chat in order, those of different chats side by side.

    How many transactions run at once is bounded by the threads of the loop's executor.
    """

    def __init__(
        self,
        bot: Bot,
        me: User,
        reception: Reception,
        sender: TelegramSender,
        settings: TelegramSettings,
        stopping: asyncio.Event,
    ) -> None:
        self.database_outage = Outage("database", settings, stopping)
        self._bot = bot
        self._me = me
        self._reception = reception
        self._sender = sender
        self._settings = settings
        self._intake = Lanes()
        self._outgoing = Lanes()

    async def handle(self, update: Update, *, patient: bool) -> None:
        """Returns when the update and its answer are committed; the reply is sent meanwhile or afterwards.

        With ``patient`` a database that is down is waited for; otherwise DatabaseDown is raised.
        """
        await self._intake.run(incoming.lane_of(update), partial(self._take, update, patient))

    async def drain(self, patience: float) -> None:
        """Waits for the replies that are on their way."""
        await self._intake.drain(patience)
        await self._outgoing.drain(patience)

    async def _take(self, update: Update, patient: bool) -> None:
        try:
            event = incoming.read(update, self._me)
        except Exception as error:  # noqa: BLE001  one strange update must not stop the others
            log.error("telegram.unreadable_update", update=update.update_id, error=type(error).__name__)
            return
        match event:
            case Arrival():
                self._answer_callback(event.callback)
                await self._take_arrival(event, patient)
            case Paging():
                self._answer_callback(event.callback)
                self._outgoing.run(f"page {event.callback}", partial(self._turn_page, event))
            case Unanswerable():
                self._answer_callback(event.callback)
            case Membership():
                await self._take_membership(event, patient)
            case None:
                pass

    async def _take_arrival(self, arrival: Arrival, patient: bool) -> None:
        try:
            reply = await self._persist(partial(self._reception.take, arrival), patient)
        except AssistantFault as fault:
            reply = await self._apologise(arrival, fault.__cause__ or fault, patient)
        except (DatabaseDown, Stopped):
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, the queue goes on
            reply = await self._apologise(arrival, error, patient)
        if reply is not None:
            self._outgoing.run(reply.address, partial(self._send, reply, time.monotonic()))

    async def _apologise(self, arrival: Arrival, error: BaseException, patient: bool) -> Outgoing | None:
        fault = type(error).__name__
        chat = mask_address(arrival.inbound.address)
        log.error("telegram.fault", chat=chat, error=fault, where=_where(error))
        try:
            return await self._persist(partial(self._reception.apologise, arrival, fault), patient)
        except (DatabaseDown, Stopped):
            raise
        except Exception as second:  # noqa: BLE001  nothing more can be done for this update
            log.error("telegram.update_skipped", chat=chat, error=type(second).__name__, where=_where(second))
            return None

    async def _take_membership(self, change: Membership, patient: bool) -> None:
        try:
            await self._persist(partial(self._reception.membership, change), patient)
        except (DatabaseDown, Stopped):
            raise
        except Exception as error:  # noqa: BLE001  the next message to the chat will tell again
            log.error("telegram.membership_skipped", error=type(error).__name__, where=_where(error))

    async def _persist(self, work: Callable[[], T], patient: bool) -> T:
        """Does work in the database, again after a race, and waits out a database that is down."""
        tries = 0
        while True:
            try:
                done = await asyncio.to_thread(work)
            except AssistantFault:
                raise
            except Exception as error:
                if not await asyncio.to_thread(self._database_answers):
                    if not patient:
                        raise DatabaseDown from error
                    await self.database_outage.pause(error)
                    continue
                tries += 1
                if tries >= TRIES:
                    raise
                await asyncio.sleep(TRY_PAUSE * tries)
            else:
                self.database_outage.over()
                return done

    def _database_answers(self) -> bool:
        try:
            return self._reception.database.answers()
        except Exception:  # noqa: BLE001  any failure to answer is the answer
            return False

    async def _send(self, reply: Outgoing, since: float) -> None:
        """Sends a reply at once; whatever hinders that, the row tells the delivery loop how to go on."""
        reception = self._reception
        settle: Callable[[], Any]
        waited = time.monotonic() - since
        try:
            if waited > self._settings.lane_patience:
                raise Later("lane", f"waited {waited:.0f} s behind other messages of the chat", after=0)
            async with asyncio.timeout(REPLY_TIMEOUT):
                sent = await self._sender.deliver(reply, patience=self._settings.flood_patience)
            settle = partial(reception.sent, reply.message_id, sent)
        except (Never, Later) as failure:
            log.info("telegram.not_sent", chat=mask_address(reply.address), code=failure.code)
            settle = partial(reception.not_sent, reply.message_id, reply.address, failure)
        except TimeoutError:
            late = Later("timeout", "no answer from Telegram", unsure=True)
            settle = partial(reception.not_sent, reply.message_id, reply.address, late)
        except Exception as error:  # noqa: BLE001  a fault of ours; it would be the same the next time
            log.error("telegram.not_renderable", error=type(error).__name__, where=_where(error))
            never = Never("fault", type(error).__name__)
            settle = partial(reception.not_sent, reply.message_id, reply.address, never)
        try:
            await self._persist(settle, patient=True)
        except Stopped:
            pass  # the lease runs out, and the delivery loop sends it again
        except Exception as error:  # noqa: BLE001  likewise
            log.error("telegram.not_settled", error=type(error).__name__, where=_where(error))

    def _answer_callback(self, callback: str | None) -> None:
        """Tells Telegram that the press of a button was seen, so that the button stops turning."""
        if callback is None:
            return

        async def answer() -> None:
            with suppress(TelegramError):  # most often: too old
                await self._bot.answer_callback_query(callback)

        self._outgoing.run(f"callback {callback}", answer)

    async def _turn_page(self, paging: Paging) -> None:
        try:
            buttons = await self._persist(partial(self._reception.keyboard, paging), patient=True)
            if buttons is None:
                return
            await self._bot.edit_message_reply_markup(
                chat_id=int(paging.address),
                message_id=paging.telegram_message,
                reply_markup=rendering.keyboard(buttons.choices, buttons.offers, paging.page, paging.message_id),
            )
        except Stopped:
            pass
        except TelegramError as error:  # most often: pressed twice, and the page is there already
            log.debug("telegram.page_not_turned", error=words_of(error))
        except Exception as error:  # noqa: BLE001  a page that does not turn can be pressed again
            log.error("telegram.page_not_turned", error=type(error).__name__, where=_where(error))


def _where(error: BaseException) -> str:
    """The place in the code that raised, without anything that a resident wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace is not None else ""
