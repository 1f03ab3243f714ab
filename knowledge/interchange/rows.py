"""Checking: raw cells in, values out, every fault named. Files and the shipped YAML come through here alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from knowledge.interchange.cells import Unreadable, Value, clean, written
from knowledge.interchange.kinds import Column, Kind
from knowledge.interchange.problems import Findings, Problem
from knowledge.interchange.references import References

Advance = Callable[[int, int], None]
"""Called with how many rows are done and how many there are (as far as is known)."""

STEP = 500
"""How many rows are done between two calls of an `Advance`."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A cell that holds no plain value, such as a formula; ``value`` is how it looks."""

    value: str
    expected: str


RawRow = Mapping[str, str | Foreign]


@dataclass(frozen=True, slots=True)
class Record:
    """A row that was read and found good; ``number`` is its row in the file."""

    number: int
    key: tuple[str, ...]
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a file of one kind, in the order of the file."""

    kind: Kind
    records: tuple[Record, ...]


class Checker:
    """Takes the rows of one file one by one and gathers either all their values or all their faults."""

    def __init__(self, kind: Kind, findings: Findings, references: References | None = None) -> None:
        """``references``, where given, must know what the rows refer to."""
        self._kind = kind
        self._findings = findings
        self._references = references
        self._records: list[Record] = []
        self._seen: dict[tuple[str, ...], str] = {}

    def take(self, number: int, raw: RawRow, origin: str = "") -> None:
        """Checks one row. A column that ``raw`` lacks is passed over: that it is missing is said elsewhere."""
        found = _RowFindings(self._findings, number, origin, raw)
        values: dict[str, Value] = {}
        for column in self._kind.columns:
            if column.name not in raw:
                continue
            try:
                values[column.name] = _value(column, raw[column.name])
            except Unreadable as error:
                found.add(column.name, error.expected or column.cell.expected)
        for name, expected in self._kind.faults(values):
            found.add(name, expected)
        if self._references is not None:
            for name, expected in self._references.faults(self._kind, values):
                found.add(name, expected)
        self._look_for_twins(values, found)
        if not found.count:
            self._records.append(Record(number, self._kind.key_of(values), values))

    def rows(self) -> Rows:
        """All rows that were taken. Raises BadFile where anything was found."""
        self._findings.refuse()
        return Rows(self._kind, tuple(self._records))

    def _look_for_twins(self, values: Mapping[str, Value], found: _RowFindings) -> None:
        for names in (self._kind.key, *((name,) for name in self._kind.also_unique)):
            key = tuple(written(values.get(name)) for name in names)
            if not all(key):
                continue
            first = self._seen.setdefault((*names, *key), found.label)
            if first is not found.label:
                what = " + ".join(names)
                found.add(what, f"its own {what}; {first} has the same", ", ".join(key))


class _RowFindings:
    """Adds the problems of one row, each with the value as the file has it."""

    def __init__(self, findings: Findings, number: int, origin: str, raw: RawRow) -> None:
        self._findings = findings
        self._number = number
        self._origin = origin
        self._raw = raw
        self.label = origin or f"row {number}"
        self.count = 0

    def add(self, column: str, expected: str, value: str | None = None) -> None:
        if value is None:
            cell = self._raw.get(column, "")
            value = cell.value if isinstance(cell, Foreign) else cell
        self.count += 1
        self._findings.add(Problem(self._number, column, value, expected, self._origin))


def _value(column: Column, cell: str | Foreign) -> Value:
    if isinstance(cell, Foreign):
        raise Unreadable(cell.expected)
    text = clean(cell)
    if text:
        return column.cell.parse(text)
    if column.required:
        raise Unreadable
    return column.blank
