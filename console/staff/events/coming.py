"""Who is coming to one time of an event, and the sheet to sign that is printed for it."""

from __future__ import annotations

from flask import render_template

from console.staff import access
from console.staff.events.blueprint import pages
from console.staff.objects import center_of_occurrence
from console.staff.parts import parts
from desk.events import roll
from desk.events.models import Event, Occurrence
from desk.events.roll import Roll

FEWEST_LINES, SPARE_LINES, MOST_LINES = 20, 5, 300
"""Lines of a sheet: one for each head that comes and some for others."""


@pages.get("/<int:event_id>/times/<int:occurrence_id>")
@access.of_center(center_of_occurrence)
def coming(event_id: int, occurrence_id: int) -> str:
    """How many come and wait, and each of them as far as they are known."""
    event, occurrence, people = _found(event_id, occurrence_id)
    return render_template("staff/events/coming.html", occurrence=occurrence, event=event, people=people)


@pages.get("/<int:event_id>/times/<int:occurrence_id>/sheet")
@access.of_center(center_of_occurrence)
def sheet(event_id: int, occurrence_id: int) -> str:
    """The sheet: who said that they come stands first, in as many lines as they have heads."""
    event, occurrence, people = _found(event_id, occurrence_id)
    known = [party for party in people.coming for _ in range(party.heads)][:MOST_LINES]
    lines = max(FEWEST_LINES, min(MOST_LINES, len(known) + SPARE_LINES))
    return render_template(
        "staff/events/sheet.html",
        occurrence=occurrence,
        event=event,
        lines=[*known, *([None] * (lines - len(known)))],
    )


def _found(event_id: int, occurrence_id: int) -> tuple[Event, Occurrence, Roll]:
    with parts().database.read() as session:
        event, occurrence = session.get_one(Event, event_id), session.get_one(Occurrence, occurrence_id)
        return event, occurrence, roll.of(session, occurrence_id)
