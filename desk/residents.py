"""What staff may see of a resident, found by their number only; each look, in vain or not, is written down.

The audit trail has the resident's number among ours, never the telephone's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from desk import audit, contacts, outbox
from desk.contacts import Contact, Resident
from desk.conversations import Conversation
from desk.events import subscriptions
from desk.events.subscriptions import Wish
from desk.halls import erasing
from desk.halls.bookings import LIVE, Booking
from desk.messages import Channel
from desk.outbox import OutboxMessage

BY_NUMBER: tuple[Channel, ...] = ("sms", "whatsapp")
"""The channels whose addresses are telephone numbers."""


@dataclass(frozen=True, slots=True)
class Address:
    """A way to reach the person. ``number`` is empty on Telegram, whose numbers tell staff nothing."""

    channel: Channel
    number: str
    since: datetime
    opted_out_at: datetime | None
    suppressed_at: datetime | None
    suppressed_reason: str | None
    is_being_erased: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A resident as staff see them. ``live_bookings`` are those that still keep a hall."""

    id: int
    since: datetime
    locale: str | None
    home_place_id: int | None
    preferred_channel: str | None
    addresses: Sequence[Address]
    bookings: int
    live_bookings: int
    wishes: Sequence[Wish]


def look(session: Session, number: str, actor: str) -> list[Person]:
    """The people with that number, as a rule one; ``number`` is E.164, or empty where what was typed is none."""
    at_number = select(Contact.resident_id).where(Contact.channel.in_(BY_NUMBER), Contact.address == number)
    found = sorted(set(session.scalars(at_number))) if number else []
    for resident_id in found:
        audit.record(session, actor, "look", "resident", resident_id)
    if not found:
        why = "unknown" if number else "no_number"
        audit.record(session, actor, "look_in_vain", "resident", 0, {"why": why})
    return [_person(session, session.get_one(Resident, one)) for one in found]


def erase(session: Session, resident_id: int, actor: str) -> bool:
    """Erases what is known of the person, as "forget me" does, and stops what waits to be sent to them.

    False where there is nobody of that number, or nobody any more.
    """
    mine = select(Contact).where(Contact.resident_id == resident_id).order_by(Contact.id)
    locked = mine.with_for_update(of=Contact, key_share=True).execution_options(populate_existing=True)
    found = session.scalars(locked).all()
    if not found:
        return False
    ids = [contact.id for contact in found]
    outbox.move_many(session, OutboxMessage.contact_id.in_(ids), "queued", "cancelled", outbox.SWEEP)
    erasing.erase_person(session, ids)
    contacts.forget(session, found[0])
    session.execute(delete(Conversation).where(Conversation.contact_id.in_(ids)))
    audit.record(session, actor, "erase", "resident", resident_id)
    return True


def _person(session: Session, resident: Resident) -> Person:
    mine = session.scalars(select(Contact).where(Contact.resident_id == resident.id).order_by(Contact.id)).all()
    states = session.execute(
        select(Booking.state, func.count())
        .where(Booking.contact_id.in_([contact.id for contact in mine]))
        .group_by(Booking.state)
    )
    counted = {state: int(number) for state, number in states}
    return Person(
        resident.id,
        resident.created_at,
        resident.locale,
        resident.home_place_id,
        resident.preferred_channel,
        [_address(contact) for contact in mine],
        sum(counted.values()),
        sum(counted.get(state, 0) for state in LIVE),
        [wish for contact in mine for wish in subscriptions.of(session, contact)],
    )


def _address(contact: Contact) -> Address:
    channel = cast(Channel, contact.channel)
    return Address(
        channel,
        contact.address if channel in BY_NUMBER else "",
        contact.created_at,
        contact.opted_out_at,
        contact.suppressed_at,
        contact.suppressed_reason,
        contact.forget_at is not None,
    )
