"""Carrying out a plan in the caller's transaction: all of it, or nothing and a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from knowledge import models
from knowledge.interchange import references
from knowledge.interchange.kinds import PLACES, SERVED, SERVICES
from knowledge.interchange.plan import Changes
from knowledge.interchange.problems import BadFile, Problem
from knowledge.interchange.references import References
from knowledge.interchange.rows import STEP, Advance
from knowledge.interchange.tables import MODELS, id_of, to_table
from knowledge.models import PlaceRow, ServiceRow

Item = TypeVar("Item")

_NOTHING = References({}, {})


def carry_out(session: Session, changes: Changes, advance: Advance | None = None) -> bool:
    """Writes the changes without touching the data's version; whether there were any.

    Raises BadFile where the plan is refused, or where other tables hold on to a row that should go; the caller's
    transaction must then be rolled back.
    """
    if changes.refusal is not None:
        raise BadFile([changes.refusal])
    if not changes.count:
        return False
    steps = _Steps(changes.count, advance)
    _remove(session, changes, steps)
    known = references.load(session) if changes.kind is SERVED else _NOTHING
    _change(session, changes, known, steps)
    _add(session, changes, known, steps)
    if changes.kind is SERVICES:
        _put_in_order(session, changes)
    session.expire_all()
    return True


def apply(session: Session, changes: Changes, advance: Advance | None = None) -> bool:
    """Writes the changes and, where there were any, says once that the data changed. Raises as `carry_out`."""
    if not carry_out(session, changes, advance):
        return False
    models.touch(session)
    return True


class _Steps:
    """Counts rows and tells the caller."""

    def __init__(self, total: int, advance: Advance | None) -> None:
        self._total = total
        self._advance = advance
        self._done = 0

    def chunks(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        for start in range(0, len(items), STEP):
            chunk = items[start : start + STEP]
            yield chunk
            self._done += len(chunk)
            if self._advance is not None:
                self._advance(self._done, self._total)


def _remove(session: Session, changes: Changes, steps: _Steps) -> None:
    row_id = id_of(changes.kind)
    try:
        with session.begin_nested():
            for chunk in steps.chunks([row.id for row in changes.removed]):
                session.execute(
                    delete(MODELS[changes.kind.name]).where(row_id.in_(chunk)),
                    execution_options={"synchronize_session": False},
                )
    except IntegrityError as error:
        names = "; ".join(", ".join(row.key) for row in changes.removed[:20])
        expected = f"these {changes.kind.name} in the file, as other records refer to some of them"
        raise BadFile([Problem(None, "", names, expected)]) from error


def _change(session: Session, changes: Changes, known: References, steps: _Steps) -> None:
    name = id_of(changes.kind).key
    for chunk in steps.chunks(changes.changed):
        rows = [{**to_table(changes.kind, one.record.values, known), name: one.id} for one in chunk]
        session.execute(update(MODELS[changes.kind.name]), rows)


def _add(session: Session, changes: Changes, known: References, steps: _Steps) -> None:
    """Rows that bring their own id go first, so that the ids which the database gives come after them."""
    numbered = [record for record in changes.added if record.values.get("id") is not None]
    for chunk in steps.chunks(numbered):
        rows = [{**to_table(PLACES, record.values, known), "id": record.values["id"]} for record in chunk]
        session.execute(insert(PlaceRow), rows)
    if numbered:
        _count_on(session)
    others = [record for record in changes.added if record.values.get("id") is None]
    position: Mapping[str, int] = {"position": 0} if changes.kind is SERVICES else {}
    for chunk in steps.chunks(others):
        rows = [{**to_table(changes.kind, record.values, known), **position} for record in chunk]
        session.execute(insert(MODELS[changes.kind.name]), rows)


def _count_on(session: Session) -> None:
    """PostgreSQL's counter does not see ids that were given; SQLite goes on from the highest by itself."""
    if session.get_bind().dialect.name == "postgresql":
        counter = "pg_get_serial_sequence('places', 'id')"
        session.execute(
            text(f"SELECT setval({counter}, GREATEST((SELECT max(id) FROM places), nextval({counter})))")  # noqa: S608
        )


def _put_in_order(session: Session, changes: Changes) -> None:
    rows = session.execute(select(ServiceRow.slug, ServiceRow.position))
    before = {row.slug: row.position for row in rows}
    wanted = {record.key[0]: number for number, record in enumerate(changes.rows.records)}
    late = [{"slug": slug, "position": number} for slug, number in wanted.items() if before[slug] != number]
    if late:
        session.execute(update(ServiceRow), late)
