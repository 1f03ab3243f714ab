"""What a person wants to hear of: the events of a centre, of a municipality, about a topic, or one event.

Subscriptions belong to the person's contact on one channel: that is where the news goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from desk import contacts
from desk.contacts import Contact
from desk.events.models import Subscription, SubscriptionKind
from store import clock
from store.statements import carry_out

MOST = 30
"""So many subscriptions one person can have; nobody reads more."""


class TooMany(ValueError):
    """The person has as many subscriptions as anybody can have."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is subscribed to; ``value`` as in ``Subscription``."""

    kind: SubscriptionKind
    value: str


def subscribe(session: Session, contact: Contact, wish: Wish) -> bool:
    """Notes the wish; False where it was there before. The contact is locked by its turn, so nobody races.

    The channel on which somebody subscribes is where announcements go, too. Raises TooMany beyond MOST.
    """
    contacts.prefer_channel(contact)
    mine = of(session, contact)
    if wish in mine:
        return False
    if len(mine) >= MOST:
        raise TooMany(f"nobody can have more than {MOST} subscriptions")
    session.add(Subscription(contact_id=contact.id, kind=wish.kind, value=wish.value, created_at=clock.now()))
    session.flush()
    return True


def unsubscribe(session: Session, contact: Contact, wish: Wish) -> bool:
    """Ends one subscription; False where there was none."""
    one = delete(Subscription).where(
        Subscription.contact_id == contact.id,
        Subscription.kind == wish.kind,
        Subscription.value == wish.value,
    )
    return carry_out(session, one) > 0


def unsubscribe_all(session: Session, contact: Contact) -> int:
    """Ends every subscription of the contact; how many there were. Stopping altogether does it too."""
    return carry_out(session, delete(Subscription).where(Subscription.contact_id == contact.id))


def of(session: Session, contact: Contact) -> Sequence[Wish]:
    """What the contact has subscribed to, the oldest first."""
    query = select(Subscription).where(Subscription.contact_id == contact.id).order_by(Subscription.id)
    return [Wish(cast(SubscriptionKind, row.kind), row.value) for row in session.scalars(query)]


def count(session: Session, wish: Wish) -> int:
    """How many have subscribed to that."""
    query = select(func.count()).select_from(Subscription)
    return int(session.scalar(query.where(Subscription.kind == wish.kind, Subscription.value == wish.value)) or 0)
