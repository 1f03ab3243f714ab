"""Residents and the addresses by which they reach us; opting out, coming back, being forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    delete,
    exists,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from desk.messages import Channel
from desk.privacy import address_digest
from knowledge.types import Locale
from store import clock
from store.base import Base, BigId


class Resident(Base):
    """A person, known only by what they told the assistant."""

    __tablename__ = "residents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    created_at: Mapped[datetime]
    locale: Mapped[str | None] = mapped_column(String(8))  # chosen by the resident, not guessed
    home_place_id: Mapped[int | None]
    preferred_channel: Mapped[str | None] = mapped_column(String(12))  # where news is to go; None: as we choose


class Contact(Base):
    """One address of a resident on one channel."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("channel", "address"), Index("ix_contacts_resident_id", "resident_id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    opted_out_at: Mapped[datetime | None]
    suppressed_at: Mapped[datetime | None]
    suppressed_reason: Mapped[str | None] = mapped_column(String(40))  # blocked, not_mobile, gone
    budget_from: Mapped[datetime | None]  # when the running hour of the reply budget began
    budget_used: Mapped[int] = mapped_column(default=0)
    forget_at: Mapped[datetime | None]  # "forget me" was said; the row goes when its last answer has gone out
    strikes: Mapped[int] = mapped_column(default=0)  # deliveries in a row that found no such handset
    paced_until: Mapped[datetime | None]  # the delivery loop sends nothing to this address before
    resident: Mapped[Resident] = relationship(lazy="joined", innerjoin=True)


class OptOut(Base):
    """That an address said stop; kept as a digest, so that it outlives "forget me"."""

    __tablename__ = "opt_outs"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


_ERASED_ELSEWHERE = frozenset({"outbox", "bookings"})
"""Tables whose rows outlive the person: the last answer must go out, and a hall stays lent (``desk.halls``)."""

# Built once: composing a statement takes longer than asking SQLite.
_AT_ADDRESS = select(Contact).where(
    Contact.channel == bindparam("channel"), Contact.address == bindparam("address")
)
_AT_ADDRESS_LOCKED = _AT_ADDRESS.with_for_update(of=Contact, key_share=True)
_OPT_OUTS = OptOut.__table__
_OPTED_OUT_AT = select(_OPT_OUTS.c.at).where(_OPT_OUTS.c.digest == bindparam("digest"))


def find(session: Session, channel: Channel, address: str, *, lock: bool = False) -> Contact | None:
    """The contact at that address. With ``lock`` nobody else may answer this person until we commit."""
    query = _AT_ADDRESS_LOCKED if lock else _AT_ADDRESS
    return session.scalar(query, {"channel": channel, "address": address})


def find_or_create(session: Session, channel: Channel, address: str) -> Contact:
    """The contact at that address, made at the first message, and locked until the transaction ends."""
    return meet(session, channel, address)[0]


def meet(session: Session, channel: Channel, address: str) -> tuple[Contact, bool]:
    """What ``find_or_create`` gives, and whether it was made just now."""
    contact = find(session, channel, address, lock=True)
    if contact is not None:
        if contact.forget_at is not None:  # assigning would have the session look for what changed
            contact.forget_at = None
        return contact, False
    moment = clock.now()
    gone = session.scalar(_OPTED_OUT_AT, {"digest": address_digest(session, channel, address)})
    contact = Contact(
        channel=channel,
        address=address,
        created_at=moment,
        opted_out_at=gone,
        resident=_owner(session, channel, address) or Resident(created_at=moment),
        budget_used=0,
    )
    session.add(contact)
    session.flush()
    return contact, True


_SAME_NUMBER: Mapping[Channel, Channel] = {"sms": "whatsapp", "whatsapp": "sms"}
"""Channels whose addresses are telephone numbers: whoever has the number is one person on both."""


def _owner(session: Session, channel: Channel, address: str) -> Resident | None:
    """The person who is known by that number on another channel, their contact locked.

    That a Telegram account belongs to a telephone number nobody tells us: those stay two people.
    """
    other = _SAME_NUMBER.get(channel)
    contact = find(session, other, address, lock=True) if other is not None else None
    return contact.resident if contact is not None and contact.forget_at is None else None


def opt_out(session: Session, contact: Contact) -> None:
    """The resident said stop: nothing more goes to this address until they come back, and subscriptions end."""
    subscriptions = Base.metadata.tables["subscriptions"]  # ``desk.events`` stands on this module
    session.execute(delete(subscriptions).where(subscriptions.c.contact_id == contact.id))
    if contact.opted_out_at is not None:
        return
    contact.opted_out_at = clock.now()
    digest = address_digest(session, cast(Channel, contact.channel), contact.address)
    session.merge(OptOut(digest=digest, at=contact.opted_out_at))


def opt_in(session: Session, contact: Contact) -> None:
    """The resident came back. A block that they lifted themselves is lifted here too."""
    contact.opted_out_at = contact.suppressed_at = contact.suppressed_reason = None
    digest = address_digest(session, cast(Channel, contact.channel), contact.address)
    session.execute(delete(OptOut).where(OptOut.digest == digest))


def suppress(contact: Contact, reason: str) -> None:
    """The provider says that this address cannot be reached (``blocked``, ``not_mobile``, ``gone``)."""
    contact.suppressed_at = clock.now()
    contact.suppressed_reason = reason


MAX_STRIKES = 3
"""So many messages in a row that found no handset, and the address is taken for dead."""


def strike(contact: Contact) -> None:
    """The provider found no such handset this time; the number may be somebody else's soon."""
    contact.strikes += 1
    if contact.strikes >= MAX_STRIKES:
        suppress(contact, "gone")


def leave_alone(session: Session, contact: Contact, reason: str) -> None:
    """Obeys a provider that says why an address is not to be tried again."""
    if reason == "opted_out":
        opt_out(session, contact)
    else:
        suppress(contact, reason)


def may_receive(contact: Contact) -> bool:
    """Whether anything but the direct answer to a message may go to this address."""
    return contact.opted_out_at is None and contact.suppressed_at is None


def choose_locale(contact: Contact, locale: Locale) -> None:
    """The resident chose the language of the answers."""
    contact.resident.locale = locale


def set_home(contact: Contact, place_id: int) -> None:
    """The resident said which village is theirs."""
    contact.resident.home_place_id = place_id


def prefer_channel(contact: Contact) -> None:
    """The resident wants announcements on the channel of this contact, wherever else they can be reached.

    Whoever subscribes to something says so: that is where they asked for news.
    """
    contact.resident.preferred_channel = contact.channel


def addresses_of(session: Session, contact: Contact) -> list[int]:
    """The ids of every contact of that person."""
    return list(session.scalars(select(Contact.id).where(Contact.resident_id == contact.resident_id)))


def forget(session: Session, contact: Contact) -> None:
    """Erases what is known of the person at once; the bare address follows when the answer to it has gone out.

    A member of staff stays one, but their account is linked no more. An opt-out stays, as a digest. The caller
    empties the conversation that it holds, and takes the person out of the halls first (``desk.halls.erasing``).
    """
    moment = clock.now()
    resident = contact.resident
    resident.locale = resident.home_place_id = resident.preferred_channel = None
    mine = select(Contact.id).where(Contact.resident_id == resident.id)
    for table in Base.metadata.sorted_tables:
        if "contact_id" not in table.c or table.name in _ERASED_ELSEWHERE:
            continue
        erased = delete(table).where(table.c.contact_id.in_(mine))
        if table.name == "conversations":
            # The conversation of this very turn is written over by the caller.
            erased = erased.where(table.c.contact_id != contact.id)
        if table.name == "inbound_messages":
            # So is the message that is being answered: it goes with the address.
            erased = erased.where(table.c.answered_at.is_not(None))
        session.execute(erased)
    members = Base.metadata.tables["staff_members"]  # ``desk.staff`` stands on this module
    unlinked = update(members).where(members.c.linked_contact_id.in_(mine)).values(linked_contact_id=None)
    session.execute(unlinked)
    session.execute(update(Contact).where(Contact.resident_id == resident.id).values(forget_at=moment))
    contact.forget_at = moment


SWEEP = 1_000
"""How many contacts one transaction erases."""


def sweep(session: Session) -> int:
    """Erases the addresses of forgotten people whose last answer has gone out, and who has none left; how many."""
    outbox = Base.metadata.tables["outbox"]
    waiting = exists().where(outbox.c.contact_id == Contact.id, outbox.c.state.in_(("queued", "sending")))
    gone = select(Contact.id, Contact.resident_id).where(Contact.forget_at.is_not(None), ~waiting)
    found = session.execute(gone.limit(SWEEP).with_for_update(skip_locked=True, of=Contact)).all()
    if not found:
        return 0
    session.execute(delete(Contact).where(Contact.id.in_([contact for contact, _ in found])))
    bare = ~exists().where(Contact.resident_id == Resident.id)
    session.execute(delete(Resident).where(Resident.id.in_({resident for _, resident in found}), bare))
    return len(found)
