"""What a page to confirm says: how many people will be told of what, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.halls import words as facts
from console.staff.parts import parts
from console.staff.words import locale, say
from desk import quiet
from desk.events import rehearsing
from desk.events.models import Event, NewsKind
from store import clock

Act = Callable[[Session, Event, bool], int]
"""Does it to the event of that session; the flag says that people are told at once, at night too."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Who will be told, in sentences. ``urgently``: how many at once, where it is night; else None."""

    sentences: tuple[str, ...]
    urgently: int | None


def forecast(event_id: int, act: Act) -> Forecast:
    """Rehearses the deed and says whom it would tell. Raises what the deed raises."""
    now = clock.now()
    at_night = quiet.is_quiet(now)
    with parts().database.write() as session:
        calmly = _rehearsed(session, event_id, act, urgent=False)
        urgently = sum(_rehearsed(session, event_id, act, urgent=True).values()) if at_night else None
    sentences = [say(f"events.told.{kind}", count=count) for kind, count in calmly.items() if count]
    if sentences and at_night:
        sentences.append(say("events.told.later", when=facts.moment(locale(), quiet.held_until(now))))
    return Forecast(tuple(sentences or [say("events.told.nobody")]), urgently)


def _rehearsed(session: Session, event_id: int, act: Act, *, urgent: bool) -> Mapping[NewsKind, int]:
    event = session.get_one(Event, event_id)
    return rehearsing.told(session, lambda: act(session, event, urgent))


def result(number: int) -> str:
    """How many people are told now that it is done."""
    return say("events.told.count", count=number) if number else say("events.told.nobody")
