"""What staff change stands in the audit trail and in the history, and the rules of halls can be taken back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from desk import audit, facts
from desk.audit import AuditEntry
from desk.halls import rules
from knowledge import history
from knowledge.editing import ChangedSince
from knowledge.models import CenterRow, ServiceRow
from store import clock
from store.database import Database

BY = audit.staff("Nino")


def first_center(database: Database) -> int:
    with database.read() as session:
        return session.scalars(select(CenterRow.id).order_by(CenterRow.id).limit(1)).one()


def test_verified_today_is_a_change_with_its_trail(seeded_database: Database) -> None:
    with seeded_database.write() as session:
        facts.verify(session, "services", "id-card", BY)
        assert session.get_one(ServiceRow, "id-card").verified_on == clock.local_now().date()
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.actor, entry.action, entry.subject_kind) == (BY, "change_fact", "services")
    assert entry.details == {"row": "id-card", "fields": ["verified_on"]}


def test_verifying_twice_a_day_is_one_change(seeded_database: Database) -> None:
    center = first_center(seeded_database)
    with seeded_database.write() as session:
        facts.change(session, "centers", center, {"verified_on": "2020-01-01"}, BY)
        facts.verify(session, "centers", center, BY)
        facts.verify(session, "centers", center, BY)
        newest, *others = history.of(session, "centers", center)
        assert session.get_one(CenterRow, center).verified_on != date(2020, 1, 1)
    assert len(others) == 1
    facts_undone = newest
    with seeded_database.write() as session:
        facts.undo(session, facts_undone, BY)
        assert session.get_one(CenterRow, center).verified_on == date(2020, 1, 1)
        assert audit.last(session, "centers", center).action == "undo_fact"  # type: ignore[union-attr]


def test_rules_of_a_hall_have_a_history(seeded_database: Database) -> None:
    center = first_center(seeded_database)
    with seeded_database.write() as session:
        assert not facts.has_own_rules(session, center)
        assert facts.set_rules(session, center, {"max_open": 2}, BY) == ()
        facts.set_rules(session, center, {"max_open": 4, "horizon_days": 30}, BY)
        assert facts.has_own_rules(session, center)
        (edit,) = history.of(session, facts.RULES, center)
        assert {(one.name, one.old, one.new) for one in edit.fields} == {
            ("max_open", "2", "4"),
            ("horizon_days", "90", "30"),
        }
        facts.undo(session, edit, BY)
        assert rules.rules_for(session, center) == rules.Rules()
        with pytest.raises(ChangedSince):
            facts.undo(session, edit, BY)
        with pytest.raises(ValueError, match="horizon_days"):
            facts.set_rules(session, center, {"horizon_days": 0}, BY)
