"""The audit trail: who, what, when, and never whom in person."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from desk import audit
from desk.audit import AuditEntry, PersonalData
from store import clock

NOON = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def session() -> Session:
    engine = create_engine("sqlite://")
    AuditEntry.__table__.create(engine)  # type: ignore[attr-defined]
    return Session(engine)


def test_a_change_is_kept_with_who_and_when(session: Session) -> None:
    with clock.fixed(NOON):
        audit.record(session, audit.staff("nino"), "confirm", "booking", 7, {"from": "tentative", "until": NOON})
    (entry,) = audit.trail(session, "booking", 7)
    assert (entry.actor, entry.action, entry.at) == ("staff:nino", "confirm", NOON)
    assert entry.details == {"from": "tentative", "until": "2026-02-02T12:00:00+00:00"}


def test_the_last_change_of_a_thing_is_found_among_others(session: Session) -> None:
    audit.record(session, audit.RESIDENT, "book", "booking", 7)
    audit.record(session, audit.staff("nino"), "decline", "booking", 7)
    audit.record(session, audit.SYSTEM, "expire", "booking", 8)
    latest = audit.last(session, "booking", 7)
    assert latest is not None
    assert latest.action == "decline"
    assert audit.last(session, "booking", 9) is None


@pytest.mark.parametrize("details", [{"contact_name": "Nino"}, {"subject": "bees"}, {"reason": "x" * 65}])
def test_personal_data_is_refused(session: Session, details: dict[str, object]) -> None:
    with pytest.raises(PersonalData):
        audit.record(session, audit.SYSTEM, "expire", "booking", 7, details)
    assert audit.trail(session, "booking", 7) == []


def test_days_numbers_and_lists_become_plain_values(session: Session) -> None:
    details = {"until": date(2026, 2, 3), "n": 3, "flags": ["party"], "none": None, "yes": True}
    entry = audit.record(session, audit.SYSTEM, "ban", "ban", 1, details)
    assert entry.details == {"until": "2026-02-03", "n": 3, "flags": ["party"], "none": None, "yes": True}


@pytest.mark.parametrize("actor", ["", "staff:", "nino", "Resident"])
def test_an_unknown_actor_is_refused(session: Session, actor: str) -> None:
    with pytest.raises(ValueError, match="not an actor"):
        audit.record(session, actor, "book", "booking", 1)


def test_a_member_of_staff_needs_a_name() -> None:
    with pytest.raises(ValueError, match="name"):
        audit.staff("  ")
    assert audit.shown(audit.staff("nino")) == "nino"
    assert audit.shown(audit.RESIDENT) == "resident"
