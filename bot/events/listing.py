"""What is on: at the centre of one's village and its neighbours, in some days, about a topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import names
from bot.answers import centers
from bot.dialogue.turn import Turn
from bot.events import details, reading, subscribing, visits, words
from bot.events.reading import Period
from desk.events import finding
from desk.events.finding import Wanted
from desk.events.models import Occurrence
from desk.events.subscriptions import Wish
from desk.events.topics import topics
from desk.messages import Choice, Reply
from knowledge.types import Center

NEIGHBOUR = 40_000.0
"""Metres in a straight line to which another centre's events are still worth the way."""

MOST = 6
"""Events that are listed at once; more are found by a day or a topic."""


def events(turn: Turn) -> Reply:
    """Answers "what's on?", asking to subscribe where nothing is."""
    if reading.says(turn.parse.words, "visits"):
        return visits.listing(turn)
    here = _centers(turn)
    if here:
        centers.remember(turn, here[0], turn.parse.place.place)
    period = reading.period(turn.parse)
    about_what = reading.topics_in(turn.parse.words)
    wanted = Wanted(tuple(center.id for center in here), about_what, period.first, period.last)
    found = _upcoming(turn, wanted)
    if found:
        return _listed(turn, found, "events.list")
    return _instead(turn, here, wanted, period)


def about(turn: Turn, code: str) -> Reply | None:
    """A pressed ``topic:<code>``: what is on about it, near the place that was talked about."""
    if code not in topics():
        return None
    here = _centers(turn)
    wanted = Wanted(tuple(center.id for center in here), (code,))
    found = _upcoming(turn, wanted)
    return _listed(turn, found, "events.list") if found else _instead(turn, here, wanted, Period())


def _instead(turn: Turn, here: Sequence[Center], wanted: Wanted, period: Period) -> Reply:
    """Nothing fits: what comes nearest to it, or nothing at all and the offer to write when there is something."""
    if period:
        found = _upcoming(turn, replace(wanted, first=None, last=None))
        if found:
            return _listed(turn, found, "events.list.not_then")
    if wanted.topics:
        found = _upcoming(turn, replace(wanted, topics=(), first=None, last=None))
        if found:
            named = words.topic(turn.locale, next(iter(wanted.topics)))
            return _listed(turn, found, "events.list.not_about", topic=named)
    return _nothing(turn, here, wanted)


def _nothing(turn: Turn, here: Sequence[Center], wanted: Wanted) -> Reply:
    """Honest: none is known. Offers to write when one is announced."""
    if here:
        said = turn.say("events.none", where=names.bare_center(turn.locale, here[0], turn.snapshot))
        wish = Wish("center", here[0].slug)
    else:
        said = turn.say("events.none.anywhere")
        wish = None
    if wanted.topics:
        wish = Wish("topic", next(iter(wanted.topics)))
    if wish is None:
        return Reply((said,), turn.locale)
    return subscribing.offer(turn, wish, said)


def _listed(turn: Turn, found: Sequence[Occurrence], lead: str, **values: str) -> Reply:
    """The events to choose from after a sentence; a single one that is what was asked for is shown at once."""
    shown = found[:MOST]
    if len(shown) == 1 and lead == "events.list":
        return details.shown(turn, shown[0])
    choices = tuple(Choice(words.line(turn.locale, one, turn.snapshot), f"event:{one.id}") for one in shown)
    return replace(turn.reply(lead, **values), choices=choices)


def _upcoming(turn: Turn, wanted: Wanted) -> list[Occurrence]:
    return list(finding.next_of_each(turn.session, wanted))


def _centers(turn: Turn) -> list[Center]:
    """The centre of the place that is meant, and its neighbours; nothing where no place is known."""
    known = turn.snapshot.centers.get(turn.state.center) if turn.state.center is not None else None
    if turn.parse.place.place is None and known is not None:
        if known.lat is None or known.lon is None:
            return [known]
        near = turn.snapshot.nearest_centers(known.lat, known.lon)
        return [known, *(one.point for one in near if one.point != known and one.metres <= NEIGHBOUR)]
    place = turn.parse.place.place or turn.place
    found = centers.find(turn, place) if place is not None else []
    return [one.center for one in found[:1] + [one for one in found[1:] if (one.metres or 0.0) <= NEIGHBOUR]]
