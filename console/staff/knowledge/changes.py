""" "Verified today", and taking an edit back: for rows of every kind, by whoever may change them."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.staff import access, replies
from console.staff.knowledge import rows
from console.staff.knowledge.blueprint import pages
from console.staff.objects import center_itself, center_of_served
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import say
from desk import facts
from knowledge import history
from knowledge.editing import ChangedSince, NotThere
from knowledge.history import WHOLE, Edit
from knowledge.interchange.kinds import KINDS
from knowledge.interchange.problems import BadFile
from knowledge.interchange.single import RowId


@pages.post("/verified/<kind>/<row_id>")
@access.signed_in
def verify(kind: str, row_id: str) -> ResponseReturnValue:
    """Somebody has checked the row today."""
    if kind not in KINDS:
        abort(404)
    number = _as_id(kind, row_id)
    back = replies.local(request.form.get("back") or rows.address(kind, number))
    try:
        with parts().database.write() as session:
            _require(session, kind, number)
            facts.verify(session, kind, number, visitor().actor)
    except NotThere:
        abort(404)
    except BadFile:
        return replies.done(say("knowledge.verify.wrong"), rows.address(kind, number), worked=False)
    return replies.done(say("knowledge.verified"), back, render_template("staff/knowledge_verified.html"))


@pages.post("/undo/<kind>/<row_id>/<edit_id>")
@access.signed_in
def undo(kind: str, row_id: str, edit_id: str) -> ResponseReturnValue:
    """Takes back what one save changed in one row."""
    if kind not in {*KINDS, facts.RULES}:
        abort(404)
    back = replies.local(request.form.get("back") or rows.address(kind, _as_id(kind, row_id)))
    try:
        with parts().database.write() as session:
            edit = history.find(session, edit_id, kind, row_id)
            if edit is None:
                abort(404)
            _require(session, kind, _as_id(kind, row_id), edit)
            facts.undo(session, edit, visitor().actor)
    except ChangedSince:
        flash(say("knowledge.undo.since"), "bad")
    except (NotThere, BadFile, ValueError):
        flash(say("knowledge.undo.wrong"), "bad")
    else:
        flash(say("knowledge.undone"), "good")
    return redirect(back, 303)


def _as_id(kind: str, row_id: str) -> RowId:
    """The id in an address as the tables have it; 404 for what can be none."""
    if kind == "services":
        return row_id
    if not (row_id.isascii() and row_id.isdigit() and len(row_id) < 10):
        abort(404)
    return int(row_id)


def _require(session: Session, kind: str, row_id: RowId, edit: Edit | None = None) -> None:
    """Ends the request where the visitor may not change that row: services and places are the editors'."""
    if kind in {"services", "places"}:
        if not access.may("editor", visitor()):
            abort(403)
        return
    center = center_of_served if kind == "served" else center_itself
    center_id = center(session, int(row_id)) or (_center_before(edit) if edit is not None else None)
    if center_id is None:
        abort(404)
    access.require_center(center_id)


def _center_before(edit: Edit) -> int | None:
    """The centre of a served village that was removed."""
    slug = next((history.cells(one.old).get("center", "") for one in edit.fields if one.name == WHOLE), "")
    found = parts().knowledge().centers_by_slug.get(slug)
    return found.id if found is not None else None
