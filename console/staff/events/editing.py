"""Writing an event and changing it. Whatever is public is changed on a page that says who will be told."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.staff import access, centers, replies
from console.staff.events import form, telling
from console.staff.events.blueprint import pages
from console.staff.events.form import BadForm
from console.staff.events.moving import refused
from console.staff.events.telling import Act
from console.staff.objects import center_of_event
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import say
from desk.events import editing, life
from desk.events.editing import BadEvent, Wording
from desk.events.life import IllegalMove
from desk.events.models import Event

_OF_TIME = frozenset({"starts_at", "ends_at", "rrule"})


@pages.get("/new")
@access.signed_in
def new() -> str:
    """The empty form, for the first of one's centres."""
    own = centers.own()
    return form.page({"center": str(own[0].id) if own else "", "repeat": "once"})


@pages.post("/new")
@access.signed_in
def create() -> ResponseReturnValue:
    """Keeps a new event as a draft, which nobody sees yet."""
    fields = form.sent()
    try:
        wording = form.read(fields)
    except BadForm as error:
        return form.page(fields, None, str(error))
    access.require_center(wording.center_id)
    try:
        with parts().database.write() as session:
            made = life.create(session, wording, visitor().actor)
    except BadEvent as error:
        return form.page(fields, None, form.fault(error))
    return replies.done(say("events.created"), url_for("staff.events.show", event_id=made.id))


@pages.get("/<int:event_id>/edit")
@access.of_center(center_of_event)
def edit(event_id: int) -> ResponseReturnValue:
    """The form with what is kept."""
    event = _event(event_id)
    if event.state in {"over", "cancelled"}:
        return refused(event_id, "change")
    return form.page(form.of(event), event)


@pages.post("/<int:event_id>/edit")
@access.of_center(center_of_event)
def do_edit(event_id: int) -> ResponseReturnValue:
    """Changes a draft; of a public event it asks first, and says who will be told."""
    return _changed(event_id, ask=True)


@pages.post("/<int:event_id>/change")
@access.of_center(center_of_event)
def change(event_id: int) -> ResponseReturnValue:
    """Changes a public event as it was asked, and tells those whom it concerns."""
    return _changed(event_id, ask=False)


def _changed(event_id: int, *, ask: bool) -> ResponseReturnValue:
    fields, event = form.sent(), _event(event_id)
    if fields["seen"] != event.changed_at.isoformat():
        return form.page(form.of(event), event, say("events.bad.seen"))
    try:
        wording = form.read(fields, event)
        access.require_center(wording.center_id)
        if ask and event.state != "draft":
            return _ask(event, wording, fields)
        return _done(event, wording)
    except BadForm as error:
        return form.page(fields, event, str(error))
    except BadEvent as error:
        return form.page(fields, event, form.fault(error))
    except IllegalMove:
        if event.state in {"over", "cancelled"}:
            return refused(event_id, "change")
        return form.page(fields, event, say("events.refused.change"))


def _ask(event: Event, wording: Wording, fields: Mapping[str, str]) -> ResponseReturnValue:
    expected = telling.forecast(event.id, _changing(wording))
    with parts().database.read() as session:
        changed = editing.differences(event, editing.applied(session, wording))
    if not changed:
        return replies.done(say("events.unchanged"), url_for("staff.events.show", event_id=event.id))
    shown = sorted({"time" if name in _OF_TIME else name for name in changed})
    return render_template(
        "staff/events/ask_change.html",
        event=event,
        wording=wording,
        fields=fields,
        forecast=expected,
        changed=shown,
    )


def _done(event: Event, wording: Wording) -> ResponseReturnValue:
    act = _changing(wording)
    with parts().database.write() as session:
        told = act(session, session.get_one(Event, event.id), bool(request.form.get("urgent")))
    sentence = say("events.saved")
    if event.state != "draft":
        sentence = f"{sentence} {telling.result(told)}"
    return replies.done(sentence, url_for("staff.events.show", event_id=event.id))


def _changing(wording: Wording) -> Act:
    actor = visitor().actor
    return lambda session, event, urgent: life.change(session, event, wording, actor, urgent=urgent)


def _event(event_id: int) -> Event:
    with parts().database.read() as session:
        return session.get_one(Event, event_id)
