"""Sending the finished form to the desk, and what the desk says."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.turn import Turn
from bot.halls import asking, checking, words
from bot.halls.draft import Draft
from desk import audit
from desk.halls import changing, making, waiting
from desk.halls.bookings import Booking, IllegalMove
from desk.halls.making import Refused, Taken
from desk.halls.requests import Refusal
from desk.halls.rules import rules_for
from desk.halls.waiting import Waiting
from desk.messages import Reply
from knowledge.types import Center


def standing_against(turn: Turn, center: Center) -> list[str]:
    """Why this person cannot book at that centre now, in sentences; empty where they can."""
    if center.hall is None:
        return [turn.say("hall.why.no_hall", center=turn.center_name(center))]
    found = making.standing(turn.session, turn.contact)
    if found.banned_until is not None:
        return [turn.say("hall.why.banned", until=words.day(turn.locale, found.banned_until))]
    limit = rules_for(turn.session, center.id).max_open
    if found.open_bookings >= limit:
        return [turn.say("hall.why.too_many_open", limit=limit)]
    return []


def submit(turn: Turn, draft: Draft, center: Center) -> Reply:
    """Books, stands in line, or moves a booking; a time lost meanwhile is answered with others.

    Nothing is done before the summary has named the day and the hour: a "yes" from elsewhere brings the summary.
    """
    if draft.missing is not None or draft.asking not in {"check", "change"}:
        return asking.next_step(turn, draft, center)
    if draft.moving is not None:
        return _move(turn, draft, center)
    if draft.wait:
        waits = waiting.wait(turn.session, center, draft.request(), turn.contact, turn.tell)
        return _answered(turn, draft, center, waits)
    made = making.book(turn.session, center, draft.request(), turn.tell, contact=turn.contact)
    return _answered(turn, draft, center, made)


def _move(turn: Turn, draft: Draft, center: Center) -> Reply:
    booking = turn.session.get(Booking, draft.moving)
    if booking is None or draft.starts_at is None:
        return asking.close(turn, Reply((turn.say("hall.gone"),), turn.locale))
    try:
        moved = changing.change_time(
            turn.session, center, booking, draft.starts_at, draft.length(0), audit.RESIDENT, turn.tell
        )
    except IllegalMove:
        return asking.close(turn, Reply((turn.say("booking.cannot"),), turn.locale))
    return _answered(turn, draft, center, moved)


def _answered(turn: Turn, draft: Draft, center: Center, made: Booking | Waiting | Taken | Refused) -> Reply:
    match made:
        case Booking():
            return asking.close(turn, _booked(turn, made, moved=draft.moving is not None))
        case Waiting():
            return asking.close(turn, _in_line(turn, made))
        case Taken(free):
            return asking.instead(turn, draft, checking.taken(turn, *_span(draft), free))
        case Refused(refusals, free):
            return _refused(turn, draft, center, refusals[0], free)


def _refused(turn: Turn, draft: Draft, center: Center, refusal: Refusal, free: tuple[datetime, ...]) -> Reply:
    if not free:
        texts, short = (
            (checking.say(turn, refusal, short=small, center=turn.center_name(center)),) for small in (False, True)
        )
        return asking.close(turn, Reply(texts, turn.locale, short=short))
    reply = asking.instead(turn, draft, checking.refused(turn, refusal, free))
    draft.clear("start")
    turn.state.form = draft.to_json()
    return reply


def _span(draft: Draft) -> tuple[datetime, datetime]:
    starts_at = draft.starts_at
    if starts_at is None:
        raise ValueError("a form without a time was sent")
    return starts_at, starts_at + draft.length(0)


def _booked(turn: Turn, booking: Booking, *, moved: bool) -> Reply:
    name = "hall.moved" if moved else "hall.booked"
    until = booking.hold_until or booking.starts_at
    facts = words.facts(turn.locale, booking, turn.snapshot)
    small = words.facts(turn.locale, booking, turn.snapshot, short=True)
    text = turn.say(name, **facts, until=words.moment(turn.locale, until))
    short = turn.say(f"{name}.sms", **small, until=words.moment(turn.locale, until, short=True))
    offers = (turn.choice("choice.my_bookings", "intent:my_bookings"),)
    return Reply((text, turn.say("hall.not_final")), turn.locale, offers=offers, short=(short,))


def _in_line(turn: Turn, row: Waiting) -> Reply:
    if row.state != "waiting":
        # It was freed this very moment: the offer follows as a message of its own.
        return Reply((turn.say("hall.freed"),), turn.locale)
    place = waiting.place_in_line(turn.session, row)
    when, small = (words.span(turn.locale, row.starts_at, row.ends_at, short=short) for short in (False, True))
    said = (turn.say("hall.waiting", when=when, place=place),)
    return Reply(said, turn.locale, short=(turn.say("hall.waiting", when=small, place=place),))
