"""Marking a row as verified today, and taking an edit back: for every kind, by whoever may change it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from console.staff import access, replies
from console.staff.knowledge import rows
from console.staff.knowledge.blueprint import pages
from console.staff.objects import center_of_fact
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import say
from desk import facts
from knowledge import history
from knowledge.editing import ChangedSince, NotThere
from knowledge.interchange.kinds import KINDS
from knowledge.interchange.problems import BadFile
from knowledge.interchange.single import RowId


@pages.post("/verified/<kind>/<row_id>")
@access.of_center(center_of_fact)
def verify(kind: str, row_id: str) -> ResponseReturnValue:
    """Somebody has checked the row today."""
    if kind not in KINDS:
        abort(404)
    number = _as_id(kind, row_id)
    back = replies.local(request.form.get("back") or rows.address(kind, number))
    try:
        with parts().database.write() as session:
            facts.verify(session, kind, number, visitor().actor)
    except NotThere:
        abort(404)
    except BadFile:
        return replies.done(say("knowledge.verify.wrong"), rows.address(kind, number), worked=False)
    return replies.done(say("knowledge.verified"), back, render_template("staff/knowledge_verified.html"))


@pages.post("/undo/<kind>/<row_id>/<edit_id>")
@access.of_center(center_of_fact)
def undo(kind: str, row_id: str, edit_id: str) -> ResponseReturnValue:
    """Takes back what one save changed in one row."""
    back = replies.local(request.form.get("back") or rows.address(kind, _as_id(kind, row_id)))
    try:
        with parts().database.write() as session:
            edit = history.find(session, edit_id, kind, row_id)
            if edit is None:
                abort(404)
            facts.undo(session, edit, visitor().actor)
    except ChangedSince:
        flash(say("knowledge.undo.since"), "bad")
    except (NotThere, BadFile, ValueError):
        flash(say("knowledge.undo.wrong"), "bad")
    else:
        flash(say("knowledge.undone"), "good")
    return redirect(back, 303)


def _as_id(kind: str, row_id: str) -> RowId:
    """The id in an address as the tables have it; the rule of the route has seen that it can be one."""
    return row_id if kind == "services" else int(row_id)
