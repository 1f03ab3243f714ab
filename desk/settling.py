"""What becomes of a message once its sender has answered: sent, tried again later, or failed for good."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import structlog
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    String,
    Table,
    Update,
    UpdateBase,
    and_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from desk import carriers, contacts, outbox, pauses
from desk.carriers import Carrier
from desk.contacts import Contact
from desk.messages import Filtered, Later, Never, SendFailure, Sent, Strike
from desk.outbox import OutboxMessage
from store import clock
from store.base import UtcDateTime
from store.statements import is_sqlite, one_of

log = structlog.get_logger()

MAX_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)

PATIENCE = timedelta(days=2)
"""How long a message is tried while the carrier is the trouble: its own attempts do not use it up."""

LONGEST_CARRIER_WAIT = timedelta(minutes=10)

RESENDS = 3
"""How many attempts a message gets whose receipts say that the telephone is off: each one costs money."""


def backoff(attempts: int, jitter: float) -> timedelta:
    """How long to wait after that many attempts: doubling from 15 s to an hour, stretched by up to half."""
    doubled: timedelta = min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 12)), LONGEST_WAIT)
    return doubled * (1 + jitter / 2)


def settle(
    session: Session,
    row: OutboxMessage,
    outcome: Sent | SendFailure,
    owner: str,
    carrier: Carrier | None = None,
) -> None:
    """Moves a locked row to what became of it. A receipt may have been there before us: it is not undone.

    ``owner`` is who had claimed it: where another process has taken it over, a failure is not our business any
    more. ``carrier`` is who was asked; how it fares is noted.
    """
    if isinstance(outcome, Sent):
        _took(session, row, outcome, carrier)
        return
    wait = _hold(session, row, outcome, carrier) if isinstance(outcome, Later) else None
    if row.state != "sending" or row.lease_owner != owner:
        return
    if isinstance(outcome, Later) and _has_patience(row, outcome):
        wait = wait or backoff(row.attempts, random.random())
        outbox.retry(row, wait, outcome.code, outcome.words, unsure=outcome.unsure)
    else:
        fail(session, row, outcome)


def _took(session: Session, row: OutboxMessage, sent: Sent, carrier: Carrier | None) -> None:
    if carrier is not None:
        row.carrier = row.carrier or carrier.name
        carriers.succeeded(session, carrier)
    if sent.provider_ids and (row.provider_id is None or row.state == "sending"):
        row.provider_id = str(sent.provider_ids[0])[:64]
    # Queued as unsure: our lease had run out before we could say that the message was taken.
    if row.state == "sending" or (row.state == "queued" and row.unsure_since is not None):
        outbox.move(row, "sent")


def took_many(session: Session, taken: Mapping[int, Sent], owner: str, carrier: Carrier | None = None) -> set[int]:
    """Moves rows to ``sent`` that are as ``owner`` left them when they were claimed; which.

    ``taken`` says by its key what the carrier answered to each. The others have to be settled one by one.
    """
    names = {key: str(sent.provider_ids[0])[:64] if sent.provider_ids else None for key, sent in taken.items()}
    about = {"owner": owner, "now": clock.now()}
    if not is_sqlite(session):
        arrays = {"ids": list(names), "names": list(names.values())}
        ours = set(session.scalars(_taken_together(), {**about, **arrays}))
    else:
        ours = _each_taken(session, names, about)
    if carrier is not None:
        carriers.succeeded(session, carrier)
    return ours


def _each_taken(session: Session, names: Mapping[int, str | None], about: Mapping[str, Any]) -> set[int]:
    ours = set(session.scalars(_ours(), {"ids": list(names), "owner": about["owner"]}))
    if ours:
        rows = [{**about, "key": key, "name": names[key]} for key in ours]
        session.connection().execute(_taken_each(), rows)
    return ours


_ROWS: Table = OutboxMessage.__table__  # type: ignore[assignment]


def _is_ours() -> ColumnElement[bool]:
    return and_(_ROWS.c.state == "sending", _ROWS.c.lease_owner == bindparam("owner"))


def _taken(name: ColumnElement[Any]) -> Update:
    now = bindparam("now", type_=UtcDateTime())
    values = outbox.moved("sending", "sent", now, sent_at=func.coalesce(_ROWS.c.sent_at, now), unsure_since=None)
    return update(_ROWS).where(_is_ours()).values(**values, provider_id=func.coalesce(name, _ROWS.c.provider_id))


@cache
def _taken_together() -> UpdateBase:
    """For PostgreSQL: one statement for all rows."""
    ids, names = bindparam("ids", type_=ARRAY(BigInteger)), bindparam("names", type_=ARRAY(String))
    named = func.unnest(ids, names).table_valued("id", "name").render_derived("named")
    return _taken(named.c.name).where(_ROWS.c.id == named.c.id).returning(_ROWS.c.id)


@cache
def _ours() -> Select[Any]:
    return select(_ROWS.c.id).where(one_of(_ROWS.c.id, "ids", sqlite=True), _is_ours())


@cache
def _taken_each() -> Update:
    """For SQLite, to which each statement is but a call."""
    return _taken(bindparam("name", type_=String())).where(_ROWS.c.id == bindparam("key"))


def fail(session: Session, row: OutboxMessage, failure: SendFailure) -> None:
    """Gives a message up, with what follows for its contact or its announcement. Raises IllegalMove."""
    outbox.move(row, "failed", code=failure.code, words=failure.words)
    match failure:
        case Never(suppress=str(reason)):
            contacts.leave_alone(session, session.get_one(Contact, row.contact_id), reason)
        case Strike():
            contacts.strike(session.get_one(Contact, row.contact_id, with_for_update=True))
        case Filtered():
            log.error("message_filtered", message=row.message_id, announcement=row.announcement_id)
            if row.announcement_id is not None:
                pauses.pause(session, row.announcement_id, failure.code, failure.words)


def undelivered(
    session: Session, row: OutboxMessage, failure: SendFailure, carrier: Carrier | None = None
) -> None:
    """A message that had been taken did not arrive: tried again where that may help. Raises IllegalMove.

    Where ``carrier``, who had taken it, was the trouble itself, another one is to try, if there is one.
    """
    if not isinstance(failure, Later):
        fail(session, row, failure)
        return
    at_fault = failure.scope == "carrier" and row.state in {"sent", "sending"}
    after = timedelta(seconds=failure.after) if failure.after else None
    if at_fault and carrier is not None:
        carriers.failed(session, carrier, after, reported=True)
    if row.state not in {"sent", "sending"} or row.attempts >= RESENDS:
        fail(session, row, failure)
        return
    if row.provider_id == row.message_id:  # it would take our asking again for a repetition
        row.message_id = str(uuid.uuid4())
    if at_fault and carrier is not None:
        row.avoid = carrier.name
        outbox.retry(row, timedelta(0), failure.code, failure.words)  # the carrier's own hold is wait enough
    else:
        outbox.retry(row, after or backoff(row.attempts, random.random()), failure.code, failure.words)


def _hold(session: Session, row: OutboxMessage, later: Later, carrier: Carrier | None) -> timedelta | None:
    """Lets wait what has to; how long this message has to, None where nobody says."""
    after = timedelta(seconds=later.after) if later.after else None
    if later.scope == "address" and after is not None:
        contact = session.get_one(Contact, row.contact_id)
        contact.paced_until = clock.now() + after
    if later.scope != "carrier":
        return after
    held = carriers.failed(session, carrier, after) if carrier is not None else after
    own = min(backoff(row.attempts, random.random()), LONGEST_CARRIER_WAIT)
    return max(held, own) if held is not None else own


def _has_patience(row: OutboxMessage, later: Later) -> bool:
    if later.scope == "carrier":
        return clock.now() - row.not_before < PATIENCE and clock.now() - row.created_at < 2 * PATIENCE
    return row.attempts < MAX_ATTEMPTS
