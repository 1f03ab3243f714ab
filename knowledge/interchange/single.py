"""One row at a time, by the rules of files: what a form sends is checked exactly as a row of a file is."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge.interchange import references
from knowledge.interchange.cells import written
from knowledge.interchange.kinds import SERVED, SERVICES, Kind
from knowledge.interchange.problems import BadFile, Findings, Problem
from knowledge.interchange.references import References
from knowledge.interchange.rows import Checker, Record
from knowledge.interchange.tables import MODELS, Stored, id_of, stored, to_table
from knowledge.models import ServiceRow

RowId = int | str
"""The primary key of a row: a number, or the slug of a service."""

FIXED: Mapping[str, frozenset[str]] = {
    "centers": frozenset({"slug"}),
    "places": frozenset({"id"}),
    "served": frozenset({"center"}),
    "services": frozenset({"slug"}),
}
"""Columns that a row keeps for life: links and other tables go by them."""

_NOTHING = References({}, {})


def find(session: Session, kind: Kind, row_id: RowId) -> Stored | None:
    """The row as a file would tell it; None where there is none."""
    return next(iter(stored(session, kind, [row_id])), None)


def cells_of(kind: Kind, row: Stored) -> dict[str, str]:
    """The row's values as the cells of a file."""
    return {column.name: written(row.values[column.name]) for column in kind.columns}


def check(session: Session, kind: Kind, cells: Mapping[str, str], row_id: RowId | None = None) -> Record:
    """Reads the cells of one row, which is ``row_id`` or new. Raises BadFile with every fault."""
    findings = Findings()
    known = references.load(session) if kind is SERVED else None
    checker = Checker(kind, findings, known)
    checker.take(1, cells)
    (record,) = checker.rows().records
    if any(row.key == record.key and row.id != row_id for row in stored(session, kind)):
        name = kind.key[0] if kind is not SERVED else "village"
        raise BadFile([Problem(1, name, ", ".join(record.key), "a name that no other row has")])
    return record


def write(session: Session, kind: Kind, row_id: RowId, record: Record) -> None:
    """Gives the row the values of the record; a place keeps its id."""
    row = id_of(kind)
    columns = to_table(kind, record.values, _references(session, kind))
    session.execute(update(MODELS[kind.name]).where(row == row_id).values(columns))
    session.expire_all()


def add(session: Session, kind: Kind, record: Record) -> RowId:
    """Adds the record as a row, a service at the end of the catalogue; its id."""
    columns = to_table(kind, record.values, _references(session, kind))
    if record.values.get("id") is not None:
        columns["id"] = record.values["id"]
    if kind is SERVICES:
        columns["position"] = (session.scalar(select(func.max(ServiceRow.position))) or 0) + 1
    added: RowId = session.execute(insert(MODELS[kind.name]).values(columns).returning(id_of(kind))).scalar_one()
    return added


def remove(session: Session, kind: Kind, row_id: RowId) -> None:
    """Removes the row. Raises BadFile where other tables hold on to it."""
    try:
        with session.begin_nested():
            session.execute(delete(MODELS[kind.name]).where(id_of(kind) == row_id))
    except IntegrityError as error:
        raise BadFile([Problem(None, "", str(row_id), "a row that no other record refers to")]) from error
    session.expire_all()


def _references(session: Session, kind: Kind) -> References:
    return references.load(session) if kind is SERVED else _NOTHING
