"""Files that were looked at and wait to be carried out: any process may be the one that is asked to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import LargeBinary, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from knowledge import models
from store import clock
from store.base import Base, BigId

KEPT = timedelta(hours=4)
"""So long a file waits for its "carry out"; a member's session is no longer either."""


class Upload(Base):
    """A file of one kind that ``actor`` sent, and the version of the data when it was compared with them."""

    __tablename__ = "knowledge_uploads"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    actor: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    at: Mapped[datetime]


def keep(session: Session, kind: str, name: str, content: bytes, actor: str) -> Upload:
    """Keeps a file; those that nobody carried out in time go."""
    session.execute(delete(Upload).where(Upload.at < clock.now() - KEPT))
    version = models.version(session)
    row = Upload(kind=kind, name=name[-200:], content=content, actor=actor, version=version, at=clock.now())
    session.add(row)
    session.flush()
    return row


def find(session: Session, upload_id: int, actor: str) -> Upload | None:
    """A file that this actor sent and that still waits."""
    row = session.get(Upload, upload_id)
    return row if row is not None and row.actor == actor and row.at >= clock.now() - KEPT else None


@contextmanager
def opened(row: Upload) -> Iterator[Path]:
    """The file as a path with its ending, for the time of the block."""
    with tempfile.TemporaryDirectory(prefix="mezobeli-") as folder:
        path = Path(folder) / f"file{Path(row.name).suffix.lower()}"
        path.write_bytes(row.content)
        yield path
