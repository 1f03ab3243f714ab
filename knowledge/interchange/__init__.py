"""Moving centres, settlements, served villages and services between files (CSV, XLSX) and the tables.

    rows = interchange.read("places", path, session=session)
    changes = interchange.plan(session, "places", rows)
    print(changes.summary)
    interchange.apply(session, changes)

A file tells all rows of its kind: what it lacks is removed. It is taken as a whole or refused as a whole, with
every fault named (`BadFile.problems`). Plan and apply in one transaction of `Database.write`.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from knowledge.interchange import kinds, references
from knowledge.interchange.applying import apply
from knowledge.interchange.plan import Changed, Changes, FieldChange, compare
from knowledge.interchange.problems import LISTED_AT_MOST, BadFile, Problem
from knowledge.interchange.reading import read_file
from knowledge.interchange.rows import Advance, Record, Rows
from knowledge.interchange.seeding import seed
from knowledge.interchange.writing import write_file, write_table

__all__ = [
    "KINDS",
    "LISTED_AT_MOST",
    "Advance",
    "BadFile",
    "Changed",
    "Changes",
    "FieldChange",
    "Problem",
    "Record",
    "Rows",
    "apply",
    "export",
    "plan",
    "read",
    "seed",
    "write_table",
]

KINDS: tuple[str, ...] = tuple(kinds.KINDS)
"""The kinds of data that files carry."""


def read(kind: str, path: Path, *, session: Session | None = None, advance: Advance | None = None) -> Rows:
    """Reads and checks a file of that kind; with a session also what its rows refer to.

    Raises BadFile with every problem of the file. ``advance(done, total)`` is called now and then.
    """
    known = references.load(session) if session is not None else None
    return read_file(kinds.KINDS[kind], path, references=known, advance=advance)


def plan(session: Session, kind: str, rows: Rows, *, allow_removals: bool = False) -> Changes:
    """Compares rows with the tables and changes nothing.

    Where more than half of the rows would be removed and ``allow_removals`` is not given, the plan has a
    ``refusal`` and cannot be applied. Raises BadFile where rows refer to what is not there.
    """
    if rows.kind.name != kind:
        raise ValueError(f"these rows are {rows.kind.name}, not {kind}")
    return compare(session, rows, allow_removals=allow_removals)


def export(session: Session, kind: str, path: Path) -> int:
    """Writes all rows of that kind to a .csv or .xlsx file; returns how many.

    Raises BadFile for another ending and OSError where the file cannot be written.
    """
    return write_file(session, kinds.KINDS[kind], path)
