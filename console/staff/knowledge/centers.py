"""A centre: its facts, its hall and the hall's rules, and the villages that it serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.staff import access
from console.staff.knowledge import columns, rows
from console.staff.knowledge.blueprint import pages
from console.staff.knowledge.listing import is_stale
from console.staff.objects import center_itself, center_of_served
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import say
from desk import facts
from desk.halls import rules as hall_rules
from knowledge import history
from knowledge.interchange.problems import BadFile
from knowledge.models import CenterRow, ServedRow

_RULE_DIGITS = 6
"""Digits of a rule that are read."""


@pages.get("/centers/<int:center_id>")
@access.of_center(center_itself)
def center(center_id: int) -> ResponseReturnValue:
    """A centre with all that belongs to it."""
    return rows.show("centers", center_id, more=lambda session: _around(session, center_id))


@pages.post("/centers/<int:center_id>")
@access.of_center(center_itself)
def save_center(center_id: int) -> ResponseReturnValue:
    """Changes a centre's facts."""
    return rows.save("centers", center_id, lambda session: _around(session, center_id))


@pages.post("/centers/<int:center_id>/rules")
@access.of_center(center_itself)
def rules(center_id: int) -> ResponseReturnValue:
    """Changes the rules of the centre's hall."""
    try:
        numbers = {name: _number(name) for name in facts.RULE_NAMES if name in request.form}
        with parts().database.write() as session:
            changed = facts.set_rules(session, center_id, numbers, visitor().actor)
    except ValueError:
        flash(say("knowledge.rules.wrong"), "bad")
    else:
        flash(say("knowledge.saved") if changed else say("knowledge.unchanged"), "good")
    return redirect(rows.address("centers", center_id) + "#rules", 303)


@pages.post("/centers/<int:center_id>/served")
@access.of_center(center_itself)
def add_served(center_id: int) -> ResponseReturnValue:
    """Adds a village that the centre serves."""
    given = columns.taken("served", request.form)
    try:
        with parts().database.write() as session:
            slug = session.get_one(CenterRow, center_id).slug
            facts.add(session, "served", {**given, "center": slug}, visitor().actor)
    except BadFile as error:
        first = error.problems[0]
        what = f"{columns.label(first.column)}: {columns.expected(first)}"
        flash(say("knowledge.served.wrong", what=what), "bad")
    else:
        flash(say("knowledge.served.added", village=given.get("village", "")), "good")
    return redirect(rows.address("centers", center_id) + "#served", 303)


@pages.post("/centers/<int:center_id>/served/remove")
@access.of_center(center_itself)
def remove_served(center_id: int) -> ResponseReturnValue:
    """Removes a village from those that the centre serves; the page offers to bring it back."""
    wanted = request.form.get("served_id", "")
    with parts().database.write() as session:
        number = int(wanted[:9]) if wanted.isascii() and wanted.isdigit() else 0
        row = session.get(ServedRow, number)
        if row is not None and row.center_id == center_id:
            facts.remove(session, "served", row.id, visitor().actor)
            flash(say("knowledge.served.removed", village=row.village), "good")
        else:
            flash(say("knowledge.served.gone"), "bad")
    return redirect(rows.address("centers", center_id) + "#served", 303)


@pages.get("/served/<int:served_id>")
@access.of_center(center_of_served)
def served_village(served_id: int) -> ResponseReturnValue:
    """A village that a centre serves."""
    return rows.show("served", served_id)


@pages.post("/served/<int:served_id>")
@access.of_center(center_of_served)
def save_served(served_id: int) -> ResponseReturnValue:
    """Changes what is known of a served village."""
    return rows.save("served", served_id)


def _around(session: Session, center_id: int) -> Mapping[str, Any]:
    """What the page of a centre shows beside its facts."""
    query = select(ServedRow).where(ServedRow.center_id == center_id).order_by(ServedRow.village)
    slug = session.get_one(CenterRow, center_id).slug
    gone = [one for one in history.removed(session, "served", 50) if _is_of(one.fields[0].old, slug)]
    return {
        "rules": hall_rules.rules_for(session, center_id),
        "rule_names": facts.RULE_NAMES,
        "has_own_rules": facts.has_own_rules(session, center_id),
        "served": [(row, is_stale(row.verified_on)) for row in session.scalars(query)],
        "gone": gone,
        "served_form": columns.sections("served", {}),
    }


def _is_of(cells: str, slug: str) -> bool:
    return history.cells(cells).get("center") == slug


def _number(name: str) -> int:
    """A rule as it was sent. Raises ValueError for what is no whole number."""
    given = request.form.get(name, "").strip()
    if not given.isascii() or not given.isdigit() or len(given) > _RULE_DIGITS:
        raise ValueError(name)
    return int(given)
