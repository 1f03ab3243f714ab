"""What was changed in what is known: each field with its value before and after, by whom and when."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import clock
from store.base import Base, BigId

WHOLE = ""
"""The field of a change that adds or removes a row: its cells stand in ``new`` or ``old`` as JSON."""


class KnowledgeChange(Base):
    """One field of one row, before and after, as a file writes it. Changes of one save share their ``edit``.

    ``kind`` is that of a file, or ``rules`` for those of a centre's hall. ``label`` says what the row was called.
    """

    __tablename__ = "knowledge_changes"
    __table_args__ = (Index("ix_knowledge_changes_kind_row_id", "kind", "row_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    edit: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    row_id: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(String(40))
    old: Mapped[str] = mapped_column(Text)
    new: Mapped[str] = mapped_column(Text)
    undone_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that changes from ``old`` to ``new``, both as a file writes them."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What one save changed in one row; ``is_undone`` once it was taken back."""

    id: str
    at: datetime
    actor: str
    kind: str
    row_id: str
    label: str
    fields: tuple[Field, ...]
    is_undone: bool


def new_edit() -> str:
    """A name for the changes that are made together."""
    return uuid.uuid4().hex


def whole(cells: Mapping[str, str] | None) -> str:
    """A row's cells as they stand in a change of the field WHOLE; nothing where there is no row."""
    return json.dumps(dict(cells), ensure_ascii=False) if cells is not None else ""


def cells(told: str) -> Mapping[str, str]:
    """The cells that `whole` was given; none where there was no row."""
    found: Mapping[str, str] = json.loads(told) if told else {}
    return found


def record(
    session: Session, actor: str, edit: str, kind: str, row_id: object, label: str, fields: Iterable[Field]
) -> None:
    """Writes the changes of one row down, now."""
    moment = clock.now()
    session.add_all(
        KnowledgeChange(
            at=moment,
            actor=actor,
            edit=edit,
            kind=kind,
            row_id=str(row_id),
            label=label,
            field=field.name,
            old=field.old,
            new=field.new,
        )
        for field in fields
    )
    session.flush()


def of(session: Session, kind: str, row_id: object, limit: int = 50) -> list[Edit]:
    """The edits of one row, the newest first; the last ``limit`` fields."""
    mine = (KnowledgeChange.kind == kind, KnowledgeChange.row_id == str(row_id))
    query = select(KnowledgeChange).where(*mine).order_by(KnowledgeChange.id.desc()).limit(limit)
    return _edits(session.scalars(query).all())


def find(session: Session, edit: str, kind: str, row_id: object) -> Edit | None:
    """What one save changed in one row."""
    query = select(KnowledgeChange).where(
        KnowledgeChange.edit == edit, KnowledgeChange.kind == kind, KnowledgeChange.row_id == str(row_id)
    )
    return next(iter(_edits(session.scalars(query.order_by(KnowledgeChange.id)).all())), None)


def mark_undone(session: Session, edit: Edit) -> None:
    """Says that these changes were taken back."""
    query = select(KnowledgeChange).where(
        KnowledgeChange.edit == edit.id, KnowledgeChange.kind == edit.kind, KnowledgeChange.row_id == edit.row_id
    )
    for row in session.scalars(query):
        row.undone_at = clock.now()


def removed(session: Session, kind: str, limit: int = 20) -> list[Edit]:
    """Rows of that kind that were removed and not brought back, the newest first."""
    gone = (KnowledgeChange.field == WHOLE, KnowledgeChange.new == "", KnowledgeChange.undone_at.is_(None))
    query = select(KnowledgeChange).where(KnowledgeChange.kind == kind, *gone)
    return _edits(session.scalars(query.order_by(KnowledgeChange.id.desc()).limit(limit)).all())


def _edits(rows: Sequence[KnowledgeChange]) -> list[Edit]:
    together: dict[tuple[str, str], list[KnowledgeChange]] = {}
    for row in rows:
        together.setdefault((row.edit, row.row_id), []).append(row)
    return [
        Edit(
            id=group[0].edit,
            at=group[0].at,
            actor=group[0].actor,
            kind=group[0].kind,
            row_id=group[0].row_id,
            label=group[0].label,
            fields=tuple(Field(one.field, one.old, one.new) for one in sorted(group, key=lambda one: one.id)),
            is_undone=any(one.undone_at is not None for one in group),
        )
        for group in together.values()
    ]
