"""Writing very many rows: by COPY on PostgreSQL, by one prepared INSERT on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, text

from store.base import Base, UtcDateTime
from store.database import Database

CHUNK = 20_000
"""Rows of one transaction."""

Row = tuple[Any, ...]


def write(database: Database, model: type[Base], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Appends the rows to the model's table; how many. Cells of JSON are given as text.

    Their ids are left to the database: in a new one they count up from 1, in the order of the rows.
    """
    table: Any = model.__table__
    count, waiting = 0, iter(rows)
    into = _insert if database.is_sqlite else _copy
    while chunk := list(islice(waiting, CHUNK)):
        with database.engine.begin() as connection:
            into(connection, table, columns, chunk)
        count += len(chunk)
    return count


def settle(database: Database) -> None:
    """What the databases do by themselves in the course of a day with what was written."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM"))


def look_over(database: Database) -> None:
    """Lets PostgreSQL make its statistics, as it does by itself within a minute; SQLite has none."""
    if not database.is_sqlite:
        with database.engine.begin() as connection:
            connection.execute(text("ANALYZE"))


def _insert(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    moments = [place for place, name in enumerate(columns) if isinstance(table.c[name].type, UtcDateTime)]
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"
    connection.exec_driver_sql(statement, [_as_kept(row, moments) for row in rows])


def _as_kept(row: Row, moments: Sequence[int]) -> Row:
    """The row as SQLAlchemy keeps it on SQLite: moments in UTC, without saying so."""
    cells = list(row)
    for place in moments:
        if cells[place] is not None:
            cells[place] = cells[place].astimezone(UTC).isoformat(" ", "microseconds")[:26]
    return tuple(cells)


def _copy(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
