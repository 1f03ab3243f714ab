"""What the pressed buttons about events stand for: ``event:``, ``topic:``, ``sub:`` and ``remind:``."""

from __future__ import annotations

from bot.dialogue.turn import Turn
from bot.events import details, listing, subscribing
from desk.messages import Reply


def event(turn: Turn, _reader: object, what: str) -> Reply | None:
    """One event, or what to do about it."""
    turn.parse = turn.parse.meaning("events")
    return details.pressed(turn, what)


def topic(turn: Turn, _reader: object, what: str) -> Reply | None:
    """What is on about a topic."""
    turn.parse = turn.parse.meaning("events")
    turn.state.pending = None
    return listing.about(turn, what)


def subscription(turn: Turn, _reader: object, what: str) -> Reply | None:
    """To subscribe, or to end it."""
    turn.parse = turn.parse.meaning("unsubscribe" if what.startswith("off") else "subscribe")
    return subscribing.pressed(turn, what)


def reminders(turn: Turn, _reader: object, what: str) -> Reply | None:
    """Which reminders to send."""
    turn.parse = turn.parse.meaning("subscribe")
    return subscribing.reminder_pressed(turn, what)
