"""Making what SQLite has committed durable, many commits by one flush of the disk.

With ``synchronous=FULL`` SQLite flushes within each commit, while everybody else who writes waits. Here it runs
with ``synchronous=NORMAL``, which keeps the file sound at any moment; whoever has committed waits for a flush of
the write-ahead log afterwards, when the next one may write already, and one flush serves all who wait. So nothing
is acknowledged that a power cut could take back. See https://www.sqlite.org/pragma.html#pragma_synchronous.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

_to_disk = getattr(os, "fdatasync", os.fsync)  # macOS has only the slower one


class WriteAheadLog:
    """The log of one database file. Safe to share between threads."""

    def __init__(self, database: Path) -> None:
        """``database`` is the file itself; its log lies beside it."""
        self._path = database.with_name(f"{database.name}-wal")
        self._turned = threading.Condition()
        self._asked = self._flushed = 0
        self._flushing = False
        self._file: int | None = None

    def flush(self) -> None:
        """Returns once everything that was committed before the call is on the disk. Raises OSError."""
        with self._turned:
            self._asked += 1
            mine = self._asked
            while self._flushing and self._flushed < mine:
                self._turned.wait()
            if self._flushed >= mine:
                return
            self._flushing, upto = True, self._asked
        try:
            self._write_back()
        except OSError:
            self._end(self._flushed)
            raise
        self._end(upto)

    def close(self) -> None:
        """Lets go of the file; a later flush opens it again."""
        with self._turned:
            while self._flushing:
                self._turned.wait()
            self._let_go()

    def _let_go(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _end(self, flushed: int) -> None:
        with self._turned:
            self._flushing, self._flushed = False, flushed
            self._turned.notify_all()

    def _write_back(self) -> None:
        if self._file is None or not self._is_current(self._file):
            self._let_go()
            try:
                self._file = os.open(self._path, os.O_RDONLY)
            except FileNotFoundError:
                return  # the last connection has moved all of it into the database, and flushed that
        _to_disk(self._file)

    def _is_current(self, file: int) -> bool:
        """Whether the open file is still the one that lies there: SQLite removes and makes it anew."""
        try:
            return os.path.samestat(os.fstat(file), self._path.stat())
        except FileNotFoundError:
            return False
