"""Who did what and when: one row for every change that somebody may have to answer for.

The trail outlives "forget me", so it holds no personal data: a resident is only ``resident``, and details are
numbers, codes and moments. ``record`` refuses what looks like more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import clock
from store.base import Base, BigId

RESIDENT = "resident"
SYSTEM = "system"
_STAFF = "staff:"

ActorKind = Literal["resident", "system", "staff"]

PERSONAL_KEYS = frozenset(
    {"name", "contact_name", "subject", "phone", "address", "text", "mail", "applicant_name"}
)
"""Names of details that would be personal data; the trail refuses them."""

DETAIL_LIMIT = 64
"""Characters of one detail: enough for a code or a moment, too few for somebody's words."""


class PersonalData(ValueError):
    """A detail does not belong in the audit trail."""


class AuditEntry(Base):
    """One change."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_subject", "subject_kind", "subject_id", "id"),
        Index("ix_audit_subject_kind", "subject_kind", "id"),
        Index("ix_audit_action", "action", "id"),
        Index("ix_audit_at", "at"),
        Index("ix_audit_actor", "actor", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column(BigId)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


def staff(name: str) -> str:
    """The actor that a member of staff is in the trail."""
    if not name.strip():
        raise ValueError("a member of staff needs a name")
    return f"{_STAFF}{name.strip()}"[:80]


def kind_of(actor: str) -> ActorKind:
    """Whether a resident, a member of staff or the system acts. Raises ValueError for anything else."""
    if actor == RESIDENT:
        return "resident"
    if actor == SYSTEM:
        return "system"
    if actor.startswith(_STAFF) and len(actor) > len(_STAFF):
        return "staff"
    raise ValueError(f"{actor!r} is not an actor: resident, system or staff:<name>")


def shown(actor: str) -> str:
    """The actor in words of a console: the name of a member of staff, else its kind."""
    return actor.removeprefix(_STAFF)


def record(
    session: Session,
    actor: str,
    action: str,
    subject_kind: str,
    subject_id: int,
    details: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Writes a change down, now. Raises PersonalData for a detail that names or quotes a person."""
    kind_of(actor)
    entry = AuditEntry(
        at=clock.now(),
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        details={name: _plain(name, value) for name, value in (details or {}).items()},
    )
    session.add(entry)
    session.flush()
    return entry


def _plain(name: str, value: object) -> object:
    if name in PERSONAL_KEYS:
        raise PersonalData(f"{name} is personal data and does not belong in the audit trail")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(name, one) for one in value]
    if isinstance(value, str) and len(value) > DETAIL_LIMIT:
        raise PersonalData(f"{name} is too long for a code: the audit trail does not quote people")
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def trail(session: Session, subject_kind: str, subject_id: int) -> list[AuditEntry]:
    """What happened to one thing, the oldest first."""
    mine = (AuditEntry.subject_kind == subject_kind, AuditEntry.subject_id == subject_id)
    return list(session.scalars(select(AuditEntry).where(*mine).order_by(AuditEntry.id)))


def last(session: Session, subject_kind: str, subject_id: int) -> AuditEntry | None:
    """The latest change of one thing."""
    mine = (AuditEntry.subject_kind == subject_kind, AuditEntry.subject_id == subject_id)
    return session.scalar(select(AuditEntry).where(*mine).order_by(AuditEntry.id.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to list; what is None does not narrow. ``last`` is the last day in Tbilisi that counts.

    ``actor`` None means all members of staff, and ``everybody`` the system and residents too.
    """

    actor: str | None = None
    everybody: bool = False
    action: str | None = None
    subject_kind: str | None = None
    subject_id: int | None = None
    first: date | None = None
    last: date | None = None


def listing(session: Session, wanted: Wanted, limit: int, before: int | None = None) -> list[AuditEntry]:
    """Entries, the latest first; ``before`` is the id of the last one that was seen."""
    query = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.id.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(AuditEntry.id < before)))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    narrow: list[ColumnElement[bool]] = []
    if wanted.actor is not None:
        narrow.append(AuditEntry.actor == wanted.actor)
    elif not wanted.everybody:
        narrow.append(AuditEntry.actor.startswith(_STAFF))
    if wanted.action is not None:
        narrow.append(AuditEntry.action == wanted.action)
    if wanted.subject_kind is not None:
        narrow.append(AuditEntry.subject_kind == wanted.subject_kind)
    if wanted.subject_id is not None:
        narrow.append(AuditEntry.subject_id == wanted.subject_id)
    if wanted.first is not None:
        narrow.append(AuditEntry.at >= _midnight(wanted.first))
    if wanted.last is not None:
        narrow.append(AuditEntry.at < _midnight(wanted.last + timedelta(days=1)))
    return narrow


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.TBILISI)
