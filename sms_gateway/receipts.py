"""What the provider reports about a message that it took; states only move forward, and old news is ignored."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from desk import contacts, outbox
from desk.contacts import Contact
from desk.messages import Never
from desk.outbox import IllegalMove, OutboxMessage


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report; ``message_id`` is our name of the message (empty where unknown), ``provider_id`` theirs."""

    state: Literal["sent", "delivered", "failed"]
    message_id: str
    provider_id: str
    failure: Never | None = None


def apply(session: Session, receipt: Receipt) -> bool:
    """Moves the message to the reported state; False where it is unknown or further on already."""
    row = outbox.by_message_id(session, receipt.message_id) if receipt.message_id else None
    row = row or outbox.by_provider_id(session, receipt.provider_id)
    if row is None:
        return False
    session.refresh(row, with_for_update=True)
    if row.provider_id is None:
        row.provider_id = receipt.provider_id[:64]
    elif row.provider_id != receipt.provider_id and receipt.state == "failed":
        return False  # an earlier attempt failed; a later one is on its way
    return _move(session, row, receipt)


def _move(session: Session, row: OutboxMessage, receipt: Receipt) -> bool:
    with suppress(IllegalMove):
        if row.state == "queued" and row.attempts > 0 and receipt.state != "failed":
            # We were unsure whether the provider had taken it, and queued it again: it had.
            outbox.move(row, "sending")
        failure = receipt.failure
        if failure is None:
            outbox.move(row, receipt.state)
            return True
        outbox.move(row, receipt.state, code=failure.code, words=failure.words)
        if failure.suppress:
            contacts.leave_alone(session, session.get_one(Contact, row.contact_id), failure.suppress)
        return True
    return False
