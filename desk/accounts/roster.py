"""The roster: taking people on, giving them a role and centres, switching them off and on again.

Nobody switches off or demotes themselves, and only an active administrator does it to others: so one always stays.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit, staff
from desk.accounts import passing, tokens
from desk.accounts.models import LinkKind, OneTimeLink, StaffAccount
from desk.staff import Role, StaffCenter, StaffMember
from knowledge.types import BaseLocale

NAME_LIMIT = 60

Why = Literal["name", "taken", "no_center", "oneself", "not_administrator", "off"]


class Refused(ValueError):
    """The roster stays as it is; ``code`` says why."""

    def __init__(self, code: Why) -> None:
        super().__init__(f"the roster stays as it is: {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Entry:
    """A member as the roster shows them. Without ``has_password`` they have not followed their link yet."""

    member: StaffMember
    centers: tuple[int, ...]
    has_password: bool
    has_code: bool


@dataclass(frozen=True, slots=True)
class Issued:
    """A one-time link: its token, which is kept nowhere, and what it is for."""

    token: str
    kind: LinkKind


def entries(session: Session) -> list[Entry]:
    """Everybody, by name; those who were switched off come last."""
    centers: dict[int, list[int]] = {}
    for row in session.scalars(select(StaffCenter).order_by(StaffCenter.center_id)):
        centers.setdefault(row.staff_id, []).append(row.center_id)
    accounts = {account.staff_id: account for account in session.scalars(select(StaffAccount))}
    members = sorted(staff.everybody(session), key=lambda member: not member.is_active)
    return [_entry(one, centers.get(one.id, ()), accounts.get(one.id)) for one in members]


def entry(session: Session, staff_id: int) -> Entry | None:
    """One member; None where there is none of that number."""
    member = session.get(StaffMember, staff_id)
    if member is None:
        return None
    return _entry(member, sorted(staff.centers_of(session, member)), session.get(StaffAccount, staff_id))


def take_on(
    session: Session, name: str, role: Role, centers: Collection[int], locale: BaseLocale, by: int
) -> StaffMember:
    """Takes somebody on. ``by`` is the id of the administrator who does it, here and below. Raises Refused."""
    actor = _administrator(session, by)
    name = " ".join(name.split())
    if not name or len(name) > NAME_LIMIT:
        raise Refused("name")
    if staff.find(session, name) is not None:
        raise Refused("taken")
    if role == "staff" and not centers:
        raise Refused("no_center")
    return staff.add(session, name, role, centers, actor, locale)


def place(session: Session, staff_id: int, role: Role, centers: Collection[int], by: int) -> None:
    """Gives a member a role and centres; another role signs them out. Raises Refused."""
    actor, member = _administrator(session, by), session.get_one(StaffMember, staff_id)
    if role != member.role and staff_id == by:
        raise Refused("oneself")
    if role == "staff" and not centers:
        raise Refused("no_center")
    if set(centers) != staff.centers_of(session, member):
        staff.assign(session, member, centers, actor)
    if role != member.role:
        staff.change_role(session, member, role, actor)


def switch_off(session: Session, staff_id: int, by: int) -> None:
    """The member may do nothing any more, at once. Raises Refused."""
    actor = _administrator(session, by)
    if staff_id == by:
        raise Refused("oneself")
    staff.switch_off(session, session.get_one(StaffMember, staff_id), actor)


def switch_on(session: Session, staff_id: int, by: int) -> None:
    """Takes a member back, who chooses a new password by a new link: the old one is void. Raises Refused."""
    actor, member = _administrator(session, by), session.get_one(StaffMember, staff_id)
    if member.is_active:
        return
    member.switched_off_at = None
    account = passing.account_of(session, staff_id)
    account.password = account.password_at = None
    audit.record(session, actor, "switch_on", "staff", staff_id)


def link(session: Session, staff_id: int, by: int) -> Issued:
    """A new one-time link, for a first or another password; older ones are void. Raises Refused."""
    return _issued(session, _active(session, staff_id), _administrator(session, by))


def lost_phone(session: Session, staff_id: int, by: int) -> Issued:
    """Takes the second factor of a lost telephone away, and the link for a new password. Raises Refused."""
    actor, member = _administrator(session, by), _active(session, staff_id)
    if staff_id == by:
        raise Refused("oneself")
    passing.forget_code(session, member, actor)
    return _issued(session, member, actor)


def telegram_code(session: Session, staff_id: int, actor: str) -> str:
    """A new code with which the member links their Telegram account. Raises Refused."""
    return staff.issue_code(session, _active(session, staff_id), actor)


def unlink(session: Session, staff_id: int, actor: str) -> None:
    """The member's Telegram account is theirs no more, as far as we are concerned."""
    member = session.get_one(StaffMember, staff_id)
    if member.linked_contact_id is not None:
        member.linked_contact_id = None
        audit.record(session, actor, "unlink", "staff", staff_id)


def _administrator(session: Session, staff_id: int) -> str:
    """The actor that an active administrator is. All of them are locked: of two who act at once, one waits."""
    query = select(StaffMember).where(StaffMember.role == "administrator", StaffMember.switched_off_at.is_(None))
    locked = query.order_by(StaffMember.id).with_for_update(key_share=True)
    for member in session.scalars(locked.execution_options(populate_existing=True)):
        if member.id == staff_id:
            return audit.staff(member.name)
    raise Refused("not_administrator")


def _issued(session: Session, member: StaffMember, actor: str) -> Issued:
    token = passing.invite(session, member, actor)
    session.flush()
    return Issued(token, cast(LinkKind, session.get_one(OneTimeLink, tokens.digest(token)).kind))


def _active(session: Session, staff_id: int) -> StaffMember:
    member = session.get_one(StaffMember, staff_id)
    if not member.is_active:
        raise Refused("off")
    return member


def _entry(member: StaffMember, centers: Collection[int], account: StaffAccount | None) -> Entry:
    has_password = account is not None and account.password is not None
    return Entry(member, tuple(centers), has_password, account is not None and account.code_secret is not None)
