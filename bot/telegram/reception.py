"""The front's work in the database: taking a message in with its answer, and keeping what became of the reply.

Plain functions of a session each; nothing here waits for Telegram.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.telegram import commands, payload
from bot.telegram.incoming import Arrival, Membership, Paging
from bot.telegram.settings import Say, TelegramSettings
from desk import contacts, intake, outbox
from desk.contacts import Contact
from desk.intake import InboundMessage
from desk.messages import Answer, Assistant, Choice, Inbound, Later, Never, Outgoing, Reply, Sent
from desk.outbox import OutboxMessage
from knowledge.types import BASE_LOCALES, LOCALES, BaseLocale
from store.database import Database

RETRY_AFTER = timedelta(seconds=5)
LIFTED_BY_WRITING = frozenset({"blocked", "gone"})


class TooPersonal(Exception):
    """The answer is about one person and must not be given in a group."""


class AssistantFault(Exception):
    """The assistant raised; the cause is what it raised."""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """The buttons that belong to a message of ours."""

    choices: tuple[Choice, ...]
    offers: tuple[Choice, ...]


@dataclass(frozen=True)
class Reception:
    """Everything that the front does in the database. ``owner`` is this process in the leases."""

    database: Database
    assistant: Assistant
    say: Say
    settings: TelegramSettings
    owner: str = field(default_factory=lambda: f"telegram-{uuid.uuid4().hex[:12]}")

    def take(self, arrival: Arrival) -> Outgoing | None:
        """Records a message, asks the assistant and queues the reply, in one transaction.

        Returns the reply, leased to this process; None where nothing is to be said (again). In a group, what is
        about one person is answered with the way to the private chat. Raises AssistantFault, and what the
        database raises; nothing is kept then.
        """
        try:
            return self._take(arrival)
        except TooPersonal:
            locale = _hinted(arrival.inbound)
            text = commands.in_private(locale, arrival.private_link or "")
            return self._say_only(arrival, text, locale, None)

    def _take(self, arrival: Arrival) -> Outgoing | None:
        if arrival.group and commands.is_personal(arrival.inbound.choice):
            raise TooPersonal
        with self.database.write() as session:
            if arrival.inbound.edited and not _is_news(session, arrival):
                return None
            received = intake.record(session, arrival.inbound)
            if received.again or received.contact is None:
                return None
            session.flush()
            _lift(received.contact)
            answer = self._answer(session, arrival, received.contact.id)
            if arrival.group:
                if commands.is_personal(answer.understanding.intent):
                    raise TooPersonal
                answer = replace(answer, reply=payload.for_group(answer.reply))
            reply = answer.reply
            says = not reply.silent and bool(reply.texts or reply.pins or reply.files)
            intake.finish(received.row, answer.understanding, list(reply.texts) if says else [])
            return self._enqueue(session, arrival, received.contact, reply) if says else None

    def _answer(self, session: Session, arrival: Arrival, contact_id: int) -> Answer:
        try:
            return self.assistant.answer(session, arrival.inbound, contact_id)
        except DBAPIError:
            raise  # the database's own trouble: a lost connection, a race
        except Exception as error:
            raise AssistantFault from error

    def _enqueue(self, session: Session, arrival: Arrival, contact: Contact, reply: Reply) -> Outgoing | None:
        row = outbox.enqueue(
            session,
            contact,
            "reply",
            f"reply:{intake.dedupe_key(arrival.inbound)}",
            reply.texts,
            payload=payload.of_reply(reply, arrival.reply_to),
            lease=(self.owner, self.settings.lease),
        )
        return outbox.outgoing(row, contact.address) if row is not None else None

    def apologise(self, arrival: Arrival, fault: str) -> Outgoing | None:
        """Records a message that could not be answered, with ``fault``, and queues an apology."""
        return self._say_only(arrival, None, _hinted(arrival.inbound), fault)

    def _say_only(
        self, arrival: Arrival, text: str | None, hinted: BaseLocale, fault: str | None
    ) -> Outgoing | None:
        with self.database.write() as session:
            received = intake.record(session, arrival.inbound)
            if received.again or received.contact is None:
                return None
            chosen = received.contact.resident.locale
            locale = chosen if chosen in LOCALES else hinted
            said = text or self.say(locale, "apology", hotline=self.settings.hotline)
            received.row.fault = fault[:80] if fault else None
            intake.finish(received.row, None, [said])
            return self._enqueue(session, arrival, received.contact, Reply((said,), locale))

    def membership(self, change: Membership) -> None:
        """Keeps that a chat shut the bot out, or let it in again. An opt-out stays what it is."""
        with self.database.write() as session:
            contact = contacts.find(session, "telegram", change.address, lock=True)
            if contact is None:
                return
            if change.reachable:
                _lift(contact)
            else:
                contacts.suppress(contact, "blocked")

    def keyboard(self, paging: Paging) -> Keyboard | None:
        """The buttons under a message of ours; None where they are not known any more."""
        with self.database.read() as session:
            row = outbox.by_message_id(session, paging.message_id)
            contact = session.get(Contact, row.contact_id) if row is not None else None
            if row is None or contact is None or contact.address != paging.address:
                return None
            return Keyboard(payload.choices(row.payload, "choices"), payload.choices(row.payload, "offers"))

    def sent(self, message_id: str, sent: Sent) -> None:
        """Keeps that our reply is out."""
        with self.database.write() as session:
            row = self._leased(session, message_id)
            if row is not None:
                outbox.move(row, "sent")
                row.provider_id = sent.provider_ids[0][:64] if sent.provider_ids else None

    def not_sent(self, message_id: str, address: str, failure: Never | Later) -> None:
        """Keeps that our reply did not go out: not ever, or not yet, in which case the delivery loop has it."""
        with self.database.write() as session:
            # As everywhere the contact is locked before its rows.
            contact = contacts.find(session, "telegram", address, lock=True)
            row = self._leased(session, message_id)
            if isinstance(failure, Later):
                if row is not None:
                    wait = timedelta(seconds=failure.after) if failure.after is not None else RETRY_AFTER
                    outbox.retry(row, wait, failure.code, failure.words, unsure=failure.unsure)
                return
            if row is not None:
                outbox.move(row, "failed", code=failure.code, words=failure.words)
            if contact is not None and failure.suppress:
                contacts.suppress(contact, failure.suppress)

    def keep_progress(self, message_id: str, provider_ids: Sequence[str]) -> None:
        """Keeps which parts of a message are out, so that they are not sent again after a failure."""
        with self.database.write() as session:
            row = outbox.by_message_id(session, message_id)
            if row is not None:
                row.payload = {**row.payload, "parts_sent": list(provider_ids)}

    def _leased(self, session: Session, message_id: str) -> OutboxMessage | None:
        """Our own row, unless somebody else has taken it over meanwhile."""
        row = session.scalar(select(OutboxMessage).where(OutboxMessage.message_id == message_id).with_for_update())
        ours = row is not None and row.state == "sending" and row.lease_owner == self.owner
        return row if ours else None


def _is_news(session: Session, arrival: Arrival) -> bool:
    """Whether an edited message is the last one of its chat, and says something else than before."""
    contact = contacts.find(session, "telegram", arrival.inbound.address, lock=True)
    if contact is None:
        return False
    last = session.scalar(
        select(InboundMessage)
        .where(InboundMessage.contact_id == contact.id)
        .order_by(InboundMessage.id.desc())
        .limit(1)
    )
    said = arrival.inbound.text or arrival.inbound.choice or ""
    return last is not None and last.dedupe_key.endswith(arrival.mark) and last.text != said


def _lift(contact: Contact) -> None:
    """Who writes, or lets the bot in again, can be reached."""
    if contact.suppressed_reason in LIFTED_BY_WRITING:
        contact.suppressed_at = contact.suppressed_reason = None


def _hinted(inbound: Inbound) -> BaseLocale:
    return next((locale for locale in BASE_LOCALES if locale == inbound.language_hint), "ka")
