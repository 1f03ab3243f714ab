"""A folder of small JSON files that outlive a loss of power.

A file is whole or not there: written beside, flushed to the disk, then linked to its name. So what has a name is
kept once. It may hold personal data: only we may read it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

REFUSED = "refused"
"""The folder of what cannot be worked off, for staff to look at: a fault of ours, or a file that was damaged."""

Kept = TypeVar("Kept")


class SpoolFolder:
    """Any number of threads and processes of this machine may share it."""

    def __init__(self, path: Path) -> None:
        """The folder is made with the first file."""
        self._path = path

    def keep(self, name: str, content: Mapping[str, Any]) -> bool:
        """Keeps something so that it outlives a loss of power; False where it is kept already. Raises OSError."""
        self._path.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = self._path / f"{name}.json"
        draft = target.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(json.dumps(content, ensure_ascii=True))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, target)
            except FileExistsError:
                return False
        finally:
            draft.unlink(missing_ok=True)
        self._flush()
        return True

    def waiting(self, read: Callable[[Any, Path], Kept]) -> list[Kept]:
        """What ``read`` makes of each file, in no order. What is damaged is put aside."""
        found = []
        for path in self._path.glob("*.json"):
            try:
                found.append(read(json.loads(path.read_text(encoding="ascii")), path))
            except FileNotFoundError:  # another process has just worked it off
                continue
            except (ValueError, KeyError, TypeError):
                self.refuse(path)
        return found

    def done(self, path: Path) -> None:
        """The file is worked off."""
        path.unlink(missing_ok=True)

    def refuse(self, path: Path) -> None:
        """Puts a file aside that cannot be worked off, so that it does not come up for ever."""
        aside = self._path / REFUSED
        aside.mkdir(exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            path.rename(aside / path.name)

    def size(self, beginning: str = "") -> int:
        """How many files wait whose names begin so."""
        return sum(1 for _ in self._path.glob(f"{beginning}*.json"))

    def refused(self) -> int:
        """How many files were put aside."""
        return sum(1 for _ in (self._path / REFUSED).glob("*.json"))

    def _flush(self) -> None:
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def digest(text: str) -> str:
    """A name for a file that does not tell what it is made of."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
