"""An announcement becomes a row of the outbox for each of its frozen recipients."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, BigId


class Recipient(Base):
    """One address that an announcement goes to; ``wording`` names the text that it gets."""

    __tablename__ = "announcement_recipients"
    __table_args__ = (Index("ix_announcement_recipients_contact_id", "contact_id"),)

    announcement_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    wording: Mapped[str] = mapped_column(String(40))
