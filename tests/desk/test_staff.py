"""Members of staff: taking them on, their centres, linking an account once, switching off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from desk import contacts, staff
from desk.contacts import Contact
from desk.staff import StaffMember
from store import clock
from store.database import Database

NOW = datetime(2026, 2, 2, 6, 0, tzinfo=UTC)


def chat(session: Session, number: int = 7) -> Contact:
    return contacts.find_or_create(session, "telegram", str(number))


def linked(session: Session, name: str, number: int, *centers: int, role: staff.Role = "staff") -> StaffMember:
    member = staff.add(session, name, role, centers, "system")
    assert staff.link(session, chat(session, number), staff.issue_code(session, member, "system")) is member
    return member


def test_a_code_links_one_account_once(database: Database) -> None:
    with database.write() as session:
        member = staff.add(session, "Nino", "staff", [1], "system")
        code = staff.issue_code(session, member, "system")
        assert staff.link(session, chat(session), "another") is None
        assert staff.link(session, chat(session), code) is member
        assert staff.link(session, chat(session, 8), code) is None
        assert staff.by_contact(session, chat(session)) is member
        assert staff.by_contact(session, chat(session, 8)) is None


def test_a_code_is_void_after_two_days_and_after_a_newer_one(sqlite_database: Database) -> None:
    with sqlite_database.write() as session, clock.fixed(NOW):
        member = staff.add(session, "Nino", "staff", [1], "system")
        older, newer = (staff.issue_code(session, member, "system") for _ in range(2))
        assert staff.link(session, chat(session), older) is None
        with clock.fixed(NOW + timedelta(days=2)):
            assert staff.link(session, chat(session), newer) is None


def test_who_is_told_of_a_centre(database: Database) -> None:
    with database.write() as session:
        nino = linked(session, "Nino", 1, 1, 2)
        linked(session, "Gia", 2, 3)
        boss = linked(session, "Keti", 3, role="administrator")
        staff.add(session, "Not linked", "staff", [1], "system")
        assert [member.name for member, _ in staff.linked_for(session, 1)] == [nino.name]
        assert [member.name for member, _ in staff.linked_for(session, 9)] == [boss.name]


def test_staff_act_for_their_centres_and_administrators_for_all(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        nino = staff.add(session, "Nino", "staff", [1], "system")
        boss = staff.add(session, "Keti", "administrator", [], "system")
        assert staff.may_act_for(session, nino, 1)
        assert not staff.may_act_for(session, nino, 2)
        assert staff.may_act_for(session, boss, 2)
        staff.switch_off(session, boss, "system")
        assert not staff.may_act_for(session, boss, 2)


def test_who_was_switched_off_is_linked_no_more(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        nino = linked(session, "Nino", 1, 1)
        staff.switch_off(session, nino, "system")
        assert staff.by_contact(session, chat(session, 1)) is None
        assert staff.linked_for(session, 1) == []
        with pytest.raises(ValueError, match="switched off"):
            staff.issue_code(session, nino, "system")


def test_forgetting_a_resident_unlinks_and_keeps_the_member(database: Database) -> None:
    with database.write() as session:
        member = linked(session, "Nino", 1, 1)
        contacts.forget(session, chat(session, 1))
        assert staff.linked_for(session, 1) == []
    with database.write() as session:
        contacts.find(session, "telegram", "1", lock=True)
        assert contacts.sweep(session) == 1
    with database.read() as session:
        kept = session.get_one(StaffMember, member.id)
        assert (kept.name, kept.linked_contact_id) == ("Nino", None)


@pytest.mark.parametrize(("name", "role", "centers"), [(" ", "staff", [1]), ("Nino", "staff", [])])
def test_nobody_without_a_name_or_a_centre(
    name: str, role: staff.Role, centers: list[int], sqlite_database: Database
) -> None:
    with sqlite_database.write() as session, pytest.raises(ValueError, match=r"needs? "):
        staff.add(session, name, role, centers, "system")


def test_a_name_is_taken_once(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        staff.add(session, "Nino  B", "administrator", [], "system")
        with pytest.raises(ValueError, match="already"):
            staff.add(session, "Nino B", "administrator", [], "system")
