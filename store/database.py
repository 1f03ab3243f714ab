"""The engine and its sessions. SQLite in WAL with foreign keys on; PostgreSQL through psycopg 3."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from store.durability import WriteAheadLog

BUSY_TIMEOUT_MS = 15_000
"""How long a SQLite writer waits for another one before it gives up."""

CONNECT_SECONDS = 5
"""How long it is tried to reach a PostgreSQL server: a provider whose message waits gives up after 15 seconds."""


class BadDatabaseUrl(ValueError):
    """The address is not one of a SQLite file or a PostgreSQL server."""


def parse_url(url: str) -> URL:
    """Reads a database address; ``postgres://`` and ``postgresql://`` both mean psycopg 3.

    Raises BadDatabaseUrl with a sentence that says how to mend it.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadDatabaseUrl(
            "not a database address; write sqlite:///mezobeli.db or postgresql://user:password@host/name"
        ) from error
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"}:
        return parsed
    raise BadDatabaseUrl(f"{parsed.drivername} is not supported; write sqlite:///FILE or postgresql://...")


def _tune_sqlite(dbapi_connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late for BEGIN IMMEDIATE; see Database._begin.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",  # whoever commits waits for the disk afterwards; see store.durability
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


class Database:
    """One engine and the two ways into it: ``read`` and ``write``. Safe to share between threads."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        """Opens ``url``. Raises BadDatabaseUrl where it is not an address of a database we know."""
        self.url = parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._log: WriteAheadLog | None = None
        if self.is_sqlite and not self._in_memory:
            file = Path(str(self.url.database))
            file.parent.mkdir(parents=True, exist_ok=True)
            self._log = WriteAheadLog(file)
        self.engine: Engine = self._engine(pool_size)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _tune_sqlite)
            event.listen(self.engine, "begin", _begin)
        # A SQLite writer that starts as a reader cannot always become a writer: it asks for the lock at once.
        self._writer = self.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        self._turns = threading.Lock()

    def _engine(self, pool_size: int) -> Engine:
        if self.is_sqlite and self._in_memory:
            # A database in memory lives in its one connection; whoever shares it between threads takes turns.
            return create_engine(self.url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        connect_args = {} if self.is_sqlite else {"connect_timeout": CONNECT_SECONDS}
        return create_engine(self.url, pool_size=pool_size, max_overflow=10, connect_args=connect_args)

    @property
    def _in_memory(self) -> bool:
        return self.url.database in (None, "", ":memory:")

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end of the block, or rolls back where the block raises.

        What was committed is on the disk when the block is left, or OperationalError is raised.
        """
        with self._turn(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session
        if self._log is not None:
            try:
                self._log.flush()
            except OSError as error:
                raise OperationalError("flush the log", None, error) from error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """The writers of this process take turns on SQLite.

        SQLite itself lets them sleep and look again, up to a tenth of a second each time, and some starve.
        Whoever waits longer than BUSY_TIMEOUT_MS is left to SQLite, which then says that it is locked.
        """
        taken = self.is_sqlite and self._turns.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
        try:
            yield
        finally:
            if taken:
                self._turns.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking; nothing is committed."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    def answers(self) -> bool:
        """Whether the database can be asked at all. Raises what the driver raises when it cannot."""
        with self.engine.connect() as connection:
            return connection.execute(text("SELECT 1")).scalar() == 1

    def close(self) -> None:
        """Closes every connection of the pool."""
        self.engine.dispose()
        if self._log is not None:
            self._log.close()
