"""Messages that came while the database was away: a file each, on this machine, until they are answered.

A file is whole or not there (written beside, flushed to the disk, then linked to its name), and its name is made
of the provider's id: the same message is kept once. It holds what the resident wrote, so only we may read it, and
it goes when the message is in the database.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)

from desk.intake import dedupe_key
from desk.messages import Inbound
from store import clock

REFUSED = "refused"
"""The folder of what cannot be answered, for staff to look at: a fault of ours, or a file that was damaged."""


def is_outage(error: SQLAlchemyError) -> bool:
    """Whether the database is away or broken, so that the same may work later."""
    if isinstance(error, OperationalError | InterfaceError | InternalError | TimeoutError):
        return True
    return type(error) is DatabaseError or (isinstance(error, DBAPIError) and error.connection_invalidated)


@dataclass(frozen=True, slots=True)
class Spooled:
    """A message that waits, since when, and what Twilio says that it has answered itself."""

    inbound: Inbound
    opt_out_type: str
    spooled_at: datetime
    path: Path


class Spool:
    """A folder of waiting messages. Any number of threads and processes of this machine may share it."""

    def __init__(self, folder: Path) -> None:
        """The folder is made with the first message."""
        self._folder = folder

    def keep(self, inbound: Inbound, opt_out_type: str = "") -> bool:
        """Keeps a message so that it outlives a loss of power; False where it is kept already. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = self._folder / f"{_digest(_person(inbound))}-{_digest(dedupe_key(inbound))}.json"
        draft = target.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        content = json.dumps(_to_json(inbound, opt_out_type), ensure_ascii=True)
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, target)
            except FileExistsError:
                return False
        finally:
            draft.unlink(missing_ok=True)
        self._sync_folder()
        return True

    def others_of(self, inbound: Inbound) -> int:
        """How many other messages of the same person wait."""
        return max(sum(1 for _ in self._folder.glob(f"{_digest(_person(inbound))}-*.json")) - 1, 0)

    def waiting(self) -> list[Spooled]:
        """The messages that wait, in the order in which they came. What is damaged is put aside."""
        found = []
        for path in self._files():
            try:
                found.append(_of_json(path))
            except FileNotFoundError:  # another process has just answered it
                continue
            except (ValueError, KeyError, TypeError):
                self.refuse(path)
        return sorted(found, key=lambda one: (one.spooled_at, one.path.name))

    def done(self, spooled: Spooled) -> None:
        """The message is in the database, with its answer."""
        spooled.path.unlink(missing_ok=True)

    def refuse(self, path: Path) -> None:
        """Puts a file aside that cannot be answered, so that it does not come up for ever."""
        aside = self._folder / REFUSED
        aside.mkdir(exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            path.rename(aside / path.name)

    def size(self) -> int:
        """How many messages wait."""
        return sum(1 for _ in self._files())

    def refused(self) -> int:
        """How many messages were put aside."""
        return sum(1 for _ in (self._folder / REFUSED).glob("*.json"))

    def _files(self) -> Iterator[Path]:
        return self._folder.glob("*.json")

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _person(inbound: Inbound) -> str:
    return f"{inbound.channel}:{inbound.address}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _to_json(inbound: Inbound, opt_out_type: str) -> dict[str, Any]:
    kept = {**asdict(inbound), "received_at": inbound.received_at.isoformat()}
    return {"inbound": kept, "opt_out_type": opt_out_type, "spooled_at": clock.now().isoformat()}


def _of_json(path: Path) -> Spooled:
    read = json.loads(path.read_text(encoding="ascii"))
    kept = read["inbound"]
    location = tuple(kept["location"]) if kept["location"] else None
    moment = datetime.fromisoformat(kept["received_at"])
    inbound = Inbound(**{**kept, "received_at": moment, "location": location})
    return Spooled(inbound, str(read["opt_out_type"]), datetime.fromisoformat(read["spooled_at"]), path)
