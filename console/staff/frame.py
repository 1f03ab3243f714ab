"""The blueprint around all pages: access and CSRF before each request, headers after it, what templates know."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from bot.halls import words as facts
from console.staff import access, cookies, navigation, visitors
from console.staff.pages import PAGES
from console.staff.parts import EXTENSION, Parts, parts
from console.staff.words import NAMES, length, locale, say, say_in, stamp

BODY_LIMIT = 256 * 1024
"""Bytes of a request, unless the view has a ``body_limit`` of its own (see ``limits``)."""

_csrf = CSRFProtect()


def install(app: Flask, given: Parts) -> None:
    """Adds ``/staff`` to the application."""
    app.extensions[EXTENSION] = given
    cookies.install(app, given)
    visitors.install(app)
    _csrf.init_app(app)
    app.jinja_env.globals["say"] = say  # macros that are imported see no context
    app.register_blueprint(_blueprint())


def _blueprint() -> Blueprint:
    made = Blueprint(
        "staff",
        __name__,
        url_prefix=cookies.PATH,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    for function in (_limit_body, access.check, _check_csrf):
        made.before_request(function)
    made.after_request(_keep_nothing)
    made.context_processor(_for_templates)
    made.register_error_handler(CSRFError, _problem)
    for code in (400, 401, 403, 404, 413):
        made.register_error_handler(code, _problem)
    for page in PAGES:
        made.register_blueprint(page)
    return made


def _limit_body() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, "body_limit", BODY_LIMIT)


def _check_csrf() -> None:
    if request.endpoint != access.STATIC:
        _csrf.protect()


def _keep_nothing(response: Response) -> Response:
    if request.endpoint != access.STATIC:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _problem(error: HTTPException) -> ResponseReturnValue:
    """A page in words for what went wrong; a form whose token is too old says so."""
    code = error.code or 500
    name = "csrf" if isinstance(error, CSRFError) else str(code)
    return render_template("staff/problem.html", problem=name), code


def _for_templates() -> dict[str, Any]:
    language = locale()
    return {
        "say": partial(say_in, language),  # to ask anew for each sentence who reads it takes a third of a page
        "locale": language,
        "languages": NAMES,
        "me": visitors.anyone(),
        "navigation": navigation.entries(),
        "opens": _opens,
        "when": lambda starts_at, ends_at: facts.span(language, starts_at, ends_at),
        "moment": lambda at: facts.moment(language, at),
        "stamp": stamp,
        "time": facts.clock,
        "day": lambda value: facts.day(language, value),
        "how_long": length,
        "center_name": lambda center_id: facts.center(language, center_id, parts().knowledge()),
    }


def _opens(endpoint: str) -> bool:
    """Whether the visitor may use a page that may or may not be there."""
    found = visitors.anyone()
    return found is not None and found.is_whole and access.opens(endpoint, found)
