"""What SQLAlchemy words differently for our two databases, and counting the rows that a statement changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Executable, bindparam, func
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.base import Base


def is_sqlite(session: Session) -> bool:
    """Whether the session's database is SQLite, and not PostgreSQL."""
    return session.get_bind().dialect.name == "sqlite"


def insert_into(session: Session, model: type[Base]) -> Any:
    """An INSERT into the model's table that can be given an ON CONFLICT."""
    return insert_of(model, sqlite=is_sqlite(session))


def insert_of(model: type[Base], *, sqlite: bool) -> Any:
    """The same, for a statement that is composed once for each kind of database."""
    table: Any = model.__table__
    return sqlite_insert(table) if sqlite else postgresql_insert(table)


def insert_row(session: Session, row: Base) -> None:
    """Inserts an object that is in no session, by one statement; its key stays unknown.

    A session that follows an object, to write what changed of it, takes five times as long.
    """
    table: Any = row.__table__
    given = {name: value for name, value in vars(row).items() if name in table.c}
    session.execute(table.insert(), given)


def one_of(column: ColumnElement[Any], name: str, *, sqlite: bool) -> ColumnElement[bool]:
    """Whether the column is one of the whole numbers that the parameter ``name`` will hold, a list.

    On PostgreSQL they go as one array: the statement stays the same however many they are.
    """
    if sqlite:
        return column.in_(bindparam(name, expanding=True))
    return column == func.any(bindparam(name, type_=ARRAY(BigInteger)))


def among(column: ColumnElement[Any] | InstrumentedAttribute[Any], numbers: Iterable[int]) -> ColumnElement[bool]:
    """Whether the column is one of these whole numbers, which stand in the statement itself.

    As parameters some thousands of them take a driver longer than the search takes the database.
    """
    listed = bindparam(None, list(numbers), type_=BigInteger, expanding=True, literal_execute=True)
    return column.in_(listed)


def carry_out(session: Session, statement: Executable) -> int:
    """Runs an INSERT, UPDATE or DELETE; how many rows it made, changed or deleted."""
    result = session.execute(statement, execution_options={"preserve_rowcount": True})
    return int(getattr(result, "rowcount", 0))
