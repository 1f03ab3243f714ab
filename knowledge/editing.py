"""Changing what is known, a row or a file at a time: checked as files are, kept in the history, seen by all.

Every function works in the caller's transaction and makes the data's version grow, so that each process answers
from the change within seconds.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from knowledge import history, models
from knowledge.history import WHOLE, Edit, Field
from knowledge.interchange import Advance, Changes, applying, single
from knowledge.interchange.cells import written
from knowledge.interchange.kinds import KINDS, Kind
from knowledge.interchange.single import FIXED, RowId
from knowledge.interchange.tables import Stored, stored


class NotThere(LookupError):
    """There is no such row, or no such edit."""


class ChangedSince(ValueError):
    """Somebody changed the row meanwhile; what was asked would undo that too."""


def change(
    session: Session, kind: str, row_id: RowId, cells: Mapping[str, str], by: str, edit: str | None = None
) -> tuple[Field, ...]:
    """Gives some columns of a row new cells; which fields changed. Raises NotThere, BadFile for what is not right.

    Columns in FIXED stay as they are.
    """
    known = KINDS[kind]
    row = _row(session, known, row_id)
    before = single.cells_of(known, row)
    given = {name: cell for name, cell in cells.items() if name in before and name not in FIXED[kind]}
    record = single.check(session, known, {**before, **given}, row_id)
    fields = tuple(
        Field(name, before[name], after)
        for name, after in ((column.name, written(record.values[column.name])) for column in known.columns)
        if after != before[name]
    )
    if fields:
        single.write(session, known, row_id, record)
        history.record(session, by, edit or history.new_edit(), kind, row_id, _label(row.key), fields)
        models.touch(session)
    return fields


def add(session: Session, kind: str, cells: Mapping[str, str], by: str, edit: str | None = None) -> RowId:
    """Adds a row; its id. Raises BadFile for what is not right."""
    known = KINDS[kind]
    empty = {column.name: "" for column in known.columns}
    record = single.check(session, known, {**empty, **cells})
    row_id = single.add(session, known, record)
    row = _row(session, known, row_id)
    fields = [Field(WHOLE, "", history.whole(single.cells_of(known, row)))]
    history.record(session, by, edit or history.new_edit(), kind, row_id, _label(row.key), fields)
    models.touch(session)
    return row_id


def remove(session: Session, kind: str, row_id: RowId, by: str, edit: str | None = None) -> None:
    """Removes a row; `undo` brings it back. Raises NotThere, BadFile where other records refer to it."""
    known = KINDS[kind]
    row = _row(session, known, row_id)
    single.remove(session, known, row_id)
    fields = [Field(WHOLE, history.whole(single.cells_of(known, row)), "")]
    history.record(session, by, edit or history.new_edit(), kind, row_id, _label(row.key), fields)
    models.touch(session)


def undo(session: Session, edit: Edit, by: str) -> None:
    """Takes back what one save changed in one row; this is a change of its own.

    Raises ChangedSince where a field has another value by now, NotThere where the row is gone, BadFile where the
    old values are not right any more.
    """
    row_id: RowId = edit.row_id if edit.kind == "services" else int(edit.row_id)
    if edit.is_undone:
        raise ChangedSince("it was taken back already")
    whole = next((field for field in edit.fields if field.name == WHOLE), None)
    if whole is not None and whole.new:
        if single.cells_of(KINDS[edit.kind], _row(session, KINDS[edit.kind], row_id)) != history.cells(whole.new):
            raise ChangedSince("the row was changed after it was added")
        remove(session, edit.kind, row_id, by)
    elif whole is not None:
        add(session, edit.kind, history.cells(whole.old), by)
    else:
        _put_back(session, edit, row_id, by)
    history.mark_undone(session, edit)


def _put_back(session: Session, edit: Edit, row_id: RowId, by: str) -> None:
    now = single.cells_of(KINDS[edit.kind], _row(session, KINDS[edit.kind], row_id))
    fields = [field for field in edit.fields if field.name in now]
    if any(now[field.name] != field.new for field in fields):
        raise ChangedSince("a field was changed again")
    change(session, edit.kind, row_id, {field.name: field.old for field in fields}, by)


def apply(session: Session, changes: Changes, by: str, advance: Advance | None = None) -> bool:
    """Carries out the plan of a file and keeps the history; whether there was anything to do.

    Raises what `knowledge.interchange.apply` raises.
    """
    kind, edit = changes.kind.name, history.new_edit()
    if not applying.carry_out(session, changes, advance):
        return False
    for row in changes.changed:
        fields = [Field(one.column, written(one.before), written(one.after)) for one in row.fields]
        history.record(session, by, edit, kind, row.id, _label(row.key), fields)
    for gone in changes.removed:
        fields = [Field(WHOLE, history.whole(single.cells_of(changes.kind, gone)), "")]
        history.record(session, by, edit, kind, gone.id, _label(gone.key), fields)
    _record_added(session, changes, by, edit)
    models.touch(session)
    return True


def _record_added(session: Session, changes: Changes, by: str, edit: str) -> None:
    if not changes.added:
        return
    new = {record.key for record in changes.added}
    for row in stored(session, changes.kind):
        if row.key in new:
            fields = [Field(WHOLE, "", history.whole(single.cells_of(changes.kind, row)))]
            history.record(session, by, edit, changes.kind.name, row.id, _label(row.key), fields)


def _row(session: Session, kind: Kind, row_id: RowId) -> Stored:
    row = single.find(session, kind, row_id)
    if row is None:
        raise NotThere(f"no {kind.name} {row_id}")
    return row


def _label(key: tuple[str, ...]) -> str:
    return ", ".join(key)
