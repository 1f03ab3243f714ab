"""While the database is away: a message is kept in the spool, its sender is told so once, and answered later.

What the providers report of our own messages is kept likewise, and believed when the database is back.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from desk.carriers import Carrier
from desk.intake import dedupe_key
from desk.messages import Inbound, Outgoing
from desk.privacy import mask_address
from knowledge.scripts import dominant_script
from knowledge.types import Locale
from sms_gateway import keywords, numbers, policy, receipts, sentences
from sms_gateway.dispatch import ReplyDispatcher
from sms_gateway.front import SmsFront
from sms_gateway.receipts import Receipt
from sms_gateway.settings import SmsSettings
from sms_gateway.spool import Spool, Spooled, SpooledReceipt, is_outage
from store.database import Database

log = structlog.get_logger()

Waiting = TypeVar("Waiting", Spooled, SpooledReceipt)

LOOK_SECONDS = 2.0
"""How often the spool is looked into for what waits."""


class Outages:
    """Takes messages in when the database does not, and answers them when it is back. Safe between threads."""

    def __init__(
        self,
        spool: Spool,
        front: SmsFront,
        database: Database,
        settings: SmsSettings,
        dispatcher: ReplyDispatcher | None = None,
        ways: Sequence[Carrier] = (),
    ) -> None:
        """``dispatcher`` sends the phone's answers at once; without one they wait for the delivery loop.

        ``ways`` are our carriers, of whom receipts tell how they fare.
        """
        self.spool = spool
        self._front = front
        self._database = database
        self._settings = settings
        self._dispatcher = dispatcher
        self._ways = {carrier.name: carrier for carrier in ways}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)

    def start(self) -> None:
        """Begins to answer what waits, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the message at hand; what waits is kept."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def take(self, inbound: Inbound, opt_out_type: str = "") -> list[str]:
        """Keeps a message; the one sentence to say at once, or nothing. Raises OSError where it cannot be kept.

        Somebody who writes again during the same outage, an automatic sender, and who says stop hear nothing now.
        """
        new = self.spool.keep(inbound, opt_out_type)
        log.warning("text_spooled", channel=inbound.channel, address=mask_address(inbound.address), new=new)
        if not new or opt_out_type or self.spool.others_of(inbound) or not self._may_be_told(inbound):
            return []
        locales = languages_of(inbound.text)
        return ["\n".join(sentences.say("received", locale) for locale in locales)]

    def take_for_phone(self, inbound: Inbound) -> None:
        """Keeps a message that the phone posted, and says the sentence through it."""
        said = self.take(inbound)
        if said and self._dispatcher is not None:
            message_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"received:{dedupe_key(inbound)}"))
            self._dispatcher.say(Outgoing(message_id, inbound.channel, inbound.address, tuple(said), kind="reply"))

    def take_receipt(self, receipt: Receipt) -> None:
        """Keeps a report. Raises OSError where it cannot be kept."""
        new = self.spool.keep_receipt(receipt)
        log.warning("receipt_spooled", message=receipt.message_id, state=receipt.state, new=new)

    def step(self) -> int:
        """Deals with what waits, the oldest first, until none is left or the database is away; how many."""
        answered = self._work_off(self.spool.waiting(), self._answer, "spooled_text_refused")
        if answered:
            log.info("spool_answered", count=answered)
        believed = self._work_off(self.spool.waiting_receipts(), self._believe, "spooled_receipt_refused")
        if believed:
            log.info("receipts_believed", count=believed)
        return answered + believed

    def _work_off(
        self, waiting: Sequence[Waiting], work: Callable[[Waiting], Outgoing | None], refused: str
    ) -> int:
        """Does the work for each, and sends at once what comes of it; a fault of ours puts one aside."""
        done = 0
        for spooled in waiting:
            if self._stop.is_set():
                break
            try:
                outgoing = work(spooled)
            except Exception as error:
                if isinstance(error, SQLAlchemyError) and is_outage(error):
                    break
                log.exception(refused, file=spooled.path.name)
                self.spool.refuse(spooled)
                continue
            self.spool.done(spooled)
            done += 1
            if outgoing is not None and self._dispatcher is not None:
                self._dispatcher.submit(outgoing)
        return done

    def _answer(self, spooled: Spooled) -> Outgoing | None:
        """Answers a message; what is ours to send at once."""
        lease = self._dispatcher.lease if self._dispatcher and spooled.inbound.channel == "sms" else None
        outgoing = self._front.catch_up(spooled.inbound, spooled.spooled_at, spooled.opt_out_type, lease=lease)
        return outgoing if lease is not None else None

    def _believe(self, spooled: SpooledReceipt) -> None:
        """A report that was believed already, by whomever, moves nothing."""
        with self._database.write() as session:
            receipts.apply(session, spooled.receipt, self._ways)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.step()
            except OSError as error:
                log.error("spool_unreadable", error=type(error).__name__)

    def _may_be_told(self, inbound: Inbound) -> bool:
        number = numbers.read(inbound.address)
        word = keywords.read(inbound.text)
        return (
            number.address not in self._settings.own_numbers
            and number.may_be_answered(self._settings.allowed_prefixes)
            and (word is None or word.meaning != "stop")
            and not policy.written_by_machine(inbound.text)
        )


def languages_of(text: str) -> tuple[Locale, ...]:
    """The languages to say it in, without knowing whom to: Latin letters may be Georgian or another language."""
    if dominant_script(text) == "latin":
        return ("ka-Latn", "en")
    return (sentences.locale_of(None, None, text),)
