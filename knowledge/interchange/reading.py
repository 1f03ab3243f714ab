"""Reading a CSV or XLSX file of one kind: all of it good, or every fault of it named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from knowledge.interchange.kinds import Kind
from knowledge.interchange.problems import BadFile, Findings, Problem, perhaps
from knowledge.interchange.references import References
from knowledge.interchange.rows import STEP, Advance, Checker, Foreign, Rows
from knowledge.interchange.sheets import Sheet, open_sheet


def read_file(
    kind: Kind, path: Path, *, references: References | None = None, advance: Advance | None = None
) -> Rows:
    """Reads and checks a file. With ``references`` what rows refer to is checked as well.

    Raises BadFile with every problem of the file.
    """
    sheet = open_sheet(path)
    findings = Findings()
    names = _columns(kind, sheet.header, findings)
    checker = Checker(kind, findings, references)
    try:
        _take_all(sheet, names, checker, findings, advance)
    except BadFile as error:
        for problem in error.problems:
            findings.add(problem)
    return checker.rows()


def _take_all(
    sheet: Sheet, names: Sequence[str], checker: Checker, findings: Findings, advance: Advance | None
) -> None:
    done = 0
    for number, cells in sheet.rows:
        _look_beyond(number, cells, names, findings)
        # Excel leaves out empty cells at the end of a row, in CSV too.
        padded = [*cells, *[""] * (len(names) - len(cells))]
        checker.take(number, {name: cell for name, cell in zip(names, padded, strict=False) if name})
        done += 1
        if advance is not None and done % STEP == 0:
            advance(done, max(done, sheet.expected_rows))
    if advance is not None:
        advance(done, done)


def _columns(kind: Kind, header: Sequence[str], findings: Findings) -> list[str]:
    """The columns of the file by position, an empty name for one that is not read."""
    known = {column.name.casefold(): column.name for column in kind.columns}
    given = {name.casefold() for name in header}
    missing = [column.name for column in kind.columns if column.name.casefold() not in given]
    names: list[str] = []
    for position, name in enumerate(header, 1):
        found = known.get(name.casefold(), "")
        if found and found in names:
            findings.add(Problem(1, found, name, "each column once"))
            found = ""
        elif not name:
            findings.add(Problem(1, "", "", f"a name for the column at position {position}"))
        elif not found:
            _unknown_column(name, missing, list(known.values()), findings)
        names.append(found)
    for column in kind.columns:
        if column.name in missing and not column.optional:
            findings.add(Problem(1, column.name, "", "this column; it is missing"))
    return names


def _unknown_column(name: str, missing: list[str], known: list[str], findings: Findings) -> None:
    hint = perhaps(name.casefold(), missing, likeness=0.5) or perhaps(name.casefold(), known)
    hint = hint or "one of " + ", ".join(known)
    findings.add(Problem(1, name, name, f"a known column; {hint}"))


def _look_beyond(number: int, cells: Sequence[str | Foreign], names: Sequence[str], findings: Findings) -> None:
    """A comma that is not in quotes shifts the row: the cells then go beyond the header."""
    beyond = [cell.value if isinstance(cell, Foreign) else cell for cell in cells[len(names) :] if cell]
    if beyond:
        expected = f"{len(names)} cells as in the header; a text that holds the separator needs quotes"
        findings.add(Problem(number, "", ", ".join(beyond), expected))
