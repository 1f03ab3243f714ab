"""Passing the door: password, second factor, one-time links. Everything is written to the audit trail.

These functions take the database, not a session: a hash takes a tenth of a second, and nobody should wait for it
to write. What was read before a hash is looked at again after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit, staff
from desk.accounts import codes, links, passwords, sessions, throttle
from desk.accounts.models import LinkKind, OneTimeLink, StaffAccount, StaffSession
from desk.staff import StaffMember
from knowledge.types import BaseLocale
from store import clock
from store.database import Database

MAIL_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody is in: ``token`` is for their browser. Unless ``is_whole``, the second factor is still to come."""

    token: str
    staff_id: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody is let in. ``wait`` where there were too many tries; else the name, password or code was wrong."""

    wait: timedelta | None = None


class BadLink(ValueError):
    """The link was used, is void or too old."""


class BadName(ValueError):
    """The name cannot be taken; ``code`` says why: empty or taken."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the name cannot be taken: {code}")
        self.code = code


def member_of(session: Session, name: str) -> StaffMember | None:
    """The member who signs in with that name or mail address."""
    found = staff.find(session, name)
    if found is not None:
        return found
    query = select(StaffMember).join(StaffAccount, StaffAccount.staff_id == StaffMember.id)
    return session.scalar(query.where(StaffAccount.email == _mail(name)))


def account_of(session: Session, staff_id: int) -> StaffAccount:
    """The member's account, made where there is none."""
    account = session.get(StaffAccount, staff_id)
    if account is None:
        account = StaffAccount(staff_id=staff_id, code_step=0)
        session.add(account)
        session.flush()
    return account


def name_of(session: Session, link: OneTimeLink) -> str:
    """The name of the member whose link it is; empty for the first administrator's."""
    return session.get_one(StaffMember, link.staff_id).name if link.staff_id is not None else ""


def has_administrator(session: Session) -> bool:
    """Whether somebody can sign in as an administrator."""
    query = (
        select(StaffMember.id)
        .join(StaffAccount, StaffAccount.staff_id == StaffMember.id)
        .where(
            StaffMember.role == "administrator",
            StaffMember.switched_off_at.is_(None),
            StaffAccount.password.is_not(None),
        )
    )
    return session.scalar(query.limit(1)) is not None


def needs_code(member: StaffMember, account: StaffAccount) -> bool:
    """Whether the password alone does not let the member in."""
    return member.role == "administrator" or account.code_secret is not None


def sign_in(database: Database, name: str, password: str, address: str) -> Passed | Refused:
    """Signs in with a name or mail address and a password. ``address`` is where the browser is."""
    key = " ".join(name.split()).casefold()
    with database.write() as session:
        wait = throttle.take(session, key, address)
        if wait is not None:
            return Refused(wait)
        member = member_of(session, name)
        account = session.get(StaffAccount, member.id) if member is not None else None
        kept = account.password if account is not None else None
    right = passwords.matches(kept, password)
    with database.write() as session:
        member = session.get(StaffMember, member.id) if member is not None else None
        account = session.get(StaffAccount, member.id) if member is not None else None
        unchanged = account is not None and account.password == kept
        if not (right and unchanged and member is not None and account is not None and member.is_active):
            audit.record(session, audit.SYSTEM, "sign_in_failed", "staff", member.id if member is not None else 0)
            return Refused()
        throttle.forgive(session, key)
        return _begin(session, member, account)


def give_code(database: Database, token: str, code: str, address: str) -> Passed | Refused:
    """Completes a half session with a code of the second factor; the session goes on under a new token."""
    with database.write() as session:
        half = sessions.find(session, token)
        if half is None or half.is_whole:
            return Refused()
        key = f"code {half.staff_id}"
        wait = throttle.take(session, key, address)
        if wait is not None:
            return Refused(wait)
        member = session.get_one(StaffMember, half.staff_id)
        if not (member.is_active and _right(session, half, code)):
            audit.record(session, audit.SYSTEM, "code_failed", "staff", member.id)
            return Refused()
        throttle.forgive(session, key)
        session.delete(half)
        return _whole(session, member)


def offered_secret(session: Session, token: str, *, anew: bool = False) -> str | None:
    """The second factor that the session's member is setting up; None where they have one, or no session."""
    row = sessions.find(session, token)
    if row is None:
        return None
    account = account_of(session, row.staff_id)
    if account.code_secret is not None:
        return None
    if row.offered_secret is None or anew:
        row.offered_secret = codes.new_secret()
    return row.offered_secret


def keep_code(database: Database, token: str, code: str) -> bool:
    """Lets a member who is signed in turn on the second factor that was offered; False for a wrong code."""
    with database.write() as session:
        row = sessions.find(session, token)
        if row is None or not row.is_whole or row.offered_secret is None:
            return False
        return _set_up(session, row, code)


def sign_out(database: Database, token: str) -> None:
    """Ends the session."""
    with database.write() as session:
        row = sessions.find(session, token)
        if row is not None:
            member = session.get_one(StaffMember, row.staff_id)
            audit.record(session, audit.staff(member.name), "sign_out", "staff", member.id)
        sessions.end(session, token)


def first_link(session: Session) -> str | None:
    """A link's token to become the first administrator with; None where somebody is one already."""
    return None if has_administrator(session) else links.issue(session, "first", None, audit.SYSTEM)


def invite(session: Session, member: StaffMember, actor: str) -> str:
    """A link's token to set a password with: an invitation, or a new password for who has one.

    Raises ValueError for a member who was switched off.
    """
    if not member.is_active:
        raise ValueError(f"{member.name} was switched off")
    kind: LinkKind = "invite" if account_of(session, member.id).password is None else "reset"
    return links.issue(session, kind, member.id, actor)


def forget_code(session: Session, member: StaffMember, actor: str) -> None:
    """Takes the second factor of a lost telephone away and signs the member out; they set up another one."""
    account = account_of(session, member.id)
    account.code_secret, account.code_step = None, 0
    sessions.end_all(session, member.id)
    audit.record(session, actor, "forget_code", "staff", member.id)


def accept(
    database: Database, token: str, password: str, name: str = "", email: str = "", locale: BaseLocale = "ka"
) -> Passed:
    """Sets a password through a one-time link and signs in.

    ``name`` and ``locale`` are those of the first administrator; other members have theirs already.

    Raises BadLink, BadName, passwords.BadPassword; then the link can be used again.
    """
    with database.read() as session:
        link = links.find(session, token)
        if link is None:
            raise BadLink("the link was used, is void or too old")
        known = session.get(StaffMember, link.staff_id) if link.staff_id is not None else None
        passwords.check(password, known.name if known is not None else name, email)
    fresh = passwords.hashed(password)
    with database.write() as session:
        used = links.use(session, token)
        if used is None:
            raise BadLink("the link was used, is void or too old")
        member = _of_link(session, used, name, locale)
        account = _set_password(session, member, fresh)
        if email.strip():
            account.email = _free_mail(session, member, email)
        return _begin(session, member, account)


def change_password(database: Database, token: str, old: str, new: str, address: str) -> Passed | Refused:
    """Changes the password of who is signed in, ends their other sessions, and goes on under a new token.

    Raises passwords.BadPassword.
    """
    with database.write() as session:
        row = sessions.find(session, token)
        if row is None or not row.is_whole:
            return Refused()
        member = session.get_one(StaffMember, row.staff_id)
        wait = throttle.take(session, member.name.casefold(), address)
        if wait is not None:
            return Refused(wait)
        kept = account_of(session, member.id).password
    passwords.check(new, member.name)
    if not passwords.matches(kept, old):
        return Refused()
    fresh = passwords.hashed(new)
    with database.write() as session:
        member = session.get_one(StaffMember, member.id)
        if account_of(session, member.id).password != kept or not member.is_active:
            return Refused()
        throttle.forgive(session, member.name.casefold())
        _set_password(session, member, fresh)
        return _whole(session, member)


def sweep(session: Session) -> int:
    """Deletes sessions, links and counts that are over; how many."""
    return sessions.sweep(session) + links.sweep(session) + throttle.sweep(session)


def _begin(session: Session, member: StaffMember, account: StaffAccount) -> Passed:
    if needs_code(member, account):
        return Passed(sessions.begin(session, member.id, whole=False), member.id, False)
    return _whole(session, member)


def _whole(session: Session, member: StaffMember) -> Passed:
    audit.record(session, audit.staff(member.name), "sign_in", "staff", member.id)
    return Passed(sessions.begin(session, member.id, whole=True), member.id, True)


def _right(session: Session, half: StaffSession, code: str) -> bool:
    if account_of(session, half.staff_id).code_secret is not None:
        return codes.use(session, half.staff_id, code)
    return half.offered_secret is not None and _set_up(session, half, code)


def _set_up(session: Session, row: StaffSession, code: str) -> bool:
    if row.offered_secret is None or not codes.set_up(session, row.staff_id, row.offered_secret, code):
        return False
    row.offered_secret = None
    member = session.get_one(StaffMember, row.staff_id)
    audit.record(session, audit.staff(member.name), "set_up_code", "staff", member.id)
    return True


def _of_link(session: Session, link: OneTimeLink, name: str, locale: BaseLocale) -> StaffMember:
    """The member of a link; that of a first one is made, unless somebody was taken on by that name already."""
    if link.staff_id is not None:
        member = session.get_one(StaffMember, link.staff_id)
        if not member.is_active:
            raise BadLink("the member was switched off")
        return member
    if has_administrator(session):
        raise BadLink("there is an administrator already")
    if not " ".join(name.split()):
        raise BadName("empty")
    found = staff.find(session, name)
    if found is None:
        return staff.add(session, name, "administrator", (), audit.SYSTEM, locale)
    if found.role != "administrator" or not found.is_active:
        raise BadName("taken")
    return found


def _set_password(session: Session, member: StaffMember, fresh: str) -> StaffAccount:
    account = account_of(session, member.id)
    account.password, account.password_at = fresh, clock.now()
    sessions.end_all(session, member.id)
    links.void(session, member.id)
    audit.record(session, audit.staff(member.name), "set_password", "staff", member.id)
    return account


def _free_mail(session: Session, member: StaffMember, email: str) -> str:
    mail = _mail(email)
    query = select(StaffAccount.staff_id).where(StaffAccount.email == mail, StaffAccount.staff_id != member.id)
    if session.scalar(query) is not None:
        raise BadName("taken")
    return mail


def _mail(text: str) -> str:
    return text.strip().casefold()[:MAIL_LIMIT]
