"""The outbox: everything that goes out is a row first, in the same transaction as what caused it.

    queued -> sending (leased) -> sent -> delivered
                               -> queued again (later) | failed | expired | suppressed | cancelled

``move`` is the one function that changes a state (``move_many`` for many rows at once). Rows are claimed in
batches with a lease (``desk.claiming``); a process that dies leaves its lease behind, and when it runs out the row
is queued again as unsure: the provider may have taken it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.contacts import Contact
from desk.messages import Channel, Outgoing
from store import clock
from store.base import Base, BigId, partial_index
from store.statements import carry_out

State = Literal["queued", "sending", "sent", "delivered", "failed", "expired", "cancelled", "suppressed"]
Kind = Literal["reply", "reminder", "notice", "announcement"]

PRIORITY: dict[Kind, int] = {"reply": 0, "notice": 1, "reminder": 2, "announcement": 3}
"""Smaller goes first: a national announcement never delays the answer to a person."""

_MOVES: dict[State, frozenset[State]] = {
    # A receipt can tell of a message that was queued again while nobody knew that it had been taken.
    "queued": frozenset({"sending", "sent", "delivered", "expired", "cancelled", "suppressed"}),
    "sending": frozenset({"queued", "sent", "delivered", "failed", "expired", "suppressed"}),
    # Queued again where the provider reports that a telephone was off for too long.
    "sent": frozenset({"queued", "delivered", "failed"}),
    "delivered": frozenset(),
    "failed": frozenset(),
    "expired": frozenset(),
    "cancelled": frozenset(),
    "suppressed": frozenset(),
}


class IllegalMove(ValueError):
    """A message cannot go from the one state to the other, such as back from ``delivered``."""


class OutboxMessage(Base):
    """One message on its way to one address."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "channel", "priority", "not_before", "id"),
        Index("ix_outbox_provider_id", "provider_id"),
        Index("ix_outbox_contact_id", "contact_id"),
        Index("ix_outbox_created_at", "created_at"),
        # How far an announcement has got is counted from this index alone.
        partial_index(
            "ix_outbox_announcement", "announcement_id", "state", "wording", where="announcement_id IS NOT NULL"
        ),
        partial_index("ix_outbox_avoid", "avoid", "state", "channel", where="avoid IS NOT NULL"),
        partial_index("ix_outbox_expiry", "expires_at", where="state = 'queued' AND expires_at IS NOT NULL"),
        # So is how messages went in the last hour; SQLite wants the column of the condition in it too.
        partial_index("ix_outbox_kept", "changed_at", "channel", "state", "erased_at", where="erased_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(36), unique=True)
    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(16))
    priority: Mapped[int]
    texts: Mapped[list[Any]]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    provider_id: Mapped[str | None] = mapped_column(String(64))
    error_code: Mapped[str | None] = mapped_column(String(40))
    error_words: Mapped[str | None] = mapped_column(String(300))
    changed_at: Mapped[datetime]
    announcement_id: Mapped[int | None] = mapped_column(BigId)
    wording: Mapped[str | None] = mapped_column(String(40))  # of an announcement: the name of the text that it is
    carrier: Mapped[str | None] = mapped_column(String(40))  # who tried last
    avoid: Mapped[str | None] = mapped_column(String(40))  # who took it and failed: another one is to try, if any
    attempted_at: Mapped[datetime | None]  # when the latest attempt began
    unsure_since: Mapped[datetime | None]  # since then the carrier may have taken it without our knowing
    doubts: Mapped[int] = mapped_column(default=0)  # how many attempts ended so
    sent_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # texts and payload were erased


def enqueue(
    session: Session,
    contact: Contact,
    kind: Kind,
    dedupe_key: str,
    texts: Sequence[str],
    *,
    payload: dict[str, Any] | None = None,
    not_before: datetime | None = None,
    expires_after: timedelta | None = None,
    announcement_id: int | None = None,
    lease: tuple[str, timedelta] | None = None,
) -> OutboxMessage | None:
    """Queues a message; None where the same one was queued before or the contact may not be written to.

    It goes out from ``not_before`` on, at once where that is None, and ``expires_after`` that moment not any more.
    With ``lease`` (owner, how long) the row is born ``sending``: the caller sends it itself right after the
    commit, and the delivery loop takes it over only if the caller dies.
    """
    if kind != "reply" and (contact.opted_out_at or contact.suppressed_at):
        return None
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.dedupe_key == dedupe_key)) is not None:
        return None
    moment = clock.now()
    due = max(not_before, moment) if not_before else moment
    row = OutboxMessage(
        message_id=str(uuid.uuid4()),
        dedupe_key=dedupe_key,
        contact_id=contact.id,
        channel=contact.channel,
        kind=kind,
        priority=PRIORITY[kind],
        texts=list(texts),
        payload=payload or {},
        state="sending" if lease else "queued",
        created_at=moment,
        not_before=due,
        expires_at=due + expires_after if expires_after else None,
        attempts=1 if lease else 0,
        attempted_at=moment if lease else None,
        doubts=0,
        lease_owner=lease[0] if lease else None,
        lease_until=moment + lease[1] if lease else None,
        announcement_id=announcement_id,
        changed_at=moment,
    )
    session.add(row)
    session.flush()
    return row


def move(row: OutboxMessage, state: State, *, code: str | None = None, words: str | None = None) -> None:
    """Moves a message to another state. Raises IllegalMove where the life of a message does not allow it."""
    if state not in _MOVES[cast(State, row.state)]:
        raise IllegalMove(f"{row.state} -> {state}")
    row.state = state
    row.changed_at = clock.now()
    if state != "sending":
        row.lease_owner = row.lease_until = None
    if state in {"sent", "delivered"}:
        row.sent_at = row.sent_at or row.changed_at
        row.unsure_since = None
    if code is not None:
        row.error_code, row.error_words = code[:40], (words or "")[:300]


def move_many(
    session: Session, which: ColumnElement[bool], before: State, state: State, limit: int, **also: object
) -> int:
    """Moves up to ``limit`` rows of a state at once, passing over those that others hold; how many.

    ``also`` are further values. Raises IllegalMove as ``move`` does.
    """
    ids = (
        select(OutboxMessage.id)
        .where(OutboxMessage.state == before, which)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    # On PostgreSQL a subquery with a lock and a limit could be run more than once: the ids are fetched first.
    return move_these(session, session.scalars(ids).all(), before, state, **also)


def move_these(session: Session, ids: Collection[int], before: State, state: State, **also: object) -> int:
    """Moves those rows that are in the state ``before``; how many. Raises IllegalMove as ``move`` does."""
    values = moved(before, state, clock.now(), **also)
    if not ids:
        return 0
    return carry_out(
        session,
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids), OutboxMessage.state == before)
        .values(**values)
        .execution_options(synchronize_session=False),
    )


def moved(before: State, state: State, moment: object, **also: object) -> dict[str, Any]:
    """The values of rows that are moved by a statement; ``moment`` is now, or the parameter that will hold it.

    Raises IllegalMove as ``move`` does.
    """
    if state not in _MOVES[before]:
        raise IllegalMove(f"{before} -> {state}")
    return {"state": state, "changed_at": moment, "lease_owner": None, "lease_until": None, **also}


def retry(row: OutboxMessage, after: timedelta, code: str, words: str, *, unsure: bool = False) -> None:
    """Puts a message back in the queue, not to be tried before ``after`` has passed.

    ``unsure`` says that the provider may have taken it all the same.
    """
    move(row, "queued", code=code, words=words)
    row.not_before = clock.now() + after
    if unsure:
        row.unsure_since = row.unsure_since or row.attempted_at or row.created_at
        row.doubts += 1


SWEEP = 1_000
"""How many rows one transaction of a sweep moves, so that it locks others out for moments only."""


def recover(session: Session, limit: int = SWEEP) -> int:
    """Queues again, as unsure, what a dead process had claimed; how many."""
    return move_many(
        session,
        OutboxMessage.lease_until < clock.now(),
        "sending",
        "queued",
        limit,
        unsure_since=func.coalesce(
            OutboxMessage.unsure_since, OutboxMessage.attempted_at, OutboxMessage.created_at
        ),
        doubts=OutboxMessage.doubts + 1,
    )


def expire(session: Session, limit: int = SWEEP) -> int:
    """Gives up what waited until it was of no use any more; how many."""
    return move_many(session, OutboxMessage.expires_at <= clock.now(), "queued", "expired", limit)


def outgoing(row: OutboxMessage, address: str) -> Outgoing:
    """The row as a sender sees it."""
    return Outgoing(
        message_id=row.message_id,
        channel=cast(Channel, row.channel),
        address=address,
        texts=tuple(row.texts),
        payload=dict(row.payload),
        attempts=row.attempts,
        kind=row.kind,
        doubts=row.doubts,
        unsure_since=row.unsure_since,
    )


def by_provider_id(session: Session, provider_id: str) -> OutboxMessage | None:
    """The message that the provider calls by that name."""
    return session.scalar(select(OutboxMessage).where(OutboxMessage.provider_id == provider_id))


def by_message_id(session: Session, message_id: str) -> OutboxMessage | None:
    """The message that we call by that name."""
    return session.scalar(select(OutboxMessage).where(OutboxMessage.message_id == message_id))
