"""Filling an empty database with the data that ship with the project, through the same checks as any file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from knowledge import models, reference
from knowledge.interchange import references
from knowledge.interchange.applying import carry_out
from knowledge.interchange.catalogue import read_catalogue
from knowledge.interchange.kinds import CENTERS, PLACES, SERVED, SERVICES, Kind
from knowledge.interchange.plan import compare
from knowledge.interchange.problems import BadFile, Problem
from knowledge.interchange.reading import read_file
from knowledge.interchange.rows import Rows
from knowledge.interchange.tables import is_empty

_LOCK = 0x73656564  # "seed": two processes that start at once must not both fill the tables


def seed(session: Session, folder: Path = reference.DATA) -> Mapping[str, int]:
    """Loads the shipped data into each table that is empty; returns how many rows of each kind were loaded.

    A kind that has rows is left as it is. Served villages whose centre or settlement is not there, because the
    tables hold other data than the shipped, are left out. Raises BadFile with the names of file and row.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    loaded: dict[str, int] = {}
    shipped_only = True
    for kind in (PLACES, CENTERS, SERVED, SERVICES):
        if not is_empty(session, kind):
            shipped_only = shipped_only and kind not in (PLACES, CENTERS)
            continue
        rows = _shipped(kind, folder)
        if kind is SERVED and not shipped_only:
            rows = _resolvable(session, rows)
        if carry_out(session, compare(session, rows)):
            loaded[kind.name] = len(rows.records)
    if loaded:
        models.touch(session)
    return loaded


def _shipped(kind: Kind, folder: Path) -> Rows:
    if kind is SERVICES:
        return read_catalogue(folder / "services")
    path = folder / f"{kind.name}.csv"
    try:
        return read_file(kind, path)
    except BadFile as error:
        named = [
            Problem(fault.row, fault.column, fault.value, fault.expected, _origin(path, fault))
            for fault in error.problems
        ]
        raise BadFile(named, error.total) from error


def _origin(path: Path, fault: Problem) -> str:
    return path.name if fault.row is None else f"{path.name}: row {fault.row}"


def _resolvable(session: Session, rows: Rows) -> Rows:
    known = references.load(session)
    return Rows(
        rows.kind,
        tuple(record for record in rows.records if not list(known.faults(rows.kind, record.values))),
    )
