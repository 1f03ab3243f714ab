"""One leader across processes: an advisory lock of PostgreSQL, held on a connection of its own.

When the leader dies, its connection ends and the lock is free: whoever asks next leads. On SQLite every process
that asks may lead; the rows of ``desk.jobs`` keep two from doing the same work.
"""

from __future__ import annotations

import threading
from contextlib import suppress

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from store.database import Database

log = structlog.get_logger()

LEADER_LOCK = 0x6D657A6F74  # "mezot": the key of the advisory lock


class Leadership:
    """Whether this process leads. Safe to ask from several threads."""

    def __init__(self, database: Database) -> None:
        """Opens nothing; the first question does."""
        self._database = database
        self._connection: Connection | None = None
        self._lock = threading.Lock()

    def held(self) -> bool:
        """Whether this process leads now, taking the lead where it is free. Raises what the database raises."""
        if self._database.is_sqlite:
            return True
        with self._lock:
            if self._connection is not None:
                return self._still(self._connection)
            return self._try()

    def give_up(self) -> None:
        """Lets another process lead."""
        with self._lock:
            self._drop()

    def _still(self, connection: Connection) -> bool:
        try:
            connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            log.warning("lead_lost")
            self._drop()
            raise
        return True

    def _try(self) -> bool:
        connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # the pool would hand it, lock and all, to somebody else
        taken = False
        try:
            taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LEADER_LOCK}))
        finally:
            if not taken:
                connection.close()
        if taken:
            self._connection = connection
            log.info("lead_taken")
        return taken

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(SQLAlchemyError):  # a broken connection has given up the lock already
                self._connection.close()
        self._connection = None
