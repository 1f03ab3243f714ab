"""What somebody must be told of an event, for whoever turns it into words. The desk itself knows no words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy.orm import Session

from desk.contacts import Contact

if TYPE_CHECKING:
    from desk.events.models import EventNews, Reminder


class TellOfEvent(Protocol):
    """Called once for each person and change, by the sweep, when the quiet hours are over."""

    def __call__(self, session: Session, contact: Contact, news: EventNews) -> bool:
        """Puts the news into words and queues them; False where the person may not be written to."""
        ...


class Remind(Protocol):
    """Called once for each reminder that is due."""

    def __call__(self, session: Session, contact: Contact, reminder: Reminder) -> bool:
        """Puts the reminder into words and queues them; False where the person may not be written to."""
        ...
