"""The table of announcements."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, BigId

State = Literal["draft", "approving", "scheduled", "running", "paused", "done", "cancelled", "expired"]


class Announcement(Base):
    """A text to many people, and how far it has got. Times are in UTC.

    ``texts`` are by language (ka, en, ru, az, hy) as staff wrote them, ``audience`` is ``audience.Audience`` as
    JSON, ``about`` the moment that the text speaks of. What is sent is fixed at the start: ``wordings`` are the
    texts rendered for each channel and language, ``reach`` the settlements that the audience stood for then.
    ``frozen_to`` is the last resident who was looked at, ``queued_to`` the last contact who has a row.
    """

    __tablename__ = "announcements"
    __table_args__ = (Index("ix_announcements_state", "state", "send_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    audience: Mapped[dict[str, Any]] = mapped_column(default=dict)
    urgent: Mapped[bool] = mapped_column(default=False)  # does not wait for the end of the quiet hours
    about: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(12))
    send_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]  # nothing is sent any more from then on
    created_by: Mapped[str] = mapped_column(String(80))  # actors as in ``desk.audit``
    sent_by: Mapped[str | None] = mapped_column(String(80))
    approved_by: Mapped[str | None] = mapped_column(String(80))
    wordings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reach: Mapped[dict[str, Any]] = mapped_column(default=dict)
    recipients: Mapped[int] = mapped_column(default=0)
    frozen_to: Mapped[int] = mapped_column(BigId, default=0)
    frozen_at: Mapped[datetime | None]
    queued_to: Mapped[int] = mapped_column(BigId, default=0)
    queued_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    started_at: Mapped[datetime | None]


class Refused(ValueError):
    """Something that may not be done with an announcement.

    The sentence is for the terminal; ``code`` and ``facts`` are for fronts that say it in the reader's language.
    """

    def __init__(self, sentence: str, code: str, **facts: object) -> None:
        """Keeps all three."""
        super().__init__(sentence)
        self.code, self.facts = code, facts


class BadAnnouncement(Refused):
    """What was written of an announcement cannot be kept; the sentence says what to mend."""


def state_of(announcement: Announcement) -> State:
    """The announcement's state, as a type."""
    return cast(State, announcement.state)
