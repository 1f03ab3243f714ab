"""Taking due rows of the outbox to send: the most urgent first, one a person, none that somebody else has."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from desk import contacts, outbox, pauses, quiet
from desk.announcements.models import Announcement
from desk.contacts import Contact
from desk.messages import Channel
from desk.outbox import PRIORITY, OutboxMessage
from store import clock


def is_waiting(session: Session, channel: Channel) -> bool:
    """Whether anything of the channel is due; a look only, so that an idle loop writes nothing."""
    for priority in sorted(PRIORITY.values()):
        if session.scalar(
            select(
                exists().where(
                    OutboxMessage.state == "queued",
                    OutboxMessage.channel == channel,
                    OutboxMessage.priority == priority,
                    OutboxMessage.not_before <= clock.now(),
                )
            )
        ):
            return True
    return False


def claim(
    session: Session,
    channel: Channel,
    owner: str,
    lease: timedelta,
    limit: int,
    *,
    carrier: str | None = None,
    others: Collection[str] = (),
    apart: timedelta = timedelta(0),
    replies_only: bool = False,
) -> list[tuple[OutboxMessage, Contact]]:
    """Takes up to ``limit`` due rows of a channel, each of another contact, and leases them to ``owner``.

    ``carrier`` is who will send them; what one of the ``others`` may have taken already is left to that one.
    ``apart`` is the least time between two messages to one contact. What has expired meanwhile, whose contact may
    not be written to any more, or whose announcement stands still or waits for the morning is not taken. On
    PostgreSQL rows that another process is claiming are skipped, and contacts that are just being answered; on
    SQLite one writer is at work at a time.
    """
    moment = clock.now()
    claimed: list[tuple[OutboxMessage, Contact]] = []
    urgent = [PRIORITY["reply"]] if replies_only else sorted(PRIORITY.values())
    for priority in urgent:
        for _ in range(LOOKS):
            left = limit - len(claimed)
            due = _due(session, channel, priority, others, left, moment) if left else []
            fit = [(row, contact) for row, contact in due if _is_fit(session, row, contact, moment)]
            for row, contact in fit:
                if contact.id in {one.id for _, one in claimed}:
                    continue
                outbox.move(row, "sending")
                row.lease_owner, row.lease_until = owner, moment + lease
                row.attempts += 1
                row.attempted_at, row.carrier = moment, carrier or row.carrier
                if apart:
                    contact.paced_until = moment + apart
                claimed.append((row, contact))
            if len(fit) == len(due):
                break
    return claimed


LOOKS = 20
"""How often one claim looks again where it met rows that are not to be sent any more."""


def _due(
    session: Session, channel: Channel, priority: int, others: Collection[str], limit: int, moment: datetime
) -> list[tuple[OutboxMessage, Contact]]:
    # One query for each priority: over all of them, rows that wait for tomorrow would be walked through.
    query = (
        select(OutboxMessage, Contact)
        .join(Contact, Contact.id == OutboxMessage.contact_id)
        .where(
            OutboxMessage.state == "queued",
            OutboxMessage.channel == channel,
            OutboxMessage.priority == priority,
            OutboxMessage.not_before <= moment,
            or_(Contact.paced_until.is_(None), Contact.paced_until <= moment),
        )
        .order_by(OutboxMessage.not_before, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=[OutboxMessage, Contact])
    )
    if others:
        doubtful = OutboxMessage.unsure_since.is_not(None) & OutboxMessage.carrier.in_(others)
        query = query.where(or_(OutboxMessage.carrier.is_(None), ~doubtful))
    return [(row, contact) for row, contact in session.execute(query)]


def _is_fit(session: Session, row: OutboxMessage, contact: Contact, moment: datetime) -> bool:
    if row.expires_at is not None and row.expires_at <= moment:
        outbox.move(row, "expired")
        outbox.expire(session)  # there are more, as a rule
        return False
    if row.kind != "reply" and not contacts.may_receive(contact):
        outbox.move(row, "suppressed", code="opted_out", words="the contact may not be written to")
        return False
    return row.announcement_id is None or _may_go_on(session, row.announcement_id, moment)


def _may_go_on(session: Session, announcement_id: int, moment: datetime) -> bool:
    """Whether the announcement may be sent now; where not, its rows are put off, overnight until the morning."""
    if pauses.stands_still(session, announcement_id):
        pauses.put_off(session, announcement_id)
        return False
    announcement = session.get(Announcement, announcement_id)
    if quiet.is_quiet(moment) and announcement is not None and not announcement.urgent:
        pauses.put_off(session, announcement_id, quiet.held_until(moment))
        return False
    return True
