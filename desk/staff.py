"""Members of staff: who they are, which centres are theirs, and the Telegram account they linked."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import ForeignKey, String, delete, exists, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from desk import audit
from desk.accounts import links, sessions, tokens
from desk.contacts import Contact
from knowledge.types import BaseLocale
from store import clock
from store.base import Base, BigId

Role = Literal["staff", "editor", "administrator"]
"""``staff`` see and change only their centres; ``editor`` and ``administrator`` all of them."""

ROLES: tuple[Role, ...] = ("staff", "editor", "administrator")

CODE_LASTS = timedelta(days=2)
"""How long a code that links a Telegram account can be used."""


class StaffMember(Base):
    """A person who works for a centre or for the agency. ``linked_contact_id`` is their Telegram account."""

    __tablename__ = "staff_members"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    locale: Mapped[str] = mapped_column(String(8), default="ka")
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    switched_off_at: Mapped[datetime | None]
    linked_contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("contacts.id", ondelete="SET NULL"), unique=True
    )

    @property
    def is_active(self) -> bool:
        """Whether the person may still do anything."""
        return self.switched_off_at is None


class StaffCenter(Base):
    """That a centre is one of a member's."""

    __tablename__ = "staff_centers"

    staff_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("staff_members.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    center_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)


class LinkCode(Base):
    """A code that links a Telegram account once; only its digest is kept."""

    __tablename__ = "staff_link_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff_members.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


def add(
    session: Session, name: str, role: Role, centers: Collection[int], actor: str, locale: BaseLocale = "ka"
) -> StaffMember:
    """Takes somebody on. Raises ValueError for no name, a name that somebody has, and staff without a centre."""
    name = " ".join(name.split())
    if not name:
        raise ValueError("a member of staff needs a name")
    if find(session, name) is not None:
        raise ValueError(f"there is a member of staff called {name!r} already")
    if role == "staff" and not centers:
        raise ValueError("centre staff need at least one centre")
    member = StaffMember(name=name[:60], role=role, locale=locale, created_at=clock.now())
    session.add(member)
    session.flush()
    audit.record(session, actor, "add_staff", "staff", member.id, {"role": role})
    assign(session, member, centers, actor)
    return member


def find(session: Session, name: str) -> StaffMember | None:
    """The member of that name."""
    return session.scalar(select(StaffMember).where(StaffMember.name == " ".join(name.split())))


def everybody(session: Session) -> Sequence[StaffMember]:
    """All members by name, those who were switched off too."""
    return session.scalars(select(StaffMember).order_by(StaffMember.name)).all()


def assign(session: Session, member: StaffMember, centers: Collection[int], actor: str) -> None:
    """Gives the member these centres, and no others."""
    session.execute(delete(StaffCenter).where(StaffCenter.staff_id == member.id))
    session.add_all(StaffCenter(staff_id=member.id, center_id=center) for center in sorted(set(centers)))
    session.flush()
    audit.record(session, actor, "assign", "staff", member.id, {"centers": sorted(set(centers))})


def centers_of(session: Session, member: StaffMember) -> set[int]:
    """The centres that were given to the member."""
    return set(session.scalars(select(StaffCenter.center_id).where(StaffCenter.staff_id == member.id)))


def may_act_for(session: Session, member: StaffMember, center_id: int) -> bool:
    """Whether the member may confirm, decline and announce for that centre."""
    return member.is_active and (member.role != "staff" or center_id in centers_of(session, member))


def switch_off(session: Session, member: StaffMember, actor: str) -> None:
    """The member may do nothing any more; what they did stays under their name."""
    if member.is_active:
        member.switched_off_at, member.linked_contact_id = clock.now(), None
        session.execute(delete(LinkCode).where(LinkCode.staff_id == member.id))
        sessions.end_all(session, member.id)
        links.void(session, member.id)
        audit.record(session, actor, "switch_off", "staff", member.id)


def change_role(session: Session, member: StaffMember, role: Role, actor: str) -> None:
    """Gives the member another role and signs them out. Raises ValueError for staff without a centre."""
    if role == "staff" and not centers_of(session, member):
        raise ValueError("centre staff need at least one centre")
    before, member.role = member.role, role
    sessions.end_all(session, member.id)
    audit.record(session, actor, "change_role", "staff", member.id, {"from": before, "to": role})


def issue_code(session: Session, member: StaffMember, actor: str) -> str:
    """A new code to link a Telegram account with; codes before it are void. Raises ValueError for who is off."""
    if not member.is_active:
        raise ValueError(f"{member.name} was switched off")
    code = secrets.token_urlsafe(12)
    session.execute(delete(LinkCode).where(LinkCode.staff_id == member.id))
    session.add(LinkCode(digest=tokens.digest(code), staff_id=member.id, expires_at=clock.now() + CODE_LASTS))
    audit.record(session, actor, "issue_code", "staff", member.id)
    return code


def link(session: Session, contact: Contact, code: str) -> StaffMember | None:
    """Links the account to the member whose code it is; None for a code that is none, was used or is too old."""
    row = session.get(LinkCode, tokens.digest(code), with_for_update=True)
    if row is None:
        return None
    member = session.get_one(StaffMember, row.staff_id)
    session.delete(row)
    if row.expires_at <= clock.now() or not member.is_active:
        return None
    for other in session.scalars(select(StaffMember).where(StaffMember.linked_contact_id == contact.id)):
        other.linked_contact_id = None
    session.flush()
    member.linked_contact_id = contact.id
    audit.record(session, audit.staff(member.name), "link", "staff", member.id)
    return member


def by_contact(session: Session, contact: Contact) -> StaffMember | None:
    """The active member whose account that is."""
    linked = StaffMember.linked_contact_id == contact.id
    return session.scalar(select(StaffMember).where(linked, StaffMember.switched_off_at.is_(None)))


def linked_for(session: Session, center_id: int) -> list[tuple[StaffMember, Contact]]:
    """Who is told of a centre's news, with their accounts: its own staff, and where it has none the editors."""
    own = exists().where(StaffCenter.staff_id == StaffMember.id, StaffCenter.center_id == center_id)
    found = (
        select(StaffMember, Contact)
        .join(Contact, Contact.id == StaffMember.linked_contact_id)
        .where(StaffMember.switched_off_at.is_(None), or_(own, StaffMember.role != "staff"))
        .order_by(StaffMember.id)
    )
    rows = [(member, contact) for member, contact in session.execute(found)]
    centers = {member.id: centers_of(session, member) for member, _ in rows}
    local = [row for row in rows if center_id in centers[row[0].id]]
    return local or [row for row in rows if not centers[row[0].id]]


def language_of(member: StaffMember) -> BaseLocale:
    """The language in which the member reads."""
    return cast(BaseLocale, member.locale)
