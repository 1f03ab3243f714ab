"""Makes news ready for each channel and queues them: the ``Post`` of ``desk.posting``."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy.orm import Session

from bot.telegram import payload
from desk import conversations, outbox
from desk.contacts import Contact
from desk.messages import Channel, Reply
from desk.outbox import Kind, OutboxMessage
from sms_gateway import paging


def post(
    session: Session,
    contact: Contact,
    kind: Kind,
    dedupe_key: str,
    reply: Reply,
    *,
    not_before: datetime | None = None,
    expires_after: timedelta | None = None,
) -> OutboxMessage | None:
    """See ``desk.posting.Post``. What does not fit the first page of a small screen is kept for "M"."""
    if contact.channel == "telegram":
        kept = payload.of_reply(reply)
        return outbox.enqueue(
            session,
            contact,
            kind,
            dedupe_key,
            reply.texts,
            payload=kept,
            not_before=not_before,
            expires_after=expires_after,
        )
    pages = paging.render(replace(reply, choices=()), cast(Channel, contact.channel))
    row = outbox.enqueue(
        session, contact, kind, dedupe_key, pages[:1], not_before=not_before, expires_after=expires_after
    )
    if row is not None and len(pages) > 1:
        conversations.keep_pages(session, contact.id, pages[1:])
    return row
