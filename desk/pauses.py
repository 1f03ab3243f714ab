"""Announcements that stand still: their queued rows are not sent until somebody resumes them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, BigId


class Pause(Base):
    """An announcement that was paused, by staff or because a carrier filters it; the words are for staff."""

    __tablename__ = "announcement_pauses"

    announcement_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(300))
