"""What was being talked about with each contact, as data that any process can take up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import clock
from store.base import Base, BigId


class Conversation(Base):
    """The state of one contact's conversation; ``pages`` are what a small screen has not shown yet."""

    __tablename__ = "conversations"

    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pages: Mapped[list[Any]] = mapped_column(default=list)
    updated_at: Mapped[datetime]


_OF = select(Conversation).where(Conversation.contact_id == bindparam("contact_id"))


def of(session: Session, contact_id: int) -> Conversation:
    """The conversation with that contact, empty at the first message; asked for once in a session."""
    held = _held(session)
    conversation = held.get(contact_id)
    if conversation is None and contact_id not in held:
        conversation = session.scalar(_OF, {"contact_id": contact_id})
    if conversation is None:
        conversation = Conversation(contact_id=contact_id, state={}, pages=[], updated_at=clock.now())
        session.add(conversation)
    held[contact_id] = conversation
    return conversation


def is_new(session: Session, contact_id: int) -> None:
    """Notes that the contact was made in this session: there is no conversation to look for."""
    _held(session).setdefault(contact_id, None)


def _held(session: Session) -> dict[int, Conversation | None]:
    """The conversations of this session; it would forget, and ask again for, what nobody else holds."""
    held: dict[int, Conversation | None] = session.info.setdefault("conversations", {})
    return held


def remember(conversation: Conversation, state: dict[str, Any]) -> None:
    """Keeps the new state."""
    conversation.state = state
    conversation.updated_at = clock.now()


def keep_pages(conversation: Conversation, pages: list[str]) -> None:
    """Keeps the pages that "M" will show next; an empty list forgets older ones."""
    if pages or conversation.pages:
        conversation.pages = pages
