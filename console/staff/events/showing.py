"""An event's own page: what was written, when it takes place, and what may be done with it."""

from __future__ import annotations

from flask import render_template

from console.staff import access
from console.staff.events import recurrence
from console.staff.events.blueprint import pages
from console.staff.objects import center_of_event
from console.staff.parts import parts
from desk.events import life, roll
from desk.events.models import OPEN, Event, state_of
from store import clock

MOST = 60
"""So many times of a series are shown."""


@pages.get("/<int:event_id>")
@access.of_center(center_of_event)
def show(event_id: int) -> str:
    """The page."""
    with parts().database.read() as session:
        event = session.get_one(Event, event_id)
        times = roll.occurrences(session, event_id, MOST)
        counted = roll.heads(session, [one.id for one in times])
    return render_template(
        "staff/events/show.html",
        event=event,
        times=times,
        counted=counted,
        again=recurrence.read(event.rrule, event.starts_at),
        legal=life.MOVES[state_of(event)],
        is_open=event.state in OPEN,
        now=clock.now(),
    )
