"""The life of a booking. One function moves it; what is not in the table of moves raises.

    tentative -> confirmed | declined | expired | cancelled
    confirmed -> cancelled | held | no_show
    either    -> tentative, at another time (``desk.halls.changing``)

Each move locks the booking, looks again, writes the audit trail with who and when, frees what is to be freed,
tells whoever must be told, and offers the freed time to the waiting list: all in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit
from desk.audit import ActorKind
from desk.contacts import Contact
from desk.halls import bans, bookings, calendar, deadlines, grid, waiting
from desk.halls.bookings import DECLINE_REASONS, AlreadyMoved, Booking, IllegalMove, State, state_of
from desk.halls.news import Kind, News, Tell
from desk.halls.rules import rules_for
from store import clock
from store.clock import TBILISI

Move = Literal["confirmed", "declined", "expired", "cancelled", "held", "no_show"]

_STAFF: frozenset[ActorKind] = frozenset({"staff"})
_SYSTEM: frozenset[ActorKind] = frozenset({"system"})
_PEOPLE: frozenset[ActorKind] = frozenset({"staff", "resident"})

MOVES: Mapping[State, Mapping[State, frozenset[ActorKind]]] = {
    "tentative": {
        "confirmed": _STAFF,
        "declined": _STAFF,
        "expired": _SYSTEM,
        "cancelled": _PEOPLE,
        "tentative": _PEOPLE,
    },
    "confirmed": {
        "cancelled": _PEOPLE,
        "held": frozenset({"staff", "system"}),
        "no_show": _STAFF,
        "tentative": _PEOPLE,
    },
    "declined": {},
    "expired": {},
    "cancelled": {},
    "held": {},
    "no_show": {},
}
"""From a state to another, and who may do it. Back to tentative is a change of time."""

_ACTIONS: Mapping[State, str] = {
    "confirmed": "confirm",
    "declined": "decline",
    "expired": "expire",
    "cancelled": "cancel",
    "held": "mark_held",
    "no_show": "mark_no_show",
}
_FREED: frozenset[State] = frozenset({"declined", "expired", "cancelled"})
_AFTER: frozenset[State] = frozenset({"held", "no_show"})

NO_SHOW_WITHIN = timedelta(days=7)
"""How long after its end a booking can be marked as a no-show (the project's own rule)."""

SWEEP = 200
"""How many holds one transaction lets expire."""


def move(
    session: Session, booking: Booking, to: Move, actor: str, tell: Tell, *, reason: str | None = None
) -> Booking:
    """Moves a booking to another state and does all that follows from it; the booking as it stands then.

    Raises AlreadyMoved where somebody was quicker, and IllegalMove for anything else that may not be.
    """
    found = open_for(session, booking, to, actor)
    _apply(session, found, to, actor, tell, reason)
    return found


def confirm(session: Session, booking: Booking, staff_name: str, tell: Tell) -> Booking:
    """The centre agrees. The hold must not have run out, and the half-hours must be the booking's own."""
    return move(session, booking, "confirmed", audit.staff(staff_name), tell)


def decline(session: Session, booking: Booking, staff_name: str, tell: Tell, reason: str) -> Booking:
    """The centre does not agree, and says why: a code of ``DECLINE_REASONS`` or own words."""
    if not reason.strip():
        raise ValueError("declining needs a reason")
    return move(session, booking, "declined", audit.staff(staff_name), tell, reason=reason.strip())


def cancel(session: Session, booking: Booking, actor: str, tell: Tell) -> Booking:
    """The person or the centre gives the time back.

    "Not coming? Tell the Manager-Operator at least 1 business day before, or lose access for 10 business days"
    (http://centri.gov.ge/en/terms). An offer that was not taken can be let go at any time.
    """
    return move(session, booking, "cancelled", actor, tell)


def mark_held(session: Session, booking: Booking, actor: str, tell: Tell) -> Booking:
    """The event took place. Nobody needs to be told."""
    return move(session, booking, "held", actor, tell)


def mark_no_show(session: Session, booking: Booking, staff_name: str, tell: Tell) -> Booking:
    """Nobody came: access is lost for 10 business days (http://centri.gov.ge/en/terms)."""
    return move(session, booking, "no_show", audit.staff(staff_name), tell)


def expire_due(session: Session, tell: Tell, limit: int = SWEEP) -> int:
    """Lets the holds expire that ran out, and offers what is free to those who wait; how many expired.

    A person who is just being answered is left for the next sweep. Several processes may sweep at once.
    """
    due = (
        select(Booking.id)
        .where(Booking.state == "tentative", Booking.hold_until <= clock.now())
        .order_by(Booking.center_id, Booking.id)
        .limit(limit)
    )
    expired = 0
    for booking_id in session.scalars(due).all():
        found = bookings.locked(session, booking_id, wait=False)
        if found is not None and found.state == "tentative" and _overdue(found):
            _apply(session, found, "expired", audit.SYSTEM, tell, None)
            expired += 1
    waiting.offer_all(session, tell)
    return expired


def close_past(session: Session, tell: Tell, limit: int = SWEEP) -> int:
    """Takes for held what was confirmed and is over for a week: so long staff may still mark a no-show."""
    over = (
        select(Booking)
        .where(Booking.state == "confirmed", Booking.ends_at <= clock.now() - NO_SHOW_WITHIN)
        .order_by(Booking.center_id, Booking.id)
        .limit(limit)
    )
    closed = 0
    for booking in session.scalars(over).all():
        if bookings.locked(session, booking.id, wait=False) is not None and booking.state == "confirmed":
            mark_held(session, booking, audit.SYSTEM, tell)
            closed += 1
    return closed


def open_for(session: Session, booking: Booking, to: State, actor: str) -> Booking:
    """The booking, locked, where the actor may move it to that state now.

    Raises AlreadyMoved or IllegalMove with a sentence where they may not.
    """
    found = bookings.locked(session, booking.id)
    if found is None:
        raise IllegalMove(f"there is no booking {booking.reference} any more")
    legal = MOVES[state_of(found)]
    if to not in legal:
        raise _refusal(session, found, to)
    if audit.kind_of(actor) not in legal[to]:
        raise IllegalMove(f"{found.reference}: {audit.kind_of(actor)} may not move a booking to {to}")
    problem = _problem(session, found, to)
    if problem is not None:
        raise IllegalMove(f"{found.reference} {problem}")
    return found


def _refusal(session: Session, booking: Booking, to: State) -> IllegalMove:
    entry = audit.last(session, "booking", booking.id)
    if booking.state == "tentative" or entry is None:
        return IllegalMove(f"{booking.reference} is {booking.state} and cannot become {to}")
    who, when = audit.shown(entry.actor), entry.at.astimezone(TBILISI)
    if booking.state == "confirmed" and to != "confirmed":
        sentence = f"{booking.reference} is confirmed by {who} and cannot become {to}"
    else:
        sentence = f"{booking.reference} was already {booking.state} by {who} at {when:%H:%M on %d.%m.%Y}"
    return AlreadyMoved(state_of(booking), entry.actor, entry.at, sentence)


def _problem(session: Session, booking: Booking, to: State) -> str | None:
    """What stands against a move that the table allows, at this moment."""
    now = clock.now()
    if to in _AFTER:
        return None if booking.starts_at <= now else "has not begun yet"
    if to == "expired":
        return None if _overdue(booking) else "is held until later"
    if booking.starts_at <= now:
        return "has begun already"
    if to in {"confirmed", "tentative"} and _overdue(booking):
        return "was held too long ago: the hold has run out"
    if to in {"confirmed", "tentative"} and waiting.open_offer(session, booking) is not None:
        return "is an offer that nobody has taken yet"
    slots = set(grid.slots_of(booking.starts_at, booking.ends_at))
    if to == "confirmed" and calendar.owned(session, booking.id) != slots:
        return "does not hold its half-hours any more"
    return None


def _overdue(booking: Booking) -> bool:
    return booking.state == "tentative" and booking.hold_until is not None and booking.hold_until <= clock.now()


def _apply(session: Session, booking: Booking, to: Move, actor: str, tell: Tell, reason: str | None) -> None:
    before = state_of(booking)
    offered = before == "tentative" and waiting.pass_by(session, booking)
    booking.state, booking.changed_at, booking.hold_until = to, clock.now(), None
    if to == "declined":
        booking.decline_reason = reason
    if to in _FREED:
        calendar.release(session, booking.id)
    session.flush()
    details: dict[str, Any] = {"from": before, "starts_at": booking.starts_at}
    if reason is not None:
        details["reason"] = reason if reason in DECLINE_REASONS else "own_words"
    entry = audit.record(session, actor, _ACTIONS[to], "booking", booking.id, details)
    banned_until = None if offered else _ban(session, booking, to, actor)
    kind = _kind(to, actor, offered)
    if kind is not None:
        tell(session, booking, News(kind, actor, entry.id, {"reason": reason, "banned_until": banned_until}))
    if to in _FREED:
        waiting.offer_freed(session, booking.center_id, tell, booking.starts_at, booking.ends_at)


def _kind(to: Move, actor: str, offered: bool) -> Kind | None:
    if to == "held":
        return None
    if to == "cancelled":
        return "cancelled_by_staff" if audit.kind_of(actor) == "staff" else "cancelled"
    return "offer_lapsed" if to == "expired" and offered else to


def _ban(session: Session, booking: Booking, to: Move, actor: str) -> date | None:
    """Access is lost by not coming, and by the person's own cancelling too late."""
    rules, now = rules_for(session, booking.center_id), clock.now()
    late = to == "cancelled" and not deadlines.cancels_freely(now, booking.starts_at, rules)
    if not (to == "no_show" or (late and audit.kind_of(actor) == "resident")):
        return None
    contact = session.get(Contact, booking.contact_id) if booking.contact_id is not None else None
    if contact is None or rules.ban_business_days == 0:
        return None
    until = deadlines.ban_until(now, rules)
    bans.ban(
        session, contact.resident_id, booking.id, until, "no_show" if to == "no_show" else "late_cancel", actor
    )
    return until
