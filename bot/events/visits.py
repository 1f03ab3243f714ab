"""What a person comes to: the list of it, and not coming after all. Halls that they booked stand beside it."""

from __future__ import annotations

from bot.dialogue.turn import Turn
from bot.events import details, subscribing
from bot.halls import mine
from desk.events import attending
from desk.halls import bookings
from desk.messages import Choice, Reply


def listing(turn: Turn) -> Reply:
    """Answers "my events": where the person comes or waits; else what they have subscribed to."""
    visits = attending.upcoming_of(turn.session, turn.contact)
    if not visits:
        return subscribing.listing(turn)
    if len(visits) == 1:
        return details.shown(turn, visits[0].occurrence)
    choices = tuple(Choice(details.line(turn, row), f"event:{row.occurrence_id}") for row in visits)
    return Reply((turn.say("visits.list"),), turn.locale, choices=choices)


def bookings_or_visits(turn: Turn) -> Reply:
    """Answers "what have I booked?": halls first, and events where no hall is booked."""
    if not bookings.upcoming_for(turn.session, turn.contact) and attending.upcoming_of(turn.session, turn.contact):
        return listing(turn)
    return mine.listing(turn)


def cancel(turn: Turn) -> Reply:
    """Answers "I am not coming": of an event where no hall is booked."""
    visits = attending.upcoming_of(turn.session, turn.contact)
    if not visits or bookings.upcoming_for(turn.session, turn.contact):
        return mine.cancel(turn)
    choices = tuple(Choice(details.line(turn, row), f"event:{row.occurrence_id}:leave") for row in visits)
    turn.state.choices = [choice.value for choice in choices]
    return Reply((turn.say("visits.which"),), turn.locale, choices=choices)
