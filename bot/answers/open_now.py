"""Whether something is open at this moment, in words."""

from __future__ import annotations

from bot import wording
from bot.dialogue.turn import Turn
from knowledge import hours
from store import clock


def sentence(turn: Turn, spec: str) -> str:
    """ "Open now, until 18:00", or "Closed now" and when it opens; ``spec`` are hours in OSM syntax."""
    moment = clock.local_now().replace(tzinfo=None)
    for opens, closes in hours.spans_on(spec, moment.date()):
        if opens <= moment.time() and (moment.time() < closes or f"{closes:%H:%M}" == "00:00"):
            return turn.say("hours.open_now", closes=f"{closes:%H:%M}")
    following = hours.next_opening(spec, moment)
    if following is None:
        return turn.say("hours.closed_now")
    when = f"{wording.day(turn.locale, following.date())}, {following:%H:%M}"
    return f"{turn.say('hours.closed_now')} {turn.say('hours.opens_next', when=when)}"
