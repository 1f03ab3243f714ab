"""Writing to somebody who did not just write to us: a reply in words, made ready for their channel and queued."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from desk.contacts import Contact
from desk.messages import Reply
from desk.outbox import Kind, OutboxMessage


class Post(Protocol):
    """Fits a reply to the contact's channel and queues it, in the transaction of what caused it.

    The desk knows no channel and the bot no segments, so ``app`` hands this to whoever has news.
    """

    def __call__(
        self,
        session: Session,
        contact: Contact,
        kind: Kind,
        dedupe_key: str,
        reply: Reply,
        *,
        not_before: datetime | None = None,
        expires_after: timedelta | None = None,
    ) -> OutboxMessage | None:
        """The queued row; None where the same was queued before or the contact may not be written to.

        It goes out from ``not_before`` on, at once where that is None, and ``expires_after`` that moment not any
        more.

        On a small screen the choices of the reply are left out: a text that comes unasked never renumbers what
        the resident was choosing from.
        """
        ...
