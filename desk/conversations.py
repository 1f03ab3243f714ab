"""What was being talked about with each contact, as data that any process can take up.

It is read and written once for nearly every message: by single statements, which take a fraction of what
following an object and its changes takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ForeignKey, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import clock
from store.base import Base, BigId
from store.statements import insert_of, is_sqlite


class Conversation(Base):
    """The row of one contact's conversation; see ``Kept``."""

    __tablename__ = "conversations"

    contact_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pages: Mapped[list[Any]] = mapped_column(default=list)
    updated_at: Mapped[datetime]  # when the state was last kept
    pages_at: Mapped[datetime | None]  # when the pages were


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a conversation. ``pages`` are what a small screen has not shown yet, since ``pages_at``."""

    updated_at: datetime
    state: Mapping[str, Any] = field(default_factory=dict)
    pages: Sequence[str] = ()
    pages_at: datetime | None = None


_TABLE = Conversation.__table__
_OF = select(_TABLE.c.updated_at, _TABLE.c.state, _TABLE.c.pages, _TABLE.c.pages_at).where(
    _TABLE.c.contact_id == bindparam("contact_id")
)


def of(session: Session, contact_id: int) -> Kept:
    """The conversation with that contact, empty before the first message; asked for once in a session."""
    held = _held(session)
    if contact_id not in held:
        row = session.execute(_OF, {"contact_id": contact_id}).one_or_none()
        held[contact_id] = Kept(*row) if row is not None else Kept(clock.now())
    return held[contact_id]


def is_new(session: Session, contact_id: int) -> None:
    """Notes that the contact was made in this session: there is no conversation to look for."""
    _held(session).setdefault(contact_id, Kept(clock.now()))


def remember(session: Session, contact_id: int, state: Mapping[str, Any]) -> None:
    """Keeps the new state."""
    kept = replace(of(session, contact_id), state=state, updated_at=clock.now())
    _keep(session, contact_id, kept, ("state", "updated_at"))


def keep_pages(session: Session, contact_id: int, pages: Sequence[str]) -> None:
    """Keeps the pages that "M" will show next; none forgets older ones."""
    before = of(session, contact_id)
    if pages or before.pages:
        _keep(session, contact_id, replace(before, pages=pages, pages_at=clock.now()), ("pages", "pages_at"))


def _held(session: Session) -> dict[int, Kept]:
    held: dict[int, Kept] = session.info.setdefault("conversations", {})
    return held


def _keep(session: Session, contact_id: int, kept: Kept, changed: tuple[str, ...]) -> None:
    """Makes the row, or changes those columns only: news are posted while the resident may be writing."""
    _held(session)[contact_id] = kept
    values = {
        "contact_id": contact_id,
        "state": dict(kept.state),
        "pages": list(kept.pages),
        "updated_at": kept.updated_at,
        "pages_at": kept.pages_at,
    }
    session.execute(_writing(changed, sqlite=is_sqlite(session)), values)


@lru_cache(maxsize=4)
def _writing(changed: tuple[str, ...], *, sqlite: bool) -> Any:
    """The statement that makes the row, or changes those columns."""
    inserted = insert_of(Conversation, sqlite=sqlite)
    renewed = {name: inserted.excluded[name] for name in changed}
    return inserted.on_conflict_do_update(index_elements=["contact_id"], set_=renewed)
