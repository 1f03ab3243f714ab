"""Announcing and cancelling: each says beforehand who will be told, and is done on the page that says so."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.staff import access, replies
from console.staff.events import recurrence, telling
from console.staff.events.blueprint import pages
from console.staff.events.telling import Act
from console.staff.objects import center_of_event, center_of_occurrence
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import say
from desk.events import finding, life
from desk.events.life import IllegalMove
from desk.events.models import Event, Occurrence, state_of

NEXT = 5
"""So many times are shown on the page that asks."""


@pages.get("/<int:event_id>/announce")
@access.of_center(center_of_event)
def announce(event_id: int) -> ResponseReturnValue:
    """Asks whether to announce it."""
    return _ask(event_id, "announce", _announcing(visitor().actor))


@pages.post("/<int:event_id>/announce")
@access.of_center(center_of_event)
def do_announce(event_id: int) -> ResponseReturnValue:
    """Shows the event to everybody and tells who wanted to hear of such."""
    return _do(event_id, "announce", _announcing(visitor().actor))


@pages.get("/<int:event_id>/cancel")
@access.of_center(center_of_event)
def cancel(event_id: int) -> ResponseReturnValue:
    """Asks whether to cancel it, all times of it."""
    return _ask(event_id, "cancel", _cancelling(visitor().actor))


@pages.post("/<int:event_id>/cancel")
@access.of_center(center_of_event)
def do_cancel(event_id: int) -> ResponseReturnValue:
    """Cancels it and tells who comes or was told of it."""
    return _do(event_id, "cancel", _cancelling(visitor().actor))


@pages.get("/<int:event_id>/times/<int:occurrence_id>/cancel")
@access.of_center(center_of_occurrence)
def cancel_time(event_id: int, occurrence_id: int) -> ResponseReturnValue:
    """Asks whether to cancel one time of a series."""
    with parts().database.read() as session:
        only = [session.get_one(Occurrence, occurrence_id)]
    return _ask(event_id, "cancel_time", _cancelling_one(occurrence_id, visitor().actor), only)


@pages.post("/<int:event_id>/times/<int:occurrence_id>/cancel")
@access.of_center(center_of_occurrence)
def do_cancel_time(event_id: int, occurrence_id: int) -> ResponseReturnValue:
    """Cancels one time; the others stay."""
    return _do(event_id, "cancel_time", _cancelling_one(occurrence_id, visitor().actor))


def _announcing(actor: str) -> Act:
    return lambda session, event, urgent: life.announce(session, event, actor, urgent=urgent)


def _cancelling(actor: str) -> Act:
    return lambda session, event, urgent: life.cancel(session, event, actor, urgent=urgent)


def _cancelling_one(occurrence_id: int, actor: str) -> Act:
    return lambda session, event, urgent: life.cancel_one(session, event, occurrence_id, actor, urgent=urgent)


def _ask(event_id: int, deed: str, act: Act, only: Sequence[Occurrence] | None = None) -> ResponseReturnValue:
    try:
        expected = telling.forecast(event_id, act)
    except IllegalMove:
        return refused(event_id, deed)
    with parts().database.read() as session:
        event = session.get_one(Event, event_id)
        times = only if only is not None else finding.times_of(session, event_id, NEXT)
    again = recurrence.read(event.rrule, event.starts_at)
    return render_template(
        "staff/events/ask.html", event=event, deed=deed, forecast=expected, times=times, again=again
    )


def _do(event_id: int, deed: str, act: Act) -> ResponseReturnValue:
    try:
        with parts().database.write() as session:
            event = session.get_one(Event, event_id)
            told = act(session, event, bool(request.form.get("urgent")))
    except IllegalMove:
        return refused(event_id, deed)
    sentence = f"{say(f'events.done.{deed}')} {telling.result(told)}"
    return replies.done(sentence, url_for("staff.events.show", event_id=event_id))


def refused(event_id: int, deed: str) -> ResponseReturnValue:
    """Back to the event, which says why that may not be done with it."""
    with parts().database.read() as session:
        event = session.get_one(Event, event_id)
    ended = state_of(event) in {"over", "cancelled"}
    sentence = say(f"events.refused.{event.state}") if ended else say(f"events.refused.{deed}")
    return replies.done(sentence, url_for("staff.events.show", event_id=event_id), worked=False)
