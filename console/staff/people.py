"""People: who works here, with which role, for which centres, and how they come in. For administrators."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.halls import words as facts
from console.staff import access, door, telegram
from console.staff.parts import parts
from console.staff.visitors import LOCALES, visitor
from console.staff.words import locale, say
from desk.accounts import links, roster
from desk.accounts.roster import Entry, Issued, Refused
from desk.staff import ROLES, Role
from knowledge.types import BaseLocale

pages = Blueprint("people", __name__, url_prefix="/people")

Act = Callable[[Session], object]


@pages.get("")
@access.at_least("administrator")
def page() -> str:
    """Everybody."""
    with parts().database.read() as session:
        found = roster.entries(session)
    return render_template("staff/people.html", entries=found)


@pages.get("/new")
@access.at_least("administrator")
def new() -> ResponseReturnValue:
    """The form for somebody who is taken on."""
    return _new()


@pages.post("/new")
@access.at_least("administrator")
def take_on() -> ResponseReturnValue:
    """Takes somebody on, and shows their link once."""
    try:
        with parts().database.write() as session:
            member = roster.take_on(
                session, request.form.get("name", ""), _role(), _centers(), _language(), visitor().id
            )
            issued = roster.link(session, member.id, visitor().id)
            name = member.name
    except Refused as error:
        return _new(_why(error)), 400
    return _show_link(name, issued)


@pages.get("/<int:staff_id>")
@access.at_least("administrator")
def member(staff_id: int) -> ResponseReturnValue:
    """One member, and what can be done."""
    return _member(staff_id)


@pages.post("/<int:staff_id>/place")
@access.at_least("administrator")
def place(staff_id: int) -> ResponseReturnValue:
    """Another role, other centres."""
    role, centers = _role(), _centers()
    return _done(
        staff_id, "people.placed", lambda session: roster.place(session, staff_id, role, centers, visitor().id)
    )


@pages.post("/<int:staff_id>/link")
@access.at_least("administrator")
def link(staff_id: int) -> ResponseReturnValue:
    """A new one-time link: for who has not come yet, or has forgotten the password."""
    return _linked(staff_id, roster.link)


@pages.post("/<int:staff_id>/lost-phone")
@access.at_least("administrator")
def lost_phone(staff_id: int) -> ResponseReturnValue:
    """The telephone with the second factor is lost: it is set up anew."""
    return _linked(staff_id, roster.lost_phone)


@pages.post("/<int:staff_id>/off")
@access.at_least("administrator")
def off(staff_id: int) -> ResponseReturnValue:
    """The member may do nothing any more."""
    return _done(staff_id, "people.is_off", lambda session: roster.switch_off(session, staff_id, visitor().id))


@pages.post("/<int:staff_id>/on")
@access.at_least("administrator")
def on(staff_id: int) -> ResponseReturnValue:
    """The member is back."""
    return _done(staff_id, "people.is_on", lambda session: roster.switch_on(session, staff_id, visitor().id))


@pages.post("/<int:staff_id>/telegram")
@access.at_least("administrator")
def telegram_code(staff_id: int) -> ResponseReturnValue:
    """A code with which the member links their Telegram account."""
    found = _entry(staff_id)
    try:
        with parts().database.write() as session:
            code = roster.telegram_code(session, staff_id, visitor().actor)
    except Refused as error:
        return _member(staff_id, _why(error)), 400
    back = url_for("staff.people.member", staff_id=staff_id)
    return show_way(found.member.name, code, back)


@pages.post("/<int:staff_id>/unlink")
@access.at_least("administrator")
def unlink(staff_id: int) -> ResponseReturnValue:
    """The member's Telegram account is linked no more."""
    return _done(staff_id, "people.unlinked", lambda session: roster.unlink(session, staff_id, visitor().actor))


def show_way(name: str, code: str, back: str) -> str:
    """How a Telegram account is linked, shown once."""
    return render_template("staff/people_telegram.html", name=name, way=telegram.to_member(code), back=back)


def _new(problem: str = "") -> str:
    return render_template("staff/people_new.html", problem=problem, roles=ROLES, **_form())


def _member(staff_id: int, problem: str = "") -> str:
    return render_template(
        "staff/people_member.html", entry=_entry(staff_id), problem=problem, roles=ROLES, **_form()
    )


def _form() -> dict[str, object]:
    return {
        "centers": sorted(parts().knowledge().centers, key=_center_name),
        "chosen": set(_centers()),
        "name": request.form.get("name", "")[: roster.NAME_LIMIT],
    }


def _entry(staff_id: int) -> Entry:
    with parts().database.read() as session:
        found = roster.entry(session, staff_id)
    if found is None:
        abort(404)
    return found


def _linked(staff_id: int, make: Callable[[Session, int, int], Issued]) -> ResponseReturnValue:
    found = _entry(staff_id)
    try:
        with parts().database.write() as session:
            issued = make(session, staff_id, visitor().id)
    except Refused as error:
        return _member(staff_id, _why(error)), 400
    return _show_link(found.member.name, issued)


def _show_link(name: str, issued: Issued) -> str:
    """The link, which is shown once and kept nowhere."""
    base = parts().public_url or request.host_url.rstrip("/")
    address = base + door.LINK.format(token=issued.token)
    return render_template(
        "staff/people_link.html", name=name, kind=issued.kind, address=address, lasts=links.LAST[issued.kind]
    )


def _done(staff_id: int, message_id: str, act: Act) -> ResponseReturnValue:
    found = _entry(staff_id)
    try:
        with parts().database.write() as session:
            act(session)
    except Refused as error:
        return _member(staff_id, _why(error)), 400
    flash(say(message_id, name=found.member.name), "good")
    return redirect(url_for("staff.people.member", staff_id=staff_id), 303)


def _why(error: Refused) -> str:
    return say(f"people.refused.{error.code}")


def _role() -> Role:
    given = request.form.get("role")
    if given not in ROLES:
        abort(400)
    return given


def _language() -> BaseLocale:
    given = request.form.get("language")
    return next((one for one in LOCALES if one == given), "ka")


def _center_name(center_id: int) -> str:
    return facts.center(locale(), center_id, parts().knowledge())


def _centers() -> list[int]:
    known = parts().knowledge().centers
    return [one for one in request.form.getlist("center", type=int) if one in known]
