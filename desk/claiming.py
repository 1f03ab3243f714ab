"""Taking due rows of the outbox to send: the most urgent first, one a person, none that somebody else has.

A claim is a handful of statements, however many rows it takes, and each statement is composed once: while an
announcement goes to a whole country, anything more would be felt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Executable,
    Row,
    Select,
    String,
    Table,
    Update,
    bindparam,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from desk import outbox, pauses, quiet
from desk.announcements.models import Announcement
from desk.contacts import Contact
from desk.messages import Channel, Outgoing
from desk.outbox import PRIORITY, OutboxMessage
from store import clock
from store.base import UtcDateTime
from store.statements import is_sqlite, one_of


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours to send: its key, the message as a sender sees it, and how many seconds it was due."""

    row_id: int
    outgoing: Outgoing
    late: float = 0.0


class _Claim(NamedTuple):
    """What one claim is about; times are moments."""

    channel: Channel
    owner: str
    moment: datetime
    lease_until: datetime
    paced_until: datetime | None
    carrier: str | None
    others: tuple[str, ...]
    instead_of: str | None


LOOKS = 20
"""How often one claim looks again where it met rows that are not to be sent any more."""


def is_waiting(session: Session, channel: Channel) -> bool:
    """Whether anything of the channel is due; a look only, so that an idle loop writes nothing."""
    return any(session.execute(_look(), {"channel": channel, "moment": clock.now()}).one())


def is_left(session: Session, channel: Channel, carrier: str) -> bool:
    """Whether something is due that the carrier had failed to send, and that another one is to try."""
    query = exists().where(
        OutboxMessage.avoid == carrier,
        OutboxMessage.state == "queued",
        OutboxMessage.channel == channel,
        OutboxMessage.not_before <= clock.now(),
    )
    return bool(session.scalar(select(query)))


def claim(
    session: Session,
    channel: Channel,
    owner: str,
    lease: timedelta,
    limit: int,
    *,
    carrier: str | None = None,
    others: Collection[str] = (),
    instead_of: str | None = None,
    apart: timedelta = timedelta(0),
    replies_only: bool = False,
) -> list[Claimed]:
    """Takes up to ``limit`` due rows of a channel, each of another contact, and leases them to ``owner``.

    ``carrier`` is who will send them; what one of the ``others`` may have taken already is left to that one, and
    what the carrier itself had failed to send to the others. With ``instead_of``, one of the others, nothing is
    taken but what that one had failed to send.
    ``apart`` is the least time between two messages to one contact. What has expired meanwhile, whose contact may
    not be written to any more, or whose announcement stands still or waits for the morning is not taken. On
    PostgreSQL rows that another process is claiming are skipped, and contacts that are just being answered; on
    SQLite one writer is at work at a time.
    """
    moment = clock.now()
    paced_until = moment + apart if apart else None
    about = _Claim(channel, owner, moment, moment + lease, paced_until, carrier, tuple(others), instead_of)
    priorities = tuple(sorted(PRIORITY.values()))[: 1 if replies_only else None]
    chosen: dict[int, Row[Any]] = {}  # by contact
    for _ in range(LOOKS):
        left = limit - len(chosen)
        due = _due(session, about, priorities, left) if left else []
        fit = _fit(session, due, moment)
        taken: dict[int, Row[Any]] = {}
        for row in fit:
            if row.contact_id not in chosen:
                taken.setdefault(row.contact_id, row)
        _take(session, about, taken)
        chosen |= taken
        if len(fit) == len(due):
            break
    return [
        Claimed(row.id, _outgoing(row, about), (moment - row.not_before).total_seconds())
        for row in chosen.values()
    ]


def _due(session: Session, about: _Claim, priorities: tuple[int, ...], limit: int) -> Sequence[Row[Any]]:
    values: dict[str, Any] = {"channel": about.channel, "moment": about.moment, "limit": limit}
    if about.others:
        values |= {"others": about.others, "carrier": about.carrier}
    if about.instead_of:
        values["instead_of"] = about.instead_of
    query = _query(priorities, with_others=bool(about.others), instead=bool(about.instead_of))
    return session.execute(query, values).all()


def _fit(session: Session, due: Sequence[Row[Any]], moment: datetime) -> list[Row[Any]]:
    """Those that are to be sent; of the others each comes to its end, or is put off."""
    late = [row.id for row in due if row.expires_at is not None and row.expires_at <= moment]
    if late:
        outbox.move_these(session, late, "queued", "expired")
        outbox.expire(session)  # there are more, as a rule
    fresh = [row for row in due if row.expires_at is None or row.expires_at > moment]
    barred = [row.id for row in fresh if row.kind != "reply" and (row.opted_out_at or row.suppressed_at)]
    why = {"error_code": "opted_out", "error_words": "the contact may not be written to"}
    outbox.move_these(session, barred, "queued", "suppressed", **why)
    stops = {row.announcement_id: row.paused_at is not None for row in fresh if row.announcement_id is not None}
    waiting = {number for number, paused in stops.items() if not _may_go_on(session, number, paused, moment)}
    unfit = {*barred, *(row.id for row in fresh if row.announcement_id in waiting)}
    return [row for row in fresh if row.id not in unfit]


def _may_go_on(session: Session, announcement_id: int, paused: bool, moment: datetime) -> bool:
    """Whether the announcement may be sent now; where not, its rows are put off, overnight until the morning."""
    if paused and pauses.stands_still(session, announcement_id):
        pauses.put_off(session, announcement_id)
        return False
    if quiet.is_quiet(moment):
        announcement = session.get(Announcement, announcement_id)
        if announcement is not None and not announcement.urgent:
            pauses.put_off(session, announcement_id, quiet.held_until(moment))
            return False
    return True


def _take(session: Session, about: _Claim, rows: dict[int, Row[Any]]) -> None:
    """Leases rows, given by their contacts, that the transaction holds."""
    if not rows:
        return
    values = {
        "ids": [row.id for row in rows.values()],
        "owner": about.owner,
        "carrier": about.carrier,
        "moment": about.moment,
        "until": about.lease_until,
    }
    pace = {"contacts": list(rows), "paced_until": about.paced_until} if about.paced_until is not None else {}
    if is_sqlite(session):
        session.execute(_lease(sqlite=True), values)
        if pace:
            session.execute(_pace(sqlite=True), pace)
    else:
        session.execute(_lease_and_pace() if pace else _lease(sqlite=False), values | pace)


def _outgoing(row: Row[Any], about: _Claim) -> Outgoing:
    return Outgoing(
        message_id=row.message_id,
        channel=about.channel,
        address=row.address,
        texts=tuple(row.texts),
        payload=row.payload,
        attempts=row.attempts + 1,
        kind=row.kind,
        doubts=row.doubts,
        unsure_since=row.unsure_since,
    )


PAUSES: Table = pauses.Pause.__table__  # type: ignore[assignment]
MESSAGES: Table = OutboxMessage.__table__  # type: ignore[assignment]
CONTACTS: Table = Contact.__table__  # type: ignore[assignment]


@cache
def _look() -> Executable:
    row = MESSAGES.c
    due = (
        row.state == "queued",
        row.channel == bindparam("channel"),
        row.not_before <= bindparam("moment", type_=UtcDateTime()),
    )
    return select(*(exists().where(*due, row.priority == priority) for priority in sorted(PRIORITY.values())))


@cache
def _query(priorities: tuple[int, ...], *, with_others: bool, instead: bool) -> CompoundSelect[Any]:
    """Up to ``limit`` due rows of a channel, the most urgent first.

    A query for each priority, of which only as much is run as it takes to fill the limit: over all priorities
    together, rows that wait for tomorrow would be walked through.
    """
    arms = [_due_of(priority, with_others, instead).subquery() for priority in priorities]
    return union_all(*(select(*arm.c) for arm in arms)).limit(bindparam("limit"))


def _due_of(priority: int, with_others: bool, instead: bool) -> Select[Any]:
    row, contact, moment = MESSAGES.c, CONTACTS.c, bindparam("moment", type_=UtcDateTime())
    wanted = (
        row.id, row.contact_id, row.message_id, row.kind, row.texts, row.payload, row.not_before, row.expires_at,
        row.attempts, row.doubts, row.unsure_since, row.announcement_id,
        contact.address, contact.opted_out_at, contact.suppressed_at,
        PAUSES.c.at.label("paused_at"),
    )  # fmt: skip
    query = (
        select(*wanted)
        .join_from(MESSAGES, CONTACTS, contact.id == row.contact_id)
        .outerjoin(PAUSES, PAUSES.c.announcement_id == row.announcement_id)
        .where(
            row.state == "queued",
            row.channel == bindparam("channel"),
            row.priority == priority,
            row.not_before <= moment,
            or_(contact.paced_until.is_(None), contact.paced_until <= moment),
        )
        .order_by(row.not_before, row.id)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True, key_share=True, of=[MESSAGES, CONTACTS])
    )
    if with_others:
        doubtful = row.unsure_since.is_not(None) & row.carrier.in_(bindparam("others", expanding=True))
        query = query.where(or_(row.carrier.is_(None), ~doubtful))
        query = query.where(or_(row.avoid.is_(None), row.avoid != bindparam("carrier")))
    if instead:
        query = query.where(row.avoid == bindparam("instead_of"))
    return query


@cache
def _lease(*, sqlite: bool) -> Update:
    row, moment = MESSAGES.c, bindparam("moment", type_=UtcDateTime())
    leased = outbox.moved(
        "queued",
        "sending",
        moment,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until", type_=UtcDateTime()),
        attempts=row.attempts + 1,
        attempted_at=moment,
        carrier=func.coalesce(bindparam("carrier", type_=String()), row.carrier),
    )
    return update(MESSAGES).where(one_of(row.id, "ids", sqlite=sqlite)).values(leased)


@cache
def _pace(*, sqlite: bool) -> Update:
    until = bindparam("paced_until", type_=UtcDateTime())
    return update(CONTACTS).where(one_of(CONTACTS.c.id, "contacts", sqlite=sqlite)).values(paced_until=until)


@cache
def _lease_and_pace() -> Update:
    """Both in one statement, which PostgreSQL can and SQLite cannot."""
    return _lease(sqlite=False).add_cte(_pace(sqlite=False).cte("paced"))
