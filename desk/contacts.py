"""Residents and the addresses by which they reach us; opting out, coming back, being forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, select
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
    resident: Mapped[Resident] = relationship(lazy="joined", innerjoin=True)


class OptOut(Base):
    """That an address said stop; kept as a digest, so that it outlives "forget me"."""

    __tablename__ = "opt_outs"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


def find(session: Session, channel: Channel, address: str, *, lock: bool = False) -> Contact | None:
    """The contact at that address. With ``lock`` nobody else may answer this person until we commit."""
    query = select(Contact).where(Contact.channel == channel, Contact.address == address)
    return session.scalar(query.with_for_update(of=Contact) if lock else query)


def find_or_create(session: Session, channel: Channel, address: str) -> Contact:
    """The contact at that address, made at the first message, and locked until the transaction ends."""
    contact = find(session, channel, address, lock=True)
    if contact is not None:
        return contact
    moment = clock.now()
    gone = session.get(OptOut, address_digest(session, channel, address))
    contact = Contact(
        channel=channel,
        address=address,
        created_at=moment,
        opted_out_at=gone.at if gone else None,
        resident=Resident(created_at=moment),
        budget_used=0,
    )
    session.add(contact)
    session.flush()
    return contact


def opt_out(session: Session, contact: Contact) -> None:
    """The resident said stop: nothing more goes to this address until they come back."""
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


def may_receive(contact: Contact) -> bool:
    """Whether anything but the direct answer to a message may go to this address."""
    return contact.opted_out_at is None and contact.suppressed_at is None


def choose_locale(contact: Contact, locale: Locale) -> None:
    """The resident chose the language of the answers."""
    contact.resident.locale = locale


def set_home(contact: Contact, place_id: int) -> None:
    """The resident said which village is theirs."""
    contact.resident.home_place_id = place_id


def forget(session: Session, contact: Contact) -> None:
    """Erases the person: all their addresses, conversations and messages. An opt-out stays, as a digest."""
    session.delete(contact.resident)
    session.flush()
    session.expunge_all()
