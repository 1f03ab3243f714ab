"""The halls' bookings at a terminal: listing, answering, rules, exports, and what wrong input is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from desk import audit, contacts
from desk.halls import bans, days, making
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from knowledge import snapshot
from knowledge.snapshot import Snapshot
from store import clock
from store.database import Database
from tests.app.cli.conftest import Mezobeli
from tests.desk.halls.people import Told, request


@pytest.fixture(autouse=True)
def _read_once(known: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "build", lambda _session: known)


@pytest.fixture
def kept(shipped: Path) -> Iterator[Database]:
    """The database that the command uses."""
    opened = Database(f"sqlite:///{shipped}")
    yield opened
    opened.close()


@pytest.fixture
def reference(kept: Database, known: Snapshot) -> str:
    """The reference of a fresh request for the hall of Chakvi by somebody with a plain phone."""
    day = days.business_days_after(clock.local_now().date(), 5)
    center = known.centers_by_slug["chakvi"]
    with kept.write() as session:
        contact = contacts.find_or_create(session, "sms", "+995555000001")
        made = making.book(session, center, request(day, subject="=1+1\x0b"), Told(), contact=contact)
        assert isinstance(made, Booking)
        return made.reference


def state(kept: Database, reference: str) -> str:
    with kept.read() as session:
        return session.scalars(select(Booking.state).where(Booking.reference == reference)).one()


def test_a_request_is_listed_and_confirmed_and_its_person_told(
    mezobeli: Mezobeli, kept: Database, reference: str
) -> None:
    listed = mezobeli("bookings", "list", "--json", "--center", "chakvi", "--state", "tentative")
    (row,) = [json.loads(line) for line in listed.output.splitlines()]
    assert (row["reference"], row["center"], row["state"]) == (reference, "chakvi", "tentative")
    assert mezobeli("bookings", "confirm", reference.lower(), "--by", "Nino").exit_code == 0
    assert state(kept, reference) == "confirmed"
    with kept.read() as session:
        texts = [row.texts[0] for row in session.scalars(select(OutboxMessage)) if row.kind == "notice"]
    assert any(reference in text for text in texts)


def test_a_second_answer_says_who_was_quicker(mezobeli: Mezobeli, reference: str) -> None:
    assert mezobeli("bookings", "decline", reference, "--reason", "repairs", "--by", "Nino").exit_code == 0
    late = mezobeli("bookings", "confirm", reference, "--by", "Gia")
    assert late.exit_code == 1
    assert "declined by Nino" in late.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("confirm", "K7-3F2", "--by", "Nino"), "no booking"),
        (("list", "--center", "atlantis"), "no centre"),
        (("rules", "--center", "chakvi", "--set", "max_open=x", "--by", "N"), "NAME=NUMBER"),
        (("rules", "--center", "chakvi", "--set", "slot_minutes=7", "--by", "N"), "slot_minutes"),
        (("show", "tomorrow"), "K7-3F2"),
        (("list", "--from", "2026-12-01", "--to", "01.11.2026"), "is before"),
        (("decline", "K7-3F2", "--reason", "?"), "repairs"),
        (("export", "nowhere/bookings.csv"), "cannot be written"),
        (("export", "bookings.txt"), ".csv, .xlsx or .ics"),
    ],
)
def test_what_is_wrong_is_said_with_how_to_mend_it(words: tuple[str, ...], says: str, mezobeli: Mezobeli) -> None:
    refused = mezobeli("bookings", *words)
    assert refused.exit_code == 1
    assert says in refused.output


def test_each_answer_says_whether_the_person_is_told_and_as_json_how_it_stands(
    mezobeli: Mezobeli, reference: str
) -> None:
    said = mezobeli("bookings", "confirm", reference, "--by", "Nino").output
    assert said.startswith(f"{reference} is confirmed: ")
    assert "being told by text message" in said
    row = json.loads(mezobeli("bookings", "cancel", reference, "--json").output)
    assert (row["reference"], row["state"]) == (reference, "cancelled")
    assert json.loads(mezobeli("bookings", "show", reference, "--json").output) == row


def test_all_about_one_booking_is_shown_with_who_did_what(mezobeli: Mezobeli, reference: str) -> None:
    mezobeli("bookings", "decline", reference, "--reason", "The roof leaks", "--by", "Nino")
    shown = mezobeli("bookings", "show", reference).output
    for part in ("=1+1", "+995555000001", "The roof leaks", "decline  Nino"):
        assert part in shown


def test_lists_are_narrowed_and_say_that_there_is_more(mezobeli: Mezobeli, reference: str) -> None:
    assert reference in mezobeli("bookings", "list").output
    assert "no bookings match" in mezobeli("bookings", "list", "--state", "held").output
    assert "no bookings match" in mezobeli("bookings", "list", "--flagged", "--center", "tsnori").output
    assert "no bookings match" in mezobeli("bookings", "list", "--to", "01.01.2026").output


def test_a_member_of_staff_acts_only_for_their_own_centres(
    mezobeli: Mezobeli, kept: Database, reference: str
) -> None:
    mezobeli("staff", "add", "Nino", "--center", "tsnori")
    refused = mezobeli("bookings", "confirm", reference, "--by", "Nino")
    assert refused.exit_code == 1
    assert "mezobeli staff assign" in refused.output
    assert mezobeli("staff", "assign", "Nino", "--center", "chakvi", "--center", "tsnori").exit_code == 0
    assert mezobeli("bookings", "confirm", reference, "--by", "Nino").exit_code == 0
    mezobeli("staff", "off", "Nino")
    assert "switched off" in mezobeli("bookings", "cancel", reference, "--by", "Nino").output
    assert state(kept, reference) == "confirmed"


def test_a_ban_is_lifted(mezobeli: Mezobeli, kept: Database, reference: str) -> None:
    assert "open to the person" in mezobeli("bookings", "lift-ban", reference).output
    with kept.write() as session:
        booking = session.scalars(select(Booking)).one()
        contact = session.get_one(contacts.Contact, booking.contact_id)
        until = clock.local_now().date() + timedelta(days=9)
        bans.ban(session, contact.resident_id, booking.id, until, "no_show", audit.SYSTEM)
    assert "1 ban(s) lifted" in mezobeli("bookings", "lift-ban", reference, "--by", "Nino").output
    with kept.read() as session:
        assert bans.banned_until(session, contact.resident_id) is None


def test_a_no_show_before_the_event_is_refused(mezobeli: Mezobeli, reference: str) -> None:
    mezobeli("bookings", "confirm", reference, "--by", "Nino")
    refused = mezobeli("bookings", "no-show", reference, "--by", "Nino")
    assert "has not begun yet" in refused.output


def test_exports_are_a_spreadsheet_without_formulas_and_a_calendar(
    mezobeli: Mezobeli, reference: str, tmp_path: Path
) -> None:
    sheet, calendar, book = (tmp_path / f"bookings.{ending}" for ending in ("csv", "ics", "xlsx"))
    assert mezobeli("bookings", "export", str(sheet)).exit_code == 0
    assert "'=1+1" in sheet.read_text(encoding="utf-8-sig")
    assert mezobeli("bookings", "export", str(book)).exit_code == 0
    names, row = load_workbook(book).active.iter_rows(values_only=True)
    assert (row[names.index("reference")], row[names.index("subject")]) == (reference, "'=1+1 ")
    assert mezobeli("bookings", "export", "--center", "chakvi", str(calendar)).exit_code == 0
    assert f"UID:{reference}@mezobeli" in calendar.read_text(encoding="utf-8")


def test_rules_are_shown_and_changed(mezobeli: Mezobeli) -> None:
    assert "max_open=2" in mezobeli("bookings", "rules", "--center", "tsnori").output
    changed = mezobeli("bookings", "rules", "--center", "tsnori", "--set", "max_open=3", "--by", "Nino")
    assert "max_open=3" in changed.output
    assert "max_open=3" in mezobeli("bookings", "rules", "--center", "tsnori").output


def test_the_calendar_has_a_secret_address_that_can_be_renewed(mezobeli: Mezobeli) -> None:
    first = mezobeli("bookings", "calendar", "--center", "chakvi").output
    assert first == mezobeli("bookings", "calendar", "--center", "chakvi").output
    assert "/calendar/chakvi-" in first
    assert first != mezobeli("bookings", "calendar", "--center", "chakvi", "--renew").output


def test_staff_are_taken_on_listed_and_switched_off(mezobeli: Mezobeli) -> None:
    name = "Nino B"
    added = mezobeli("staff", "add", name, "--center", "chakvi")
    assert "start=staff_" in added.output
    assert mezobeli("staff", "add", name, "--center", "chakvi").exit_code == 1
    assert f"{name}: staff, not linked, chakvi" in mezobeli("staff", "list").output
    (row,) = [json.loads(line) for line in mezobeli("staff", "list", "--json").output.splitlines()]
    assert (row["name"], row["state"], row["centers"]) == (name, "not linked", ["chakvi"])
    assert "staff_" in mezobeli("staff", "link", name).output
    assert mezobeli("staff", "off", name).exit_code == 0
    assert mezobeli("staff", "link", name).exit_code == 1
    assert "no centre" in mezobeli("staff", "add", "Gia", "--center", "atlantis").output
