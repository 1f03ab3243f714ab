"""Whole files in and out: what a file would change is shown first, and then carried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console.staff import access, downloads, limits
from console.staff.knowledge import columns
from console.staff.knowledge.blueprint import pages
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import say
from desk import facts
from knowledge import interchange, models, uploads
from knowledge.interchange import BadFile, Changes
from knowledge.interchange.cells import written
from knowledge.interchange.sheets import LARGEST_FILE
from knowledge.uploads import Upload
from store import clock

SHOWN = 300
"""So many lines of a plan are shown; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a plan. ``what``: added, changed, removed; of a changed row a line for each field."""

    what: str
    row: str
    column: str
    before: str
    after: str


@pages.get("/files")
@access.at_least("editor")
def files() -> str:
    """What can be taken out and brought in."""
    return _page()


@pages.get("/files/<kind>.<ending>")
@access.at_least("editor")
def export(kind: str, ending: str) -> Response:
    """All rows of a kind as a file."""
    if kind not in interchange.KINDS:
        abort(404)
    name = f"{kind}-{clock.local_now().date().isoformat()}"
    with parts().database.read() as session:
        return downloads.file(name, ending, lambda path: interchange.export(session, kind, path))


@pages.post("/files")
@access.at_least("editor")
@limits.takes_up_to(LARGEST_FILE + 64 * 1024)
def upload() -> ResponseReturnValue:
    """Looks at a file and says what it would change; changes nothing."""
    kind, file = request.form.get("kind", ""), request.files.get("file")
    if kind not in interchange.KINDS or file is None or not file.filename:
        flash(say("knowledge.files.choose"), "bad")
        return redirect(url_for("staff.knowledge.files"), 303)
    with parts().database.write() as session:
        row = uploads.keep(session, kind, file.filename, file.read(), visitor().actor)
    with parts().database.read() as session:  # a long file takes its time, in which others may write
        return _planned(session, row)


@pages.post("/files/<int:upload_id>")
@access.at_least("editor")
def carry_out(upload_id: int) -> ResponseReturnValue:
    """Does what the file was said to do; where the data changed meanwhile, it is shown anew."""
    try:
        with parts().database.write() as session:
            row = uploads.find(session, upload_id, visitor().actor)
            if row is None:
                flash(say("knowledge.files.gone"), "bad")
                return redirect(url_for("staff.knowledge.files"), 303)
            if row.version != models.version(session):
                row.version = models.version(session)
                return _planned(session, row, since=True)
            changes = _plan(session, row, agreed="removals" in request.form)
            if changes.refusal is not None:
                return _page(row, changes)
            facts.carry_out(session, changes, visitor().actor)
            session.delete(row)
    except BadFile as error:
        return _page(error=error)
    flash(say("knowledge.files.done", kind=say(f"knowledge.kind.{changes.kind.name}")), "good")
    return redirect(url_for("staff.knowledge.files"), 303)


def _planned(session: Session, row: Upload, *, since: bool = False) -> ResponseReturnValue:
    """The page with what a file would change, or with what is wrong with it."""
    try:
        return _page(row, _plan(session, row), since=since)
    except BadFile as error:
        return _page(row, error=error)


def _plan(session: Session, row: Upload, *, agreed: bool = False) -> Changes:
    with uploads.opened(row) as path:
        rows = interchange.read(row.kind, path, session=session)
    return interchange.plan(session, row.kind, rows, allow_removals=agreed)


def _page(
    row: Upload | None = None, changes: Changes | None = None, error: BadFile | None = None, *, since: bool = False
) -> str:
    lines = list(islice(_lines(changes), SHOWN + 1)) if changes is not None else []
    return render_template(
        "staff/knowledge_files.html",
        kind="files",
        kinds=interchange.KINDS,
        endings=downloads.ENDINGS,
        row=row,
        changes=changes,
        lines=lines[:SHOWN],
        is_cut=len(lines) > SHOWN,
        error=error,
        since=since,
        label=columns.label,
        expected=columns.expected,
        short=columns.short,
        megabytes=LARGEST_FILE // 1_000_000,
    )


def _lines(changes: Changes) -> Iterator[Line]:
    yield from (Line("removed", ", ".join(row.key), "", "", "") for row in changes.removed)
    for row in changes.changed:
        for one in row.fields:
            before, after = columns.short(written(one.before)), columns.short(written(one.after))
            yield Line("changed", ", ".join(row.key), one.column, before, after)
    yield from (Line("added", ", ".join(record.key), "", "", "") for record in changes.added)
