"""Opening a CSV or XLSX file as a header and rows of cells. Knows nothing of what the columns mean."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from knowledge.interchange.cells import as_text
from knowledge.interchange.formula_signs import unguarded
from knowledge.interchange.problems import BadFile, Problem
from knowledge.interchange.rows import Foreign

LARGEST_FILE = 20_000_000
"""No larger file is opened, in bytes."""

MOST_ROWS = 200_000
"""No file may have more rows, blank ones not counted."""

_LARGEST_UNPACKED = 400_000_000  # a small XLSX file can unpack to far more than memory holds
_PLAIN_VALUE = "a plain value, not {}"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

Row = tuple[int, Sequence[str | Foreign]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The header of a file and its rows, each with its number; blank rows are left out.

    ``expected_rows`` is how many there are as far as the file tells.
    """

    header: Sequence[str]
    rows: Iterator[Row]
    expected_rows: int


def open_sheet(path: Path) -> Sheet:
    """Opens a file by its ending. Raises BadFile where it cannot be read as what it says it is.

    The rows are read as they are asked for; reading them may raise BadFile too.
    """
    kind = path.suffix.lower()
    if kind not in {".csv", ".xlsx"}:
        hint = "; save it as .xlsx first" if kind in {".xls", ".ods", ".numbers"} else ""
        raise _bad(path.name, f"a file whose name ends in .csv or .xlsx{hint}")
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise _bad(f"{size} bytes", f"a file of at most {LARGEST_FILE} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise _bad(str(path), f"a file that can be read ({error.strerror})") from error
    numbered = _csv_rows(data) if kind == ".csv" else _xlsx_rows(data)
    return _sheet(*numbered)


def _bad(value: str, expected: str, row: int | None = None) -> BadFile:
    return BadFile([Problem(row, "", value, expected)])


def _sheet(rows: Iterable[Sequence[str | Foreign]], expected: int) -> Sheet:
    filled = _limited((number, row) for number, row in enumerate(rows, 1) if _is_filled(row))
    number, header = next(filled, (1, []))
    if number != 1:
        raise _bad("", "the names of the columns", row=1)
    names = [cell.value if isinstance(cell, Foreign) else cell.strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise _bad("an empty file", "the names of the columns in the first row")
    return Sheet(names, filled, max(expected - 1, 0))


def _is_filled(row: Sequence[str | Foreign]) -> bool:
    return any(isinstance(cell, Foreign) or cell.strip() for cell in row)


def _limited(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count > MOST_ROWS:
            raise _bad("", f"at most {MOST_ROWS} rows", row=row[0])
        yield row


def _csv_rows(data: bytes) -> tuple[Iterator[list[str]], int]:
    text = _decoded(data)
    first = text[: text.find("\n")] if "\n" in text else text
    separator = max(",;", key=first.count)
    return _parsed(text, separator), text.count("\n") + (not text.endswith("\n"))


def _parsed(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            yield [unguarded(cell) for cell in row]
    except csv.Error as error:
        raise _bad(str(error), f"well-formed CSV near line {reader.line_num}: every quote closed") from error


def _decoded(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise _bad("a ZIP archive", "text; a workbook's name must end in .xlsx")
    if data.startswith(_UTF16):
        raise _bad("UTF-16", "UTF-8; in Excel save it as 'CSV UTF-8'")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte {data[error.start]:#04x} in line {line}"
        raise _bad(found, "UTF-8 text; in Excel save it as 'CSV UTF-8'") from error


def _xlsx_rows(data: bytes) -> tuple[Iterator[list[str | Foreign]], int]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _LARGEST_UNPACKED:
            raise _bad(f"{unpacked} bytes unpacked", f"a workbook of at most {_LARGEST_UNPACKED} bytes unpacked")
        sheet = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
        expected = sheet.max_row or 0
        # Some programs write a wrong size of the sheet, and rows beyond it would not be read.
        sheet.reset_dimensions()
    except BadFile:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise _not_a_workbook(error) from error
    return _workbook_rows(sheet), expected


def _workbook_rows(sheet: Any) -> Iterator[list[str | Foreign]]:
    rows = sheet.iter_rows()
    while True:
        try:
            row = next(rows, None)
        except Exception as error:
            raise _not_a_workbook(error) from error
        if row is None:
            return
        yield [_cell(cell) for cell in row]


def _not_a_workbook(error: Exception) -> BadFile:
    return _bad(f"{type(error).__name__}: {error}", "an XLSX workbook that is whole; save it anew as .xlsx")


def _cell(cell: Any) -> str | Foreign:
    if cell.data_type == "f":
        return Foreign(str(cell.value), _PLAIN_VALUE.format("a formula"))
    if cell.data_type == "e":
        return Foreign(str(cell.value), _PLAIN_VALUE.format("an error of Excel"))
    return unguarded(as_text(cell.value))
