"""A centre's calendar under a secret address: the token in it, a new one, and which bookings are shown.

The token is derived from a random value that is made when staff first ask for the address, so there is no calendar
to find before that; a new value makes every older address void.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desk import audit, privacy
from desk.halls.bookings import Booking
from desk.privacy import Secret
from knowledge.types import Center
from store import clock

SHOWN_FOR = timedelta(days=90)
"""How long what is over stays in the calendar."""

GONE_SHOWN_FOR = timedelta(days=30)
"""How long what was declined, lapsed or cancelled is still told as such, so that every calendar takes it out."""

_GONE = ("declined", "expired", "cancelled")
_TOKEN = 32  # hexadecimal digits: 128 bits
_NO_KEY = "0" * 64


def token(session: Session, center: Center) -> str:
    """The secret part of the address of the centre's calendar; made at the first call."""
    return _derived(privacy.secret(session, _name(center)), center.slug)


def renew(session: Session, center: Center, actor: str) -> str:
    """A new token: addresses that were given out before show nothing any more."""
    privacy.secret(session, _name(center))
    session.get_one(Secret, _name(center)).value = secrets.token_hex(32)
    session.flush()
    audit.record(session, actor, "renew_calendar", "hall", center.id)
    return token(session, center)


def opens(session: Session, center: Center | None, given: str) -> bool:
    """Whether the token is that of the centre's calendar; takes as long for a wrong one and for no centre."""
    row = session.get(Secret, _name(center)) if center is not None else None
    expected = _derived(row.value if row is not None else _NO_KEY, center.slug if center is not None else "")
    return hmac.compare_digest(expected.encode(), given.encode()) and row is not None


def shown(session: Session, center: Center) -> Sequence[Booking]:
    """The bookings of the centre's calendar, in the order in which they were made."""
    now = clock.now()
    query = select(Booking).where(
        Booking.center_id == center.id,
        Booking.ends_at > now - SHOWN_FOR,
        or_(Booking.state.not_in(_GONE), Booking.changed_at > now - GONE_SHOWN_FOR),
    )
    return session.scalars(query.order_by(Booking.id)).all()


def _name(center: Center) -> str:
    return f"calendar:{center.id}"


def _derived(key: str, slug: str) -> str:
    return hmac.new(key.encode(), slug.encode(), hashlib.sha256).hexdigest()[:_TOKEN]
