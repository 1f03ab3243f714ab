"""The member's own account: another password, and the second factor for those who need not have one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from console.staff import access, door, people, visitors
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import say
from desk.accounts import passing, passwords, roster
from desk.accounts.passing import Refused
from desk.accounts.passwords import BadPassword
from desk.staff import StaffMember

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.get("")
@access.signed_in
def page() -> ResponseReturnValue:
    """The two forms."""
    return _show()


@pages.post("/password")
@access.signed_in
def password() -> ResponseReturnValue:
    """Changes the password; the member's other browsers are signed out."""
    old, new, again = (
        request.form.get(name, "")[: passwords.LONGEST + 1] for name in ("old", "password", "again")
    )
    if new != again:
        return _show(say("frame.password.differ")), 400
    try:
        came = passing.change_password(parts().database, visitor().token, old, new, request.remote_addr or "")
    except BadPassword as error:
        return _show(door.why(error)), 400
    if isinstance(came, Refused):
        return _show(door.refusal(came, "frame.account.wrong")), 400
    visitors.let_in(came)
    flash(say("frame.account.changed"), "good")
    return redirect(url_for("staff.account.page"), 303)


@pages.post("/code")
@access.signed_in
def code() -> ResponseReturnValue:
    """Turns the second factor on, where the code shows that the member's app has it."""
    if not passing.keep_code(parts().database, visitor().token, request.form.get("code", "")[:20]):
        return _show(say("frame.code.wrong")), 400
    flash(say("frame.account.code_on"), "good")
    return redirect(url_for("staff.account.page"), 303)


@pages.post("/telegram")
@access.signed_in
def telegram_code() -> ResponseReturnValue:
    """A code with which the member links their own Telegram account."""
    found = visitor()
    with parts().database.write() as session:
        code = roster.telegram_code(session, found.id, found.actor)
    return people.show_way(found.name, code, url_for("staff.account.page"))


@pages.post("/unlink")
@access.signed_in
def unlink() -> ResponseReturnValue:
    """The member's Telegram account is linked no more."""
    found = visitor()
    with parts().database.write() as session:
        roster.unlink(session, found.id, found.actor)
    flash(say("people.unlinked", name=found.name), "good")
    return redirect(url_for("staff.account.page"), 303)


def _show(problem: str = "") -> str:
    found = visitor()
    with parts().database.write() as session:
        secret = passing.offered_secret(session, found.token)
        linked = session.get_one(StaffMember, found.id).linked_contact_id is not None
    picture = door.qr(secret, found.name) if secret is not None else None
    shown = {"problem": problem, "secret": secret, "picture": picture, "linked": linked}
    return render_template("staff/account.html", **shown, shortest=passwords.SHORTEST)
