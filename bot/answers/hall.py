"""The centre's hall, events and news: what can be said before booking and events are kept here."""

from __future__ import annotations

from bot import names, wording
from bot.answers import centers
from bot.answers.opening import GENERAL_HOURS
from bot.dialogue.turn import Turn
from desk.messages import Reply


def book(turn: Turn) -> Reply:
    """The rules of the hall (centri.gov.ge/en/terms), and whom to ask."""
    center = centers.target(turn)
    texts = []
    if center is not None:
        centers.remember(turn, center, turn.parse.place.place)
        texts.append(turn.say("center.is", center=turn.center_name(center)))
        if center.hall is not None and center.hall.capacity is not None:
            texts.append(turn.say("center.hall", capacity=center.hall.capacity))
    spec = center.hall.hours if center is not None and center.hall is not None else GENERAL_HOURS
    week = wording.week(turn.locale, spec)
    texts += [turn.say("hall.rules", week=week), turn.say("hall.who"), turn.say("hall.not_for")]
    texts += [turn.say("hall.tell"), turn.say("hall.cannot_yet")]
    return Reply(tuple(texts), turn.locale, short=(turn.say("hall.sms", week=week), turn.say("hall.who")))


def bookings(turn: Turn) -> Reply:
    """There are none yet."""
    return turn.reply("bookings.none")


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
