"""The centres that a member may see, to choose one of; for pages that show one centre at a time."""

from __future__ import annotations

from flask import abort

from bot import names
from console.staff import access
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import locale
from knowledge.types import Center


def own() -> list[Center]:
    """The member's centres, by name; all of them for editors and administrators."""
    scope, known = visitor().scope, parts().knowledge()
    found = [one for one in known.centers.values() if scope.covers(one.id)]
    return sorted(found, key=lambda one: names.center(locale(), one, known))


def chosen(among: list[Center], number: str | None) -> Center:
    """The centre that an address names by its id, else the first one; 404 for none, 403 for another's."""
    if not number:
        return among[0]
    center = parts().knowledge().centers.get(int(number)) if number.isdecimal() and len(number) < 10 else None
    if center is None:
        abort(404)
    access.require_center(center.id)
    return center
