"""The summary before a booking: everything once more, with weekday and date, and yes or no."""

from __future__ import annotations

from datetime import datetime

from bot.dialogue.turn import Turn
from bot.halls import words
from bot.halls.draft import Draft
from desk.halls.bookings import Booking
from desk.messages import Reply
from knowledge.types import Center


def of(turn: Turn, draft: Draft, center: Center) -> Reply:
    """The summary of a form in which nothing is missing. Raises ValueError for another."""
    starts_at = draft.starts_at
    if starts_at is None:
        raise ValueError("the summary comes when all is known")
    ends_at = starts_at + draft.length(0)
    asked = _of_move if draft.moving is not None else _of_booking
    texts, short = asked(turn, draft, center, starts_at, ends_at)
    choices = (
        turn.choice("hall.yes.move" if draft.moving is not None else "hall.yes", "hall:yes"),
        turn.choice("hall.change", "hall:change"),
        turn.choice("hall.quit", "hall:quit"),
    )
    return Reply(texts, turn.locale, choices=choices, short=short)


_Texts = tuple[tuple[str, ...], tuple[str, ...]]
"""What a large screen shows, and what a small one does."""


def _of_booking(turn: Turn, draft: Draft, center: Center, starts_at: datetime, ends_at: datetime) -> _Texts:
    filled = {
        "center": words.center(turn.locale, center.id, turn.snapshot),
        "when": words.span(turn.locale, starts_at, ends_at),
        "subject": draft.subject or "",
        "people": draft.people,
        "applicant": turn.say(f"hall.applicant.{draft.applicant}"),
        "equipment": words.equipment(turn.locale, draft.equipment),
        "name": draft.name or "",
    }
    small = {
        **filled,
        "center": words.center(turn.locale, center.id, turn.snapshot, short=True),
        "when": words.span(turn.locale, starts_at, ends_at, short=True),
        "subject": words.subject(turn.locale, draft.subject or ""),
        "equipment": words.equipment(turn.locale, draft.equipment, short=True),
    }
    texts = (
        turn.say("hall.check"),
        turn.say("hall.check.lines", **filled),
        *_crowded(turn, draft, center),
        *([turn.say("hall.check.wait")] if draft.wait else ()),
        turn.say("hall.agree"),
    )
    line = turn.say("hall.check.sms", **small)
    return texts, (f"{turn.say('hall.check.wait.sms')} {line}" if draft.wait else line,)


def _crowded(turn: Turn, draft: Draft, center: Center) -> list[str]:
    """A warning where more people come than the hall has seats."""
    seats = center.hall.capacity if center.hall is not None else None
    return [turn.say("hall.crowded", capacity=seats)] if seats is not None and (draft.people or 0) > seats else []


def _of_move(turn: Turn, draft: Draft, _center: Center, starts_at: datetime, ends_at: datetime) -> _Texts:
    booking = turn.session.get(Booking, draft.moving)
    reference = booking.reference if booking is not None else ""
    text, short = (
        turn.say(
            "hall.check.move", reference=reference, when=words.span(turn.locale, starts_at, ends_at, short=small)
        )
        for small in (False, True)
    )
    return (text,), (short,)
