"""What became of a booking, for whoever turns it into words. The desk itself knows no words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol

from sqlalchemy.orm import Session

from desk import audit

if TYPE_CHECKING:
    from desk.halls.bookings import Booking

Kind = Literal[
    "requested",
    "confirmed",
    "declined",
    "expired",
    "cancelled",
    "cancelled_by_staff",
    "no_show",
    "time_changed",
    "offered",
    "offer_lapsed",
]
"""``requested`` also follows an offer that was taken. ``cancelled`` is by the person themselves."""


@dataclass(frozen=True, slots=True)
class News:
    """One change, told once. ``number`` is that of its audit entry: unique, so it makes a good dedupe key.

    ``facts``: ``reason`` (declined), ``banned_until`` (cancelled too late, no_show), ``old_starts_at`` and
    ``old_ends_at`` (time_changed), ``hold_until`` (requested, offered, time_changed).
    """

    kind: Kind
    actor: str
    number: int
    facts: Mapping[str, str | date | datetime | None] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def for_person(self) -> bool:
        """Whether the person must be told: of all that they did not do themselves."""
        return audit.kind_of(self.actor) != "resident"

    @property
    def for_staff(self) -> bool:
        """Whether staff must be told: of what the person did."""
        return audit.kind_of(self.actor) == "resident"

    @property
    def dedupe_key(self) -> str:
        """A key that no other news has."""
        return f"booking-news:{self.number}"


class Tell(Protocol):
    """Called once for every change that somebody must be told of, in the transaction that makes the change.

    ``booking.contact_id`` is None where staff booked for nobody that we know, or where the person was forgotten.
    """

    def __call__(self, session: Session, booking: Booking, news: News) -> None:
        """Puts the news into words and queues them."""
