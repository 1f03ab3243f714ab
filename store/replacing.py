"""Putting a set of rows in the place of another, where few of them differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from store.base import Base


def replace(
    session: Session, model: type[Base], fixed: Mapping[str, Any], rows: Collection[tuple[Any, ...]]
) -> int:
    """Makes the rows of a table that have the ``fixed`` values exactly these; how many were taken out or put in.

    ``rows`` are values of the model's other columns, in their order. Only what differs is written.
    """
    table: Any = model.__table__
    names = [column.name for column in table.c if column.name not in fixed]
    keys = [column.name for column in table.primary_key if column.name not in fixed]
    mine = [table.c[name] == value for name, value in fixed.items()]
    before = {tuple(row) for row in session.execute(select(*(table.c[name] for name in names)).where(*mine))}
    fresh = set(rows)
    connection = session.connection()
    gone = [{f"its_{name}": value for name, value in zip(names, row, strict=True)} for row in before - fresh]
    if gone:
        its = (table.c[name] == bindparam(f"its_{name}") for name in keys)
        connection.execute(delete(table).where(*mine, *its), gone)
    new = [{**fixed, **dict(zip(names, row, strict=True))} for row in fresh - before]
    if new:
        connection.execute(insert(table), new)
    return len(gone) + len(new)
