"""An announcement becomes a row of the outbox for each of its frozen recipients.

The recipients are written down first, each with the name of the wording that they get, and do not change any
more. The rows are then made by the database itself, some thousands a transaction: however many there are, none is
held in memory, nobody is locked out for long, and whoever begins anew after a crash makes no row twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    case,
    cast,
    column,
    func,
    literal,
    null,
    or_,
    select,
    values,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk.contacts import Contact
from desk.outbox import PRIORITY, OutboxMessage
from store import clock
from store.base import Base, BigId, Json, UtcDateTime
from store.statements import carry_out, insert_into, is_sqlite

BATCH = 2_000
"""Rows of one transaction: about a tenth of a second for which SQLite's other writers wait."""


class Recipient(Base):
    """One address that an announcement goes to; ``wording`` names the text that it gets."""

    __tablename__ = "announcement_recipients"
    __table_args__ = (Index("ix_announcement_recipients_contact_id", "contact_id"),)

    announcement_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    wording: Mapped[str] = mapped_column(String(40))


@dataclass(frozen=True, slots=True)
class Wording:
    """What some of the recipients get: texts rendered for their channel, and what else the channel needs."""

    texts: Sequence[str]
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step did: ``made`` rows, up to the contact ``last``. ``done`` when no recipient is left."""

    made: int
    last: int
    done: bool


class UnknownWording(ValueError):
    """A recipient is to get a wording that was not given."""


def freeze(session: Session, announcement_id: int, audience: Select[Any]) -> int:
    """Writes the recipients down: ``audience`` selects contact ids and names of wordings; how many are new.

    A contact that comes twice is kept once, as in the row that comes first.
    """
    chosen = audience.subquery()
    contact_id, wording = chosen.c
    rows = select(literal(announcement_id, BigId), contact_id, wording).where(contact_id.is_not(None))
    made = insert_into(session, Recipient).from_select(["announcement_id", "contact_id", "wording"], rows)
    return _run(session, made.on_conflict_do_nothing())


def step(
    session: Session,
    announcement_id: int,
    wordings: Mapping[str, Wording],
    *,
    after: int = 0,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    limit: int = BATCH,
) -> Batch:
    """Queues the messages of the next ``limit`` recipients whose contact ids come ``after`` the last one's.

    A transaction each; to begin anew from 0 is safe. Who may not be written to gets a row that is ``suppressed``
    from the start, so that the rows of an announcement add up. Raises UnknownWording.
    """
    batch = (
        select(Recipient.contact_id, Recipient.wording)
        .where(Recipient.announcement_id == announcement_id, Recipient.contact_id > after)
        .order_by(Recipient.contact_id)
        .limit(limit)
    )
    chosen = batch.subquery()
    known = select(func.max(chosen.c.contact_id), func.count())
    last, count = session.execute(known.select_from(chosen)).one()
    if not count:
        return Batch(0, after, done=True)
    lost = session.scalar(select(chosen.c.wording).where(chosen.c.wording.not_in(list(wordings))).limit(1))
    if lost is not None:
        raise UnknownWording(str(lost))
    columns, rows = _rows(session, announcement_id, batch.cte("batch"), wordings, not_before, expires_at)
    made = insert_into(session, OutboxMessage).from_select(columns, rows)
    count_made = _run(session, made.on_conflict_do_nothing(index_elements=["dedupe_key"]))
    return Batch(count_made, int(last), done=count < limit)


def _rows(
    session: Session,
    announcement_id: int,
    batch: CTE,
    wordings: Mapping[str, Wording],
    not_before: datetime | None,
    expires_at: datetime | None,
) -> tuple[list[str], Select[Any]]:
    """The columns of the rows, and the query that makes them."""
    moment = clock.now()
    named = _table_of(wordings)
    barred = or_(Contact.opted_out_at.is_not(None), Contact.suppressed_at.is_not(None))
    made = {
        "message_id": _random_id(session),
        "dedupe_key": literal(f"announcement:{announcement_id}:").concat(cast(Contact.resident_id, String)),
        "contact_id": batch.c.contact_id,
        "channel": Contact.channel,
        "kind": literal("announcement"),
        "priority": literal(PRIORITY["announcement"]),
        "texts": named.c.texts,
        "payload": named.c.payload,
        "state": case((barred, "suppressed"), else_="queued"),
        "error_code": case((barred, "opted_out"), else_=null()),
        "created_at": literal(moment, UtcDateTime()),
        "not_before": literal(max(not_before or moment, moment), UtcDateTime()),
        "expires_at": literal(expires_at, UtcDateTime()),
        "attempts": literal(0),
        "doubts": literal(0),
        "changed_at": literal(moment, UtcDateTime()),
        "announcement_id": literal(announcement_id, BigId),
        "wording": batch.c.wording,
    }
    query = (
        select(*made.values())
        .select_from(batch)
        .join(Contact, Contact.id == batch.c.contact_id)
        .join(named, named.c.name == batch.c.wording)
        # SQLite takes ON CONFLICT for a condition of the last join, unless a WHERE stands between.
        .where(Contact.id.is_not(None))
    )
    return list(made), query


def _table_of(wordings: Mapping[str, Wording]) -> CTE:
    rows = [(name, list(one.texts), dict(one.payload)) for name, one in wordings.items()]
    columns = column("name", String), column("texts", Json), column("payload", Json)
    return values(*columns, name="given").data(rows).cte("wordings")


def _random_id(session: Session) -> ColumnElement[Any]:
    if is_sqlite(session):
        return func.lower(func.hex(func.randomblob(16)))
    return cast(func.gen_random_uuid(), String)


def _run(session: Session, made: Any) -> int:
    """Runs an INSERT; how many rows it made."""
    counted = carry_out(session, made)
    if is_sqlite(session):  # its driver counts nothing where a WITH comes first
        return int(session.scalar(select(func.changes())) or 0)
    return counted
