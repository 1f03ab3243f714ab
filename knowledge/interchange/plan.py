"""What importing a file would change: compares its rows with the tables and changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy.orm import Session

from knowledge.interchange import references
from knowledge.interchange.cells import Value, written
from knowledge.interchange.kinds import PLACES, SERVED, SERVICES, Kind
from knowledge.interchange.problems import Findings, Problem
from knowledge.interchange.rows import Record, Rows
from knowledge.interchange.tables import Stored, stored

Key = tuple[str, ...]

REMOVABLE_SHARE = 0.5
"""A file that lacks more than this share of a table's rows must be allowed to remove them."""

_SHOWN_OF_VALUE = 60


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column of a row, before and after."""

    column: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that is in the table and in the file, with differences. Its ``id`` stays."""

    id: int | str
    key: Key
    record: Record
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a file would change. ``refusal`` says why it may not be applied, None where it may."""

    rows: Rows
    added: tuple[Record, ...]
    changed: tuple[Changed, ...]
    removed: tuple[Stored, ...]
    unchanged: int
    refusal: Problem | None = None

    @property
    def kind(self) -> Kind:
        """The kind of the rows."""
        return self.rows.kind

    @property
    def count(self) -> int:
        """How many rows would be added, changed or removed."""
        return len(self.added) + len(self.changed) + len(self.removed)

    @property
    def summary(self) -> str:
        """One line of numbers."""
        return (
            f"{self.kind.name}: {len(self.added)} added, {len(self.changed)} changed, "
            f"{len(self.removed)} removed, {self.unchanged} unchanged"
        )

    def details(self) -> Iterator[str]:
        """A line for each row added (+), removed (-) and for each field changed (~), long values cut."""
        yield from (f"+ {_label(record.key)}" for record in self.added)
        for change in self.changed:
            for field in change.fields:
                before, after = _short(field.before), _short(field.after)
                yield f"~ {_label(change.key)}: {field.column}: {before!r} -> {after!r}"
        yield from (f"- {_label(row.key)}" for row in self.removed)


def compare(session: Session, rows: Rows, *, allow_removals: bool = False) -> Changes:
    """Compares the rows of a file with the tables.

    Raises BadFile where a row refers to what the tables do not have, or carries the id of another settlement.
    """
    findings = Findings()
    if rows.kind is SERVED:
        _check_references(session, rows, findings)
    before = stored(session, rows.kind)
    pairs = list(_pairs(rows, before, findings))
    findings.refuse()

    kept = {row.id for _record, row in pairs if row is not None}
    removed = tuple(row for row in before if row.id not in kept)
    moved = _moved(before, rows) if rows.kind is SERVICES else {}
    changed = tuple(
        Changed(row.id, row.key, record, fields)
        for record, row in pairs
        if row is not None and (fields := _fields(rows.kind, row, record, moved))
    )
    return Changes(
        rows=rows,
        added=tuple(record for record, row in pairs if row is None),
        changed=changed,
        removed=removed,
        unchanged=len(kept) - len(changed),
        refusal=None if allow_removals else _too_many_removed(rows.kind, len(removed), len(before)),
    )


def _label(key: Key) -> str:
    return ", ".join(key)


def _short(value: Value) -> str:
    text = written(value)
    return text if len(text) <= _SHOWN_OF_VALUE else text[:_SHOWN_OF_VALUE] + "..."


def _check_references(session: Session, rows: Rows, findings: Findings) -> None:
    known = references.load(session)
    for record in rows.records:
        for column, expected in known.faults(rows.kind, record.values):
            findings.add(Problem(record.number, column, written(record.values[column]), expected))


def _pairs(rows: Rows, before: Sequence[Stored], findings: Findings) -> Iterable[tuple[Record, Stored | None]]:
    """Each row of the file with the row of the table that it is about, None where it is new."""
    by_key = {row.key: row for row in before}
    if rows.kind is not PLACES:
        return [(record, by_key.get(record.key)) for record in rows.records]
    by_id = {row.id: row for row in before}
    in_file = {record.key for record in rows.records}
    return [(record, _same_place(record, by_key, by_id, in_file, findings)) for record in rows.records]


def _same_place(
    record: Record,
    by_key: Mapping[Key, Stored],
    by_id: Mapping[int | str, Stored],
    in_file: set[Key],
    findings: Findings,
) -> Stored | None:
    """A settlement is known by its name, or by its id where the name was corrected."""
    named, number = by_key.get(record.key), record.values.get("id")
    if not isinstance(number, int):
        return named
    numbered = by_id.get(number)
    if named is not None and named is not numbered:
        expected = f"{named.id}, the id that this settlement has, or nothing"
    elif numbered is not None and numbered is not named and numbered.key in in_file:
        expected = f"another id or nothing: {number} is {_label(numbered.key)}"
    else:
        return numbered
    findings.add(Problem(record.number, "id", str(number), expected))
    return None


def _fields(kind: Kind, row: Stored, record: Record, moved: Mapping[Key, FieldChange]) -> tuple[FieldChange, ...]:
    changes = [
        FieldChange(column.name, row.values[column.name], record.values[column.name])
        for column in kind.columns
        if column.name != "id" and row.values[column.name] != record.values[column.name]
    ]
    if record.key in moved:
        changes.append(moved[record.key])
    return tuple(changes)


def _moved(before: Sequence[Stored], rows: Rows) -> dict[Key, FieldChange]:
    """The rows that stand elsewhere among those that both have: the fewest that explain the new order."""
    old, new = [row.key for row in before], [record.key for record in rows.records]
    both = set(old) & set(new)
    old, new = [key for key in old if key in both], [key for key in new if key in both]
    stayed: set[Key] = set()
    if old != new:
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            stayed.update(new[block.b : block.b + block.size])
    else:
        stayed = both
    places = {key: number for number, key in enumerate(old, 1)}
    return {
        key: FieldChange("position", places[key], number) for number, key in enumerate(new, 1) if key not in stayed
    }


def _too_many_removed(kind: Kind, removed: int, before: int) -> Problem | None:
    if removed <= before * REMOVABLE_SHARE:
        return None
    return Problem(
        None,
        "",
        f"{removed} of the {before} {kind.name} are not in the file",
        "at least half of them, or --allow-removals to remove them",
    )
