"""Staff change what is known: facts, with the rules of a hall among them, kept in the history and the audit trail.

The trail says who changed which row and which fields; the values stand in the history (`knowledge.history`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import audit
from desk.halls import rules
from desk.halls.rules import HallRules, Rules
from knowledge import editing, history
from knowledge.editing import ChangedSince
from knowledge.history import Edit, Field
from knowledge.interchange import Changes
from knowledge.interchange.single import RowId
from store import clock

RULES = "rules"
"""How the rules of a centre's hall are called in the history."""

RULE_NAMES: tuple[str, ...] = tuple(one.name for one in fields(Rules))
"""The rules, each a whole number."""

LARGEST_RULE = 100_000


def change(session: Session, kind: str, row_id: RowId, cells: Mapping[str, str], by: str) -> tuple[Field, ...]:
    """Gives columns of a row new values; which fields changed. Raises what `knowledge.editing.change` raises."""
    changed = editing.change(session, kind, row_id, cells, by)
    if changed:
        _audit(session, by, "change_fact", kind, row_id, [one.name for one in changed])
    return changed


def verify(session: Session, kind: str, row_id: RowId, by: str) -> None:
    """Says that somebody has checked the row today. Raises what `change` raises."""
    change(session, kind, row_id, {"verified_on": clock.local_now().date().isoformat()}, by)


def add(session: Session, kind: str, cells: Mapping[str, str], by: str) -> RowId:
    """Adds a row; its id. Raises BadFile for what is not right."""
    row_id = editing.add(session, kind, cells, by)
    _audit(session, by, "add_fact", kind, row_id)
    return row_id


def remove(session: Session, kind: str, row_id: RowId, by: str) -> None:
    """Removes a row. Raises what `knowledge.editing.remove` raises."""
    editing.remove(session, kind, row_id, by)
    _audit(session, by, "remove_fact", kind, row_id)


def set_rules(session: Session, center_id: int, numbers: Mapping[str, int], by: str) -> tuple[Field, ...]:
    """Gives the centre's hall these rules; which of them changed. Raises ValueError for what cannot be kept."""
    before = rules.rules_for(session, center_id)
    if any(number > LARGEST_RULE for number in numbers.values()):
        raise ValueError(f"no rule may be above {LARGEST_RULE}")
    wanted = replace(before, **numbers)
    old, new = asdict(before), asdict(wanted)
    changed = tuple(Field(name, str(old[name]), str(new[name])) for name in RULE_NAMES if old[name] != new[name])
    if changed:
        rules.set_rules(session, center_id, wanted, by)
        history.record(session, by, history.new_edit(), RULES, center_id, str(center_id), changed)
    return changed


def has_own_rules(session: Session, center_id: int) -> bool:
    """Whether the centre set rules of its own."""
    query = select(HallRules.center_id).where(HallRules.center_id == center_id)
    return session.scalar(query) is not None


def undo(session: Session, edit: Edit, by: str) -> None:
    """Takes back what one save changed in one row. Raises what `knowledge.editing.undo` raises, and ValueError."""
    if edit.kind != RULES:
        editing.undo(session, edit, by)
        row_id: RowId = edit.row_id if edit.kind == "services" else int(edit.row_id)
        _audit(session, by, "undo_fact", edit.kind, row_id, [one.name for one in edit.fields])
        return
    now = asdict(rules.rules_for(session, int(edit.row_id)))
    if edit.is_undone or any(str(now[one.name]) != one.new for one in edit.fields):
        raise ChangedSince("a rule was changed again")
    set_rules(session, int(edit.row_id), {one.name: int(one.old) for one in edit.fields}, by)
    history.mark_undone(session, edit)


def carry_out(session: Session, changes: Changes, by: str) -> bool:
    """Carries out the plan of a file; whether there was anything to do. Raises BadFile where it is refused."""
    if not editing.apply(session, changes, by):
        return False
    counted = {"added": len(changes.added), "changed": len(changes.changed), "removed": len(changes.removed)}
    audit.record(session, by, "import_facts", changes.kind.name, 0, counted)
    return True


def _audit(
    session: Session, by: str, action: str, kind: str, row_id: RowId, names: list[str] | None = None
) -> None:
    """Services have no number, so the trail names them in the details."""
    number, named = (row_id, {}) if isinstance(row_id, int) else (0, {"row": row_id})
    audit.record(session, by, action, kind, number, {**named, **({"fields": names} if names else {})})
