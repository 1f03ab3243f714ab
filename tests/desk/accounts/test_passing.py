"""Signing in: password, second factor, links, tries that are counted; and what ends a session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from desk import audit, staff
from desk.accounts import codes, links, passing, sessions, throttle
from desk.accounts.models import OneTimeLink, StaffAccount, StaffSession
from desk.accounts.passing import BadLink, BadName, Passed, Refused
from desk.accounts.passwords import BadPassword
from desk.audit import AuditEntry
from desk.staff import Role, StaffMember
from store import clock
from store.database import Database

NOW = datetime(2026, 2, 2, 6, 0, tzinfo=UTC)
PASSWORD = "nine green bottles"
ADDRESS = "10.0.0.7"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


def hired(database: Database, name: str = "Nino", role: Role = "staff") -> tuple[StaffMember, Passed]:
    """A member who has set a password through an invitation."""
    with database.write() as session:
        member = staff.add(session, name, role, [1], audit.SYSTEM)
        token = passing.invite(session, member, audit.SYSTEM)
    return member, passing.accept(database, token, PASSWORD, email=f"{name}@Example.org")


def is_in(database: Database, token: str) -> bool:
    with database.read() as session:
        row = sessions.find(session, token)
        return row is not None and row.is_whole


def actions(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def code_at(secret: str, moment: datetime = NOW) -> str:
    return pyotp.TOTP(secret).at(int(moment.timestamp()))


@pytest.mark.parametrize("name", ["Nino", "  Nino ", "nino@example.org", "NINO@example.ORG"])
def test_name_or_mail_and_password_let_in(sqlite_database: Database, name: str) -> None:
    hired(sqlite_database)
    passed = passing.sign_in(sqlite_database, name, PASSWORD, ADDRESS)
    assert isinstance(passed, Passed)
    assert passed.is_whole
    assert is_in(sqlite_database, passed.token)


def test_what_is_kept_opens_nothing(database: Database) -> None:
    _, passed = hired(database)
    with database.write() as session:
        link = passing.first_link(session)
        assert link is not None
        assert session.get(OneTimeLink, link) is None
        assert session.get(StaffSession, passed.token) is None
        (account,) = session.scalars(select(StaffAccount))
        assert str(account.password).startswith("$argon2id$")


@pytest.mark.parametrize(("name", "password"), [("Nino", "wrong"), ("Nobody", PASSWORD), ("Nino", ""), ("", "")])
def test_wrong_name_and_wrong_password_are_told_alike_and_noted(
    sqlite_database: Database, name: str, password: str
) -> None:
    hired(sqlite_database)
    assert passing.sign_in(sqlite_database, name, password, ADDRESS) == Refused()
    assert actions(sqlite_database)[-1] == "sign_in_failed"


def test_a_member_without_a_password_and_one_who_is_off_stay_out(sqlite_database: Database) -> None:
    member, _ = hired(sqlite_database)
    with sqlite_database.write() as session:
        staff.add(session, "Gia", "staff", [1], audit.SYSTEM)
        staff.switch_off(session, session.get_one(StaffMember, member.id), audit.SYSTEM)
    assert passing.sign_in(sqlite_database, "Gia", "", ADDRESS) == Refused()
    assert passing.sign_in(sqlite_database, "Nino", PASSWORD, ADDRESS) == Refused()


def test_an_account_is_closed_for_a_while_after_too_many_tries(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "BY_ACCOUNT", 2)
    hired(database)
    for number in range(2):
        assert passing.sign_in(database, "Nino", "wrong", f"10.0.0.{number}") == Refused()
    refused = passing.sign_in(database, "nino", PASSWORD, "10.0.0.9")
    assert refused == Refused(throttle.WINDOW)
    with clock.fixed(NOW + throttle.WINDOW):
        assert isinstance(passing.sign_in(database, "Nino", PASSWORD, ADDRESS), Passed)


def test_an_address_is_closed_whatever_names_it_tries(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "BY_ADDRESS", 2)
    for name in ("a", "b"):
        assert passing.sign_in(sqlite_database, name, "wrong", ADDRESS) == Refused()
    assert passing.sign_in(sqlite_database, "c", "wrong", ADDRESS) == Refused(throttle.WINDOW)
    assert passing.sign_in(sqlite_database, "c", "wrong", "10.0.0.8") == Refused()


def test_administrators_need_a_second_factor_and_a_code_counts_once(database: Database) -> None:
    _, half = hired(database, role="administrator")
    assert not half.is_whole
    assert not is_in(database, half.token)
    with database.write() as session:
        secret = passing.offered_secret(session, half.token)
        assert secret is not None
        assert passing.offered_secret(session, half.token) == secret
    assert passing.give_code(database, half.token, "000000", ADDRESS) == Refused()
    passed = passing.give_code(database, half.token, code_at(secret), ADDRESS)
    assert isinstance(passed, Passed)
    assert is_in(database, passed.token)
    assert not is_in(database, half.token)

    again = passing.sign_in(database, "Nino", PASSWORD, ADDRESS)
    assert isinstance(again, Passed)
    assert not again.is_whole
    assert passing.give_code(database, again.token, code_at(secret), ADDRESS) == Refused()
    later = NOW + timedelta(seconds=codes.STEP)
    assert isinstance(passing.give_code(database, again.token, code_at(secret, later), ADDRESS), Passed)


def test_codes_cannot_be_guessed_at_length(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "BY_ACCOUNT", 2)
    _, half = hired(sqlite_database, role="administrator")
    with sqlite_database.write() as session:
        secret = passing.offered_secret(session, half.token)
        assert secret is not None
    for _ in range(2):
        assert passing.give_code(sqlite_database, half.token, "1", ADDRESS) == Refused()
    assert passing.give_code(sqlite_database, half.token, code_at(secret), ADDRESS) == Refused(throttle.WINDOW)


def test_others_may_turn_the_second_factor_on(sqlite_database: Database) -> None:
    _, passed = hired(sqlite_database)
    with sqlite_database.write() as session:
        secret = passing.offered_secret(session, passed.token)
    assert secret is not None
    assert not passing.keep_code(sqlite_database, passed.token, "000000")
    assert passing.keep_code(sqlite_database, passed.token, code_at(secret))
    again = passing.sign_in(sqlite_database, "Nino", PASSWORD, ADDRESS)
    assert isinstance(again, Passed)
    assert not again.is_whole


def test_a_lost_telephone_is_forgotten(sqlite_database: Database) -> None:
    member, passed = hired(sqlite_database)
    with sqlite_database.write() as session:
        secret = passing.offered_secret(session, passed.token)
    assert passing.keep_code(sqlite_database, passed.token, code_at(secret or ""))
    with sqlite_database.write() as session:
        passing.forget_code(session, session.get_one(StaffMember, member.id), audit.SYSTEM)
    assert not is_in(sqlite_database, passed.token)
    again = passing.sign_in(sqlite_database, "Nino", PASSWORD, ADDRESS)
    assert isinstance(again, Passed)
    assert again.is_whole


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_of_six_digits_is_none(code: str) -> None:
    assert codes.step_of(codes.new_secret(), code, 0) is None


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_wrong_by_one_step(steps: int, taken: bool) -> None:
    secret = codes.new_secret()
    code = code_at(secret, NOW + steps * timedelta(seconds=codes.STEP))
    assert (codes.step_of(secret, code, 0) is not None) is taken


def test_a_link_can_be_used_once(database: Database) -> None:
    with database.write() as session:
        member = staff.add(session, "Nino", "staff", [1], audit.SYSTEM)
        older = passing.invite(session, member, audit.SYSTEM)
        token = passing.invite(session, member, audit.SYSTEM)
    with pytest.raises(BadLink):
        passing.accept(database, older, PASSWORD)
    with pytest.raises(BadPassword):
        passing.accept(database, token, "short")
    passing.accept(database, token, PASSWORD)
    with pytest.raises(BadLink):
        passing.accept(database, token, PASSWORD)


def test_a_link_gets_too_old(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        member = staff.add(session, "Nino", "staff", [1], audit.SYSTEM)
        token = passing.invite(session, member, audit.SYSTEM)
    with clock.fixed(NOW + links.LAST["invite"]), pytest.raises(BadLink):
        passing.accept(sqlite_database, token, PASSWORD)


def test_the_first_administrator(database: Database) -> None:
    with database.write() as session:
        older, token = passing.first_link(session), passing.first_link(session)
    assert older is not None
    assert token is not None
    with pytest.raises(BadLink):
        passing.accept(database, older, PASSWORD, "Keti")
    with pytest.raises(BadName):
        passing.accept(database, token, PASSWORD, " ")
    assert not passing.accept(database, token, PASSWORD, "Keti").is_whole
    with database.write() as session:
        keti = staff.find(session, "Keti")
        assert keti is not None
        assert keti.role == "administrator"
        assert passing.first_link(session) is None


def test_the_first_administrator_takes_nobody_elses_name(sqlite_database: Database) -> None:
    hired(sqlite_database)
    with sqlite_database.write() as session:
        token = passing.first_link(session)
    with pytest.raises(BadName):
        passing.accept(sqlite_database, token or "", PASSWORD, "Nino")


def test_two_members_cannot_have_one_mail_address(sqlite_database: Database) -> None:
    hired(sqlite_database)
    with sqlite_database.write() as session:
        token = passing.invite(session, staff.add(session, "Gia", "staff", [1], audit.SYSTEM), audit.SYSTEM)
    with pytest.raises(BadName):
        passing.accept(sqlite_database, token, PASSWORD, email="nino@example.org")


def test_sessions_end_when_idle_and_when_old(sqlite_database: Database) -> None:
    _, passed = hired(sqlite_database)
    with clock.fixed(NOW + sessions.IDLE):
        assert not is_in(sqlite_database, passed.token)
    for hours in (3, 6, 9, 11):
        with clock.fixed(NOW + timedelta(hours=hours)), sqlite_database.write() as session:
            sessions.note(session, passed.token)
    with clock.fixed(NOW + timedelta(hours=11)):
        assert is_in(sqlite_database, passed.token)
    with clock.fixed(NOW + sessions.LASTS):
        assert not is_in(sqlite_database, passed.token)
        with sqlite_database.write() as session:
            assert passing.sweep(session) == 1


@pytest.mark.parametrize("what", ["off", "role", "reset", "out"])
def test_a_session_ends_with_what_it_rested_on(database: Database, what: str) -> None:
    member, passed = hired(database)
    with database.write() as session:
        member = session.get_one(StaffMember, member.id)
        reset = passing.invite(session, member, audit.SYSTEM)
        if what == "off":
            staff.switch_off(session, member, audit.SYSTEM)
        if what == "role":
            staff.change_role(session, member, "editor", audit.SYSTEM)
    if what == "reset":
        passing.accept(database, reset, "another good one")
    if what == "out":
        passing.sign_out(database, passed.token)
    assert not is_in(database, passed.token)
    if what == "off":
        with pytest.raises(BadLink):
            passing.accept(database, reset, PASSWORD)


def test_changing_the_password_ends_the_other_sessions(sqlite_database: Database) -> None:
    _, passed = hired(sqlite_database)
    other = passing.sign_in(sqlite_database, "Nino", PASSWORD, ADDRESS)
    assert isinstance(other, Passed)
    new = "another good one"
    assert passing.change_password(sqlite_database, passed.token, "wrong", new, ADDRESS) == Refused()
    changed = passing.change_password(sqlite_database, passed.token, PASSWORD, new, ADDRESS)
    assert isinstance(changed, Passed)
    assert [is_in(sqlite_database, one.token) for one in (passed, other, changed)] == [False, False, True]
    assert passing.sign_in(sqlite_database, "Nino", PASSWORD, ADDRESS) == Refused()


def test_everything_is_in_the_audit_trail(sqlite_database: Database) -> None:
    _, passed = hired(sqlite_database)
    passing.sign_out(sqlite_database, passed.token)
    assert actions(sqlite_database) == [
        *("add_staff", "assign", "issue_invite_link", "set_password", "sign_in", "sign_out"),
    ]
