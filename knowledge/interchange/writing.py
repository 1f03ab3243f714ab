"""Writing a kind's rows as CSV (commas; UTF-8 with a byte order mark) or XLSX (all cells text, header frozen).

Without the mark Excel takes UTF-8 for the machine's old code page, and Georgian letters for signs.

What is written reads back as the same rows; see `knowledge.interchange.formula_signs` for cells that a spreadsheet
would take for formulas.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from sqlalchemy.orm import Session

from knowledge.interchange.cells import written
from knowledge.interchange.formula_signs import guarded
from knowledge.interchange.kinds import Kind
from knowledge.interchange.problems import BadFile, Problem
from knowledge.interchange.tables import stored

_NARROWEST, _WIDEST = 8, 48
_TEXT_FORMAT = "@"

Line = list[str]


def write_file(session: Session, kind: Kind, path: Path) -> int:
    """Writes all rows of the kind to ``path``, by its ending; how many. Raises what `write_table` raises."""
    names = [column.name for column in kind.columns]
    rows = [[written(row.values[name]) for name in names] for row in stored(session, kind)]
    write_table(path, kind.name, names, rows)
    return len(rows)


def write_table(path: Path, title: str, names: Line, rows: Iterable[Line]) -> None:
    """Writes lines of text under a line of names to ``path``, as .csv or .xlsx by its ending; no cell is run.

    A file that was there is replaced only once the new one is whole. Raises BadFile for other endings, OSError.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadFile([Problem(None, "", path.name, "a file whose name ends in .csv or .xlsx")])
    safe = [[guarded(cell) for cell in row] for row in rows]
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        write(unfinished, title, names, safe)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_csv(path: Path, _title: str, names: Line, rows: Iterable[Line]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


def _write_xlsx(path: Path, title: str, names: Line, rows: list[Line]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(names, *rows, strict=True), 1):
        longest = max(map(len, column))
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, _NARROWEST), _WIDEST)

    def cell(value: str, *, bold: bool = False) -> Cell | None:
        if not value:
            return None
        made = WriteOnlyCell(sheet, value)
        made.data_type = "s"  # or openpyxl takes "#N/A" for an error
        made.number_format = _TEXT_FORMAT
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(name, bold=True) for name in names])
    for row in rows:
        sheet.append([cell(value) for value in row])
    book.save(path)


_WRITERS: dict[str, Callable[[Path, str, Line, list[Line]], None]] = {".csv": _write_csv, ".xlsx": _write_xlsx}
