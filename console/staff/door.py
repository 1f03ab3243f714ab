"""The door: signing in and out, the second factor, and the pages behind one-time links."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.staff import access, replies, visitors
from console.staff import qr as pictures
from console.staff.parts import parts
from console.staff.visitors import anyone, half_visitor
from console.staff.words import locale, say
from desk.accounts import codes, links, passing, passwords
from desk.accounts.passing import BadLink, BadName, Passed, Refused
from desk.accounts.passwords import BadPassword

pages = Blueprint("door", __name__)

NAME_LIMIT = 120

LINK = "/staff/link/{token}"
"""Where a one-time link leads."""

MINUTE = timedelta(minutes=1)


@pages.get("/sign-in")
@access.public
def sign_in() -> ResponseReturnValue:
    """Asks for the name and the password."""
    found = anyone()
    if found is not None and found.is_whole:
        return redirect(url_for("staff.today.page"), 303)
    return _ask_for_name()


@pages.post("/sign-in")
@access.public
def do_sign_in() -> ResponseReturnValue:
    """Looks at them; what is wrong of the two is not told."""
    name = request.form.get("name", "")[:NAME_LIMIT]
    password = request.form.get("password", "")[: passwords.LONGEST + 1]
    came = passing.sign_in(parts().database, name, password, _address())
    if isinstance(came, Refused):
        return _ask_for_name(refusal(came, "frame.door.wrong"), name), _status(came)
    return _go_on(came)


@pages.post("/sign-out")
@access.public
def sign_out() -> ResponseReturnValue:
    """Ends the session, a half one too."""
    found = anyone()
    if found is not None:
        passing.sign_out(parts().database, found.token)
    visitors.let_out()
    return redirect(url_for("staff.door.sign_in"), 303)


@pages.get("/code")
@access.half_signed_in
def code() -> ResponseReturnValue:
    """Asks for the code of the second factor; who has none sets it up here."""
    return _ask_for_code()


@pages.post("/code")
@access.half_signed_in
def do_code() -> ResponseReturnValue:
    """Looks at the code."""
    given = request.form.get("code", "")[:20]
    came = passing.give_code(parts().database, half_visitor().token, given, _address())
    if isinstance(came, Refused):
        return _ask_for_code(refusal(came, "frame.code.wrong")), _status(came)
    return _go_on(came)


@pages.get("/link/<token>")
@access.public
def link(token: str) -> ResponseReturnValue:
    """What a one-time link opens: a form for a password. Looking does not use the link up."""
    return _ask_for_password(token)


@pages.post("/link/<token>")
@access.public
def do_link(token: str) -> ResponseReturnValue:
    """Sets the password and signs in."""
    form = request.form
    password = form.get("password", "")[: passwords.LONGEST + 1]
    if password != form.get("again", "")[: passwords.LONGEST + 1]:
        return _ask_for_password(token, say("frame.password.differ"))
    name, email = form.get("name", "")[:NAME_LIMIT], form.get("email", "")[:NAME_LIMIT]
    try:
        came = passing.accept(parts().database, token, password, name, email, locale())
    except BadLink:
        return _ask_for_password(token)
    except BadPassword as error:
        return _ask_for_password(token, why(error))
    except BadName as error:
        return _ask_for_password(token, say(f"frame.name.{error.code}"))
    return _go_on(came)


def why(error: BadPassword) -> str:
    """Why a password may not be chosen."""
    return say(f"frame.password.{error.code}", shortest=passwords.SHORTEST, longest=passwords.LONGEST)


def refusal(came: Refused, wrong: str) -> str:
    """Why nobody was let in: ``wrong``, or that there were too many tries."""
    if came.wait is None:
        return say(wrong)
    return say("frame.door.wait", minutes=max(-(-came.wait // MINUTE), 1))


def qr(secret: str, name: str) -> str:
    """The picture of a second factor, as the address of an image."""
    return pictures.picture(codes.address(secret, name))


def _ask_for_name(problem: str = "", name: str = "") -> str:
    return render_template("staff/sign_in.html", problem=problem, name=name, next=request.args.get("next", ""))


def _ask_for_code(problem: str = "") -> str:
    found = half_visitor()
    with parts().database.write() as session:
        secret = passing.offered_secret(session, found.token)
    picture = qr(secret, found.name) if secret is not None else None
    return render_template("staff/code.html", problem=problem, secret=secret, picture=picture)


def _ask_for_password(token: str, problem: str = "") -> tuple[str, int]:
    with parts().database.read() as session:
        row = links.find(session, token)
        whose = passing.name_of(session, row) if row is not None else ""
    if row is None:
        return render_template("staff/problem.html", problem="link"), 404
    kept = {field: request.form.get(field, "")[:NAME_LIMIT] for field in ("name", "email")}
    shown = {"kind": row.kind, "whose": whose, "problem": problem, "shortest": passwords.SHORTEST, "kept": kept}
    return render_template("staff/link.html", **shown), 400 if problem else 200


def _go_on(came: Passed) -> ResponseReturnValue:
    back = request.args.get("next") or request.form.get("next")
    visitors.let_in(came)
    if not came.is_whole:
        return redirect(url_for("staff.door.code", next=back or None), 303)
    return redirect(replies.local(back), 303)


def _status(came: Refused) -> int:
    return 429 if came.wait is not None else 401


def _address() -> str:
    return request.remote_addr or ""
