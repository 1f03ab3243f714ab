"""What was being talked about with each contact, as data that any process can take up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
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


def of(session: Session, contact_id: int) -> Conversation:
    """The conversation with that contact, empty at the first message."""
    conversation = session.get(Conversation, contact_id)
    if conversation is None:
        conversation = Conversation(contact_id=contact_id, state={}, pages=[], updated_at=clock.now())
        session.add(conversation)
    return conversation


def remember(conversation: Conversation, state: dict[str, Any]) -> None:
    """Keeps the new state."""
    conversation.state = state
    conversation.updated_at = clock.now()


def keep_pages(conversation: Conversation, pages: list[str]) -> None:
    """Keeps the pages that "M" will show next; an empty list forgets older ones."""
    if pages or conversation.pages:
        conversation.pages = pages
