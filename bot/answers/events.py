"""Events and news: what can be said before they are kept here."""

from __future__ import annotations

from bot import names
from bot.answers import centers
from bot.dialogue.turn import Turn
from desk.messages import Reply


def events(turn: Turn) -> Reply:
    """There are none on record yet; the centre is to be asked."""
    center = centers.target(turn)
    if center is None:
        return turn.reply("events.none.anywhere")
    centers.remember(turn, center, turn.parse.place.place)
    return turn.reply("events.none", where=names.bare_center(turn.locale, center, turn.snapshot))


def subscribe(turn: Turn) -> Reply:
    """News cannot be sent yet."""
    return turn.reply("subscribe.not_yet")


def unsubscribe(turn: Turn) -> Reply:
    """There is no news to stop."""
    return turn.reply("unsubscribe.nothing")
