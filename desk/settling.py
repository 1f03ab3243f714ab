"""What becomes of a message once its sender has answered: sent, tried again later, or failed for good."""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy.orm import Session

from desk import contacts, outbox
from desk.contacts import Contact
from desk.messages import Later, Never, SendFailure, Sent
from desk.outbox import OutboxMessage

MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)


def backoff(attempts: int, jitter: float) -> timedelta:
    """How long to wait after that many attempts: doubling from 15 s to an hour, stretched by up to half."""
    doubled: timedelta = min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 12)), LONGEST_WAIT)
    return doubled * (1 + jitter / 2)


def settle(session: Session, row: OutboxMessage, outcome: Sent | SendFailure) -> None:
    """Moves a claimed row to what became of it. A receipt may have been there before us: it is not undone."""
    if isinstance(outcome, Sent) and outcome.provider_ids and row.provider_id is None:
        row.provider_id = str(outcome.provider_ids[0])[:64]
    if row.state != "sending":
        return
    if isinstance(outcome, Sent):
        outbox.move(row, "sent")
    elif isinstance(outcome, Later) and row.attempts < MAX_ATTEMPTS:
        wait = timedelta(seconds=outcome.after) if outcome.after else backoff(row.attempts, random.random())
        outbox.retry(row, wait, outcome.code, outcome.words)
    else:
        outbox.move(row, "failed", code=outcome.code, words=outcome.words)
        if isinstance(outcome, Never) and outcome.suppress:
            contacts.leave_alone(session, session.get_one(Contact, row.contact_id), outcome.suppress)
