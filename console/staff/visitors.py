"""Who asks: the member of staff whose session the browser holds, with their rights, read anew each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, abort, g
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user

from console.staff.parts import parts
from desk import audit, staff
from desk.accounts import sessions
from desk.accounts.models import StaffAccount
from desk.accounts.passing import Passed
from desk.staff import Role, StaffMember
from knowledge.types import BaseLocale

LOCALES: tuple[BaseLocale, ...] = ("ka", "en")
"""The languages of the console."""

NOWHERE = 0
"""The id of no centre: filters take an empty list for "all", which must never come of somebody having none."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The centres that somebody may see and change; ``centers`` None means all of them."""

    centers: frozenset[int] | None

    def covers(self, center_id: int) -> bool:
        """Whether that centre is among them."""
        return self.centers is None or center_id in self.centers

    @property
    def narrowing(self) -> frozenset[int]:
        """For filters in which nothing means everything: empty for all centres, NOWHERE for none."""
        return frozenset() if self.centers is None else self.centers or frozenset({NOWHERE})


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member of staff at a browser. Until ``is_whole``, only their password was right."""

    id: int
    name: str
    role: Role
    locale: BaseLocale
    scope: Scope
    token: str
    is_whole: bool

    @property
    def actor(self) -> str:
        """How the member stands in the audit trail."""
        return audit.staff(self.name)

    @property
    def is_authenticated(self) -> bool:
        """What Flask-Login asks."""
        return self.is_whole

    @property
    def is_active(self) -> bool:
        """What Flask-Login asks; who was switched off is not loaded at all."""
        return True

    @property
    def is_anonymous(self) -> bool:
        """What Flask-Login asks."""
        return False

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's token, not the member's number."""
        return self.token


def anyone() -> Visitor | None:
    """Who asks, in a whole or a half session; None for nobody."""
    found = current_user._get_current_object()
    return None if found.is_anonymous else cast(Visitor, found)


def visitor() -> Visitor:
    """Who asks. For views that ``access`` lets only members into."""
    found = anyone()
    if found is None or not found.is_whole:
        abort(401)
    return found


def half_visitor() -> Visitor:
    """Who asks, the second factor still to come."""
    found = anyone()
    if found is None:
        abort(401)
    return found


def let_in(passed: Passed) -> Visitor:
    """Gives the browser the session that was begun; what its cookie held before is gone."""
    locale = cookie.get("locale")
    cookie.clear()
    if locale is not None:
        cookie["locale"] = locale
    found = load(passed.token)
    g.pop("locale", None)  # from now on it is the member's
    if found is None:
        abort(401)
    login_user(found)
    return found


def let_out() -> None:
    """Takes the session from the browser."""
    logout_user()
    cookie.clear()


def load(token: str) -> Visitor | None:
    """Who holds that token, with the rights of this moment; None where the session is over."""
    database = parts().database
    with database.read() as session:
        row = sessions.find(session, token)
        member = session.get(StaffMember, row.staff_id) if row is not None else None
        if row is None or member is None or not member.is_active:
            return None
        account = session.get(StaffAccount, member.id)
        own = staff.centers_of(session, member) if member.role == "staff" else None
        locale = _locale(account.console_locale if account is not None else None, member)
    if sessions.is_stale(row):
        with database.write() as session:
            sessions.note(session, token)
    scope = Scope(None if own is None else frozenset(own))
    role = cast(Role, member.role)
    return Visitor(member.id, member.name, role, locale, scope, token, row.is_whole)


def _locale(chosen: str | None, member: StaffMember) -> BaseLocale:
    """The chosen language; without one Georgian, but for members who read English."""
    wanted = chosen or member.locale
    return next((one for one in LOCALES if one == wanted), "ka")


def install(app: Flask) -> None:
    """Lets Flask-Login ask us who holds a token."""
    manager = LoginManager()
    manager.session_protection = None  # our sessions are rows, which we end ourselves
    manager.user_loader(load)
    manager.init_app(app)
