"""Every route of the console, as everybody, with every method: who may not is not let in, and who may is.

``routes.ROUTES`` says who may; a route that is not in it fails here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from console.staff import access
from console.staff.pages import PAGES
from tests.console.staff.routes import ALL, CENTER, HALF, PUBLIC, ROUTES, Line
from tests.console.staff.world import World

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
OUT = frozenset({"nobody", "off", "half"})
"""Who is sent to the door rather than refused."""

DOORS = ("/staff/sign-in", "/staff/code")


def rules(app: Flask) -> Iterator[Rule]:
    return (rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/staff"))


def address(world: World, rule: Rule, line: Line) -> str:
    values = {
        name: world.objects[value[1:]] if isinstance(value, str) and value.startswith("$") else value
        for name, value in line.values.items()
    }
    with world.app.test_request_context("/staff/"):
        return world.app.url_for(rule.endpoint, **values, _external=False)


def test_the_table_knows_every_route_and_no_other(world: World) -> None:
    assert {rule.endpoint for rule in rules(world.app)} == set(ROUTES)


def test_every_route_has_declared_its_rule(world: World) -> None:
    with world.app.app_context():
        assert [rule.endpoint for rule in rules(world.app) if access.rule_of(rule.endpoint) is None] == []


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
def test_who_may_is_let_in_and_nobody_else(world: World, endpoint: str) -> None:
    line = ROUTES[endpoint]
    for rule in [one for one in rules(world.app) if one.endpoint == endpoint]:
        path = address(world, rule, line)
        # Those who may come last: what they do changes the world.
        for who in sorted(ALL, key=lambda name: (name in line.whose, name)):
            for method in sorted(rule.methods or ()):
                came = world.browser(who).send(method, path, line.form)
                expect(came, who, line, f"{who} {method} {path}: {came.status}, {came.location}")


def expect(came: TestResponse, who: str, line: Line, where: str) -> None:
    to_the_door = came.status_code == 303 and str(came.location).startswith(DOORS)
    if who in line.whose:
        assert came.status_code not in {403, 405, 500}, where
        assert came.status_code != 404 or "none" in line.values.values(), where
        assert line.whose in (PUBLIC, HALF) or not to_the_door, where
    elif line.whose == HALF:
        assert came.status_code == 303, where
    elif who in OUT:
        assert to_the_door, where
    else:
        assert came.status_code == 403, where


@pytest.mark.parametrize("who", sorted(ALL))
def test_other_methods_are_taken_by_nobody(world: World, who: str) -> None:
    known: dict[str, set[str]] = {}
    paths: dict[str, str] = {}
    for rule in rules(world.app):
        known.setdefault(rule.rule, set()).update(rule.methods or ())
        paths[rule.rule] = address(world, rule, ROUTES[rule.endpoint])
    for pattern, methods in known.items():
        for method in set(METHODS) - methods:
            assert world.browser(who).send(method, paths[pattern]).status_code == 405, (method, pattern)


@pytest.mark.parametrize("endpoint", sorted(name for name, line in ROUTES.items() if line.whose == CENTER))
def test_an_object_that_is_not_there_is_not_found(world: World, endpoint: str) -> None:
    line = ROUTES[endpoint]
    for rule in [one for one in rules(world.app) if one.endpoint == endpoint]:
        with world.app.test_request_context("/staff/"):
            missing = {
                name: 999_999 if str(value).startswith("$") else value for name, value in line.values.items()
            }
            path = world.app.url_for(endpoint, **missing)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert world.browser("administrator").send(method, path, line.form).status_code == 404


@pytest.mark.parametrize("endpoint", sorted(set(ROUTES) - {"staff.static"}))
def test_no_form_is_taken_without_its_token(world: World, endpoint: str) -> None:
    line = ROUTES[endpoint]
    who = sorted(line.whose)[0]
    for rule in [one for one in rules(world.app) if one.endpoint == endpoint]:
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            path = address(world, rule, line)
            browser = world.browser(who)
            assert browser.client.open(path, method=method, data=dict(line.form)).status_code == 400
            forged = {**line.form, "csrf_token": "forged"}
            assert browser.client.open(path, method=method, data=forged).status_code == 400


def test_a_route_without_a_rule_is_refused(world: World) -> None:
    world.app.view_functions["staff.today.page"].__dict__.pop("access_rule")
    try:
        assert world.browser("administrator").get("/staff/today").status_code == 403
    finally:
        access.signed_in(world.app.view_functions["staff.today.page"])


def test_every_page_is_listed_once() -> None:
    names = [page.name for page in PAGES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("endpoint", sorted(name for name, line in ROUTES.items() if "here" in line.whose))
def test_nothing_of_a_page_is_kept_by_browsers(world: World, endpoint: str) -> None:
    line = ROUTES[endpoint]
    for rule in [one for one in rules(world.app) if one.endpoint == endpoint and endpoint != "staff.static"]:
        path = address(world, rule, line)
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        assert world.browser("here").send(method, path, line.form).headers["Cache-Control"] == "no-store"
