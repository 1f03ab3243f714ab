"""Who may what. Every route under ``/staff`` declares its rule; a request to one without a rule is refused.

    @pages.get("/events/<int:event_id>")
    @access.of_center(center_of_event)
    def show(event_id: int) -> str: ...

Where the centre comes in a form and not in the address, the view asks ``require_center``. Lists are narrowed by
``visitor().scope``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import structlog
from flask import abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from console.staff.parts import parts
from console.staff.visitors import Visitor, anyone, visitor
from desk.staff import ROLES, Role

log = structlog.get_logger()

View = TypeVar("View", bound=Callable[..., Any])

Finder = Callable[..., int | None]
"""``find(session, **values of the address)``: the centre of the object in the address, None without one."""

Judge = Callable[..., bool | None]
"""``judge(session, visitor, **values of the address)``: whether they may; None without such an object."""

Kind = Literal["public", "half", "role", "center", "object"]

STATIC = "staff.static"
"""The one endpoint that is public without saying so: style sheets and scripts, made by Flask itself."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom a route is for: everybody, those whose password was right, a role, or staff who may see an object."""

    kind: Kind
    role: Role = "staff"
    find: Finder | None = None
    judge: Judge | None = None


def public(view: View) -> View:
    """For everybody, signed in or not."""
    return _declare(view, Rule("public"))


def half_signed_in(view: View) -> View:
    """For those whose password was right, the second factor still to come."""
    return _declare(view, Rule("half"))


def signed_in(view: View) -> View:
    """For every member of staff."""
    return _declare(view, Rule("role"))


def at_least(role: Role) -> Callable[[View], View]:
    """For members of that role and of those above it; their centres do not matter."""
    return lambda view: _declare(view, Rule("role", role))


def of_center(find: Finder, role: Role = "staff") -> Callable[[View], View]:
    """For members of at least that role who may act for the centre of the object in the address.

    ``find`` is given a session and the values of the address by name; 404 where it finds none.
    """
    return lambda view: _declare(view, Rule("center", role, find))


def where(judge: Judge, role: Role = "staff") -> Callable[[View], View]:
    """For members of at least that role whom ``judge`` lets use the object in the address; 404 without one.

    For objects that belong to several centres, or to none.
    """
    return lambda view: _declare(view, Rule("object", role, judge=judge))


def may(role: Role, found: Visitor) -> bool:
    """Whether the visitor has that role, or one above it."""
    return ROLES.index(found.role) >= ROLES.index(role)


def opens(endpoint: str, found: Visitor) -> bool:
    """Whether there is such a route and the visitor's role may use it; for links and the navigation."""
    rule = rule_of(endpoint)
    return rule is not None and rule.kind != "half" and may(rule.role, found)


def rule_of(endpoint: str) -> Rule | None:
    """The declared rule of a route; None where there is no such route, or no rule."""
    if endpoint == STATIC:
        return Rule("public")
    return getattr(current_app.view_functions.get(endpoint), "access_rule", None)


def require_center(center_id: int) -> None:
    """Ends the request with 403 where the visitor may not act for that centre."""
    if not visitor().scope.covers(center_id):
        abort(403)


def check() -> Response | None:
    """Lets the request through, sends it to the sign-in page, or ends it. Runs before every view."""
    rule = rule_of(request.endpoint or "")
    if rule is None:
        log.error("route_without_a_rule", endpoint=request.endpoint)
        abort(403)
    if rule.kind == "public":
        return None
    found = anyone()
    if found is None or (not found.is_whole and rule.kind != "half"):
        return _to_the_door(found)
    if rule.kind == "half":
        return redirect(url_for("staff.today.page"), 303) if found.is_whole else None
    if not may(rule.role, found):
        abort(403)
    if rule.find is not None:
        with parts().database.read() as session:
            center_id = rule.find(session, **(request.view_args or {}))
        if center_id is None:
            abort(404)
        if not found.scope.covers(center_id):
            abort(403)
    if rule.judge is not None:
        with parts().database.read() as session:
            allowed = rule.judge(session, found, **(request.view_args or {}))
        if allowed is None:
            abort(404)
        if not allowed:
            abort(403)
    return None


def _to_the_door(found: Visitor | None) -> Response:
    if found is not None:
        door = url_for("staff.door.code")
    else:
        door = url_for("staff.door.sign_in", next=request.full_path if request.method == "GET" else None)
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": url_for("staff.door.sign_in")})
    return redirect(door, 303)


def _declare(view: View, rule: Rule) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view
