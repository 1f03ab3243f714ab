"""``/staff`` itself, which leads to Today, and the choice of the language."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from console.staff import access, replies
from console.staff.parts import parts
from console.staff.visitors import LOCALES, anyone
from desk.accounts import passing

pages = Blueprint("home", __name__)


@pages.get("/")
@access.signed_in
def page() -> Response:
    """The address that people remember."""
    return redirect(url_for("staff.today.page"), 303)


@pages.post("/language")
@access.public
def language() -> Response:
    """Keeps the language: with the member's account, or in the cookie of who is not signed in."""
    chosen = request.form.get("locale")
    if chosen in LOCALES:
        cookie["locale"] = chosen
        found = anyone()
        if found is not None:
            with parts().database.write() as session:
                passing.account_of(session, found.id).console_locale = chosen
    return redirect(replies.local(request.form.get("back")), 303)
