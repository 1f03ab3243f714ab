"""What a member of staff answers in the chat: confirm, decline with a reason, link their account."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot import wording
from bot.dialogue.state import Pending
from bot.dialogue.turn import Turn
from bot.halls import reading, words
from bot.staff import news
from desk import audit, staff
from desk.halls import life
from desk.halls.bookings import DECLINE_REASONS, AlreadyMoved, Booking, IllegalMove
from desk.messages import Choice, Reply
from desk.staff import StaffMember
from knowledge.types import Locale
from store.base import key_of

DECLINE = "decline"
"""The kind of question that asks for a reason; its text is the booking's number."""

REASON_LIMIT = 300
"""Characters of a reason in own words."""

_AWAY = frozenset({"back", "quit"})
"""Words that are no reason: the member thought better of declining."""


Action = Callable[[Turn, StaffMember, Booking, str], Reply | None]
"""What a member may do with a booking of their centres; the text is what the button says besides."""


def pressed(turn: Turn, what: str, others: Mapping[str, Action]) -> Reply | None:
    """A pressed ``desk:<action>:<value>``; None for one that is nothing of this account's.

    ``others`` are actions on bookings besides those of this module.
    """
    action, _, value = what.partition(":")
    if action == "link":
        return _link(turn, value)
    member = staff.by_contact(turn.session, turn.contact)
    number, _, more = value.partition(":")
    booking = _booking(turn, number)
    handler = _ACTIONS.get(action) or others.get(action)
    if member is None or booking is None or handler is None:
        return None
    if not staff.may_act_for(turn.session, member, booking.center_id):
        return said(turn, wording.say(staff.language_of(member), "desk.not_yours"))
    return handler(turn, member, booking, more)


def answered(turn: Turn) -> Reply | None:
    """The next text after a reason was asked for is the reason, unless it says "back"; None where it cannot be."""
    pending = turn.state.pending
    member = staff.by_contact(turn.session, turn.contact)
    booking = _booking(turn, pending.text) if pending is not None else None
    reason = " ".join(turn.inbound.text.split())[:REASON_LIMIT]
    if member is None or booking is None or not any(map(str.isalpha, reason)):
        return None
    if not staff.may_act_for(turn.session, member, booking.center_id):
        return said(turn, wording.say(staff.language_of(member), "desk.not_yours"))
    if reading.control(turn.parse.words, whole=True) in _AWAY:
        return _show(turn, member, booking, "")
    return _declined(turn, member, booking, reason)


def _booking(turn: Turn, number: str) -> Booking | None:
    key = key_of(number)
    return turn.session.get(Booking, key) if key is not None else None


def _link(turn: Turn, code: str) -> Reply:
    member = staff.link(turn.session, turn.contact, code)
    if member is None:
        return said(turn, turn.say("desk.no_code"))
    locale = staff.language_of(member)
    return said(turn, wording.say(locale, "desk.linked", name=member.name), wording.say(locale, "desk.commands"))


def _confirm(turn: Turn, member: StaffMember, booking: Booking, _more: str) -> Reply:
    locale = staff.language_of(member)
    try:
        life.confirm(turn.session, booking, member.name, turn.tell)
    except IllegalMove as error:
        return said(turn, why_not(locale, booking, error))
    return said(turn, wording.say(locale, "desk.confirmed", **words.facts(locale, booking, turn.snapshot)))


def _decline(turn: Turn, member: StaffMember, booking: Booking, _more: str) -> Reply:
    """Asks for the reason, from the short list or in own words; not where it is too late to decline."""
    locale = staff.language_of(member)
    try:
        life.open_for(turn.session, booking, "declined", audit.staff(member.name))
    except IllegalMove as error:
        return said(turn, why_not(locale, booking, error))
    choices = [
        Choice(wording.say(locale, f"hall.reason.{reason}"), f"desk:because:{booking.id}:{reason}")
        for reason in DECLINE_REASONS
    ]
    choices.append(Choice(wording.say(locale, "desk.back"), f"desk:show:{booking.id}"))
    asked = wording.say(locale, "desk.why", reference=booking.reference)
    turn.state.choices = [choice.value for choice in choices]
    return turn.ask(Reply((asked,), locale, choices=tuple(choices)), Pending(DECLINE, str(booking.id)))


def _because(turn: Turn, member: StaffMember, booking: Booking, reason: str) -> Reply | None:
    return _declined(turn, member, booking, reason) if reason in DECLINE_REASONS else None


def _declined(turn: Turn, member: StaffMember, booking: Booking, reason: str) -> Reply:
    locale = staff.language_of(member)
    try:
        life.decline(turn.session, booking, member.name, turn.tell, reason)
    except IllegalMove as error:
        return said(turn, why_not(locale, booking, error))
    return said(turn, wording.say(locale, "desk.declined", **words.facts(locale, booking, turn.snapshot)))


def _show(turn: Turn, member: StaffMember, booking: Booking, _more: str) -> Reply:
    locale = staff.language_of(member)
    shown = said(turn, news.request(locale, booking, turn.snapshot))
    if booking.state != "tentative":
        return shown
    return Reply(shown.texts, locale, choices=news.to_answer(locale, booking))


_ACTIONS: Mapping[str, Action] = {
    "confirm": _confirm,
    "decline": _decline,
    "because": _because,
    "show": _show,
}


def why_not(locale: Locale, booking: Booking, error: IllegalMove) -> str:
    """Why a move was not made, in the member's language: who was quicker, or that it is too late."""
    if isinstance(error, AlreadyMoved):
        resident = error.actor == audit.RESIDENT
        return wording.say(
            locale,
            "desk.already",
            reference=booking.reference,
            state=wording.say(locale, f"hall.state.{error.state}"),
            who=wording.say(locale, "desk.resident") if resident else audit.shown(error.actor),
            when=words.moment(locale, error.at),
        )
    return wording.say(locale, "desk.too_late", reference=booking.reference)


def said(turn: Turn, *sentences: str) -> Reply:
    """A reply after which nothing is asked any more."""
    turn.state.pending = None
    turn.state.choices = []
    return Reply(sentences, turn.locale)
