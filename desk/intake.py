"""Every message that comes in is a row before it is answered, and is answered once.

A front (Twilio's webhook, the phone's, Telegram) opens one transaction, records the message here, asks the
assistant, renders, and finishes the row with what it sends. A message that comes again finds its answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk import contacts, conversations
from desk.contacts import Contact
from desk.messages import Inbound, Understanding
from store import clock
from store.base import Base, BigId, partial_index

TEXT_LIMIT = 5_000
"""Characters of a message that are kept; Telegram's limit is 4,096, Twilio's 1,600."""


class InboundMessage(Base):
    """A message from a resident, what was understood and what was answered."""

    __tablename__ = "inbound_messages"
    __table_args__ = (
        # Reports are counted from this index alone.
        Index("ix_inbound_messages_counted", "received_at", "channel", "language", "intent", "center_id"),
        partial_index("ix_inbound_messages_kept", "received_at", where="erased_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(String(8))
    intent: Mapped[str | None] = mapped_column(String(24))
    confidence: Mapped[float | None]
    service: Mapped[str | None] = mapped_column(String(60))
    center_id: Mapped[int | None]
    reply: Mapped[list[Any]] = mapped_column(default=list)
    fault: Mapped[str | None] = mapped_column(String(80))  # the class of the exception that broke the answer
    erased_at: Mapped[datetime | None]  # text and reply were erased


@dataclass(frozen=True, slots=True)
class Received:
    """A recorded message; ``again`` where it had been recorded before, ``first`` where its sender is new."""

    row: InboundMessage
    contact: Contact | None
    again: bool
    first: bool = False


def dedupe_key(inbound: Inbound) -> str:
    """What makes a message the same message."""
    return f"{inbound.channel}:{inbound.provider_id}"[:160]


_KNOWN = select(InboundMessage).where(InboundMessage.dedupe_key == bindparam("key"))
_TABLE = InboundMessage.__table__
_IS_KNOWN = select(_TABLE.c.id).where(_TABLE.c.dedupe_key == bindparam("key"))


def find(session: Session, inbound: Inbound) -> InboundMessage | None:
    """The message as it was recorded, if it was."""
    return session.scalar(_KNOWN, {"key": dedupe_key(inbound)})


def record(session: Session, inbound: Inbound) -> Received:
    """Writes the message down, and finds or makes its sender, who is locked until the transaction ends."""
    received = draft(session, inbound)
    if not received.again:
        session.add(received.row)
    return received


def draft(session: Session, inbound: Inbound) -> Received:
    """What ``record`` does, but the caller adds the row to the session, finished: one statement, not two."""
    key = dedupe_key(inbound)
    contact, first = contacts.meet(session, inbound.channel, inbound.address)
    if first:
        conversations.is_new(session, contact.id)
    # The lock on the contact comes first: of two deliveries of one message the second waits here and then sees it.
    if session.scalar(_IS_KNOWN, {"key": key}) is not None:
        return Received(session.scalars(_KNOWN, {"key": key}).one(), contact, again=True)
    row = InboundMessage(
        dedupe_key=key,
        contact_id=contact.id,
        channel=inbound.channel,
        text=_kept_text(inbound),
        received_at=inbound.received_at,
    )
    return Received(row, contact, again=False, first=first)


def answered_texts(session: Session, limit: int, surely: float = 0.6) -> list[str]:
    """The latest texts that were surely understood, and answered, and are still kept; never who wrote them."""
    understood = (InboundMessage.confidence >= surely, InboundMessage.intent != "none")
    query = (
        select(InboundMessage.text)
        .where(InboundMessage.erased_at.is_(None), *understood)
        .order_by(InboundMessage.received_at.desc())
        .limit(limit)
    )
    return list(dict.fromkeys(session.scalars(query)))


def finish(row: InboundMessage, understanding: Understanding | None, reply: list[str]) -> None:
    """Keeps what was understood and what is being answered."""
    row.answered_at = clock.now()
    row.reply = list(reply)
    if understanding is not None:
        row.intent = understanding.intent
        row.confidence = round(understanding.confidence, 3)
        row.language = understanding.language
        row.service = understanding.service
        row.center_id = understanding.center_id


def _kept_text(inbound: Inbound) -> str:
    # PostgreSQL cannot keep NUL, and lone surrogates cannot be encoded at all.
    text = inbound.text or inbound.choice or (f"<{inbound.media}>" if inbound.media else "")
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")[:TEXT_LIMIT]
