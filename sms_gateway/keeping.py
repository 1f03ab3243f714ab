"""A folder of files that outlive a loss of power: each is whole or not there.

A file is written beside, flushed to the disk, then linked to its name, so that what has the same name is kept
once. It may hold what a resident wrote, or their number: only we may read it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

REFUSED = "refused"
"""The folder of what cannot be worked off, for staff to look at: a fault of ours, or a file that was damaged."""

Kept = TypeVar("Kept")


class Folder:
    """Kept files. Any number of threads and processes of this machine may share them."""

    def __init__(self, path: Path) -> None:
        """The folder is made with the first file."""
        self._path = path

    def keep(self, name: str, content: Mapping[str, Any]) -> bool:
        """Keeps a file of JSON; False where there is one of that name already. Raises OSError."""
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
        self._sync()
        return True

    def read(self, of_json: Callable[[Path, Any], Kept]) -> list[Kept]:
        """What waits, in no order; ``of_json`` makes it of a file's content. What is damaged is put aside."""
        found = []
        for path in self.files():
            try:
                found.append(of_json(path, json.loads(path.read_text(encoding="ascii"))))
            except FileNotFoundError:  # another process has just worked it off
                continue
            except (ValueError, KeyError, TypeError):
                self.refuse(path)
        return found

    def files(self, pattern: str = "*") -> Iterator[Path]:
        """The files that wait, of those names."""
        return self._path.glob(f"{pattern}.json")

    def refuse(self, path: Path) -> None:
        """Puts a file aside that cannot be worked off, so that it does not come up for ever."""
        aside = self._path / REFUSED
        aside.mkdir(exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            path.rename(aside / path.name)

    def size(self) -> int:
        """How many files wait."""
        return sum(1 for _ in self.files())

    def refused(self) -> int:
        """How many files were put aside."""
        return sum(1 for _ in (self._path / REFUSED).glob("*.json"))

    def _sync(self) -> None:
        folder = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def digest(text: str) -> str:
    """A name for a file that tells nobody what the text was."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
