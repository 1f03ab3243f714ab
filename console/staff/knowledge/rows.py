"""The form of one row, whatever its kind: shown, saved, or shown again with what is wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import wording
from console.staff import access
from console.staff.knowledge import columns
from console.staff.knowledge.blueprint import pages
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import locale, say
from desk import facts
from knowledge import history
from knowledge.interchange import single
from knowledge.interchange.kinds import KINDS
from knowledge.interchange.problems import BadFile, Problem
from knowledge.interchange.single import RowId

More = Callable[[Session], Mapping[str, Any]]
"""What the page of a row shows besides its form."""


@pages.get("/services/<slug>")
@access.signed_in
def service(slug: str) -> ResponseReturnValue:
    """A service in all languages; centre staff read it."""
    return show("services", slug, may_change=access.may("editor", visitor()))


@pages.post("/services/<slug>/facts")
@access.at_least("editor")
def save_service(slug: str) -> ResponseReturnValue:
    """Changes a service."""
    return save("services", slug)


@pages.get("/places/<int:place_id>")
@access.signed_in
def place(place_id: int) -> ResponseReturnValue:
    """A settlement; centre staff read it."""
    return show("places", place_id, may_change=access.may("editor", visitor()))


@pages.post("/places/<int:place_id>/facts")
@access.at_least("editor")
def save_place(place_id: int) -> ResponseReturnValue:
    """Changes a settlement."""
    return save("places", place_id)


def show(kind: str, row_id: RowId, *, may_change: bool = True, more: More | None = None) -> ResponseReturnValue:
    """The page of a row; 404 where there is none."""
    with parts().database.read() as session:
        values = _values(session, kind, row_id)
        return _page(session, kind, row_id, values, seen(values), may_change=may_change, more=more)


def save(kind: str, row_id: RowId, more: More | None = None) -> ResponseReturnValue:
    """Saves the form that was sent, or shows it again with what is wrong."""
    given = columns.taken(kind, request.form)
    try:
        with parts().database.write() as session:
            before = _values(session, kind, row_id)
            if request.form.get("seen") != seen(before):
                return _page(session, kind, row_id, {**before, **given}, seen(before), since=True, more=more)
            changed = facts.change(session, kind, row_id, given, visitor().actor)
    except BadFile as error:
        with parts().database.read() as session:
            before = _values(session, kind, row_id)
            shown = {**before, **given}
            return _page(session, kind, row_id, shown, seen(before), problems=error.problems, more=more)
    flash(say("knowledge.saved") if changed else say("knowledge.unchanged"), "good")
    return redirect(address(kind, row_id), 303)


def address(kind: str, row_id: object) -> str:
    """Where the page of a row is; that of a hall's rules is its centre's."""
    endpoints = {
        "centers": ("staff.knowledge.center", "center_id"),
        facts.RULES: ("staff.knowledge.center", "center_id"),
        "served": ("staff.knowledge.served_village", "served_id"),
        "services": ("staff.knowledge.service", "slug"),
        "places": ("staff.knowledge.place", "place_id"),
    }
    endpoint, name = endpoints[kind]
    return url_for(endpoint, **{name: cast(Any, row_id)})


def seen(values: Mapping[str, str]) -> str:
    """A digest of a row as a form shows it, so that two who change it at once do not undo one another."""
    return hashlib.sha256(json.dumps(dict(values), sort_keys=True).encode()).hexdigest()[:20]


def _values(session: Session, kind: str, row_id: RowId) -> dict[str, str]:
    row = single.find(session, KINDS[kind], row_id)
    if row is None:
        abort(404)
    return single.cells_of(KINDS[kind], row)


def _page(
    session: Session,
    kind: str,
    row_id: RowId,
    values: Mapping[str, str],
    digest: str,
    *,
    problems: Sequence[Problem] = (),
    since: bool = False,
    may_change: bool = True,
    more: More | None = None,
) -> str:
    edits = history.of(session, kind, row_id)
    if kind == "centers":
        edits = sorted([*edits, *history.of(session, facts.RULES, row_id)], key=lambda one: one.at, reverse=True)
    sections = columns.sections(kind, values, problems)
    shown = {field.name for section in sections for field in section.fields}
    return render_template(
        "staff/knowledge_row.html",
        kind=kind,
        row_id=row_id,
        action=address(kind, row_id) + ("/facts" if kind in {"services", "places"} else ""),
        title=_title(kind, values),
        sections=sections,
        seen=digest,
        edits=edits,
        problems=[one for one in problems if one.column not in shown],
        is_wrong=bool(problems),
        since=since,
        may_change=may_change,
        verified_on=values["verified_on"],
        label=columns.label,
        short=columns.short,
        expected=columns.expected,
        **(more(session) if more is not None else {}),
    )


def _title(kind: str, values: Mapping[str, str]) -> str:
    if kind == "served":
        return values["village"]
    return values["name_en"] if wording.base(locale()) == "en" else values["name_ka"]
