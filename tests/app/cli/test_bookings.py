"""The halls' bookings at a terminal: listing, answering, rules, exports, and what wrong input is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from desk import contacts
from desk.halls import days, making
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from knowledge import snapshot
from store import clock
from store.database import Database
from tests.app.cli.conftest import Mezobeli
from tests.desk.halls.people import Told, request


@pytest.fixture
def kept(shipped: Path) -> Iterator[Database]:
    """The database that the command uses."""
    opened = Database(f"sqlite:///{shipped}")
    yield opened
    opened.close()


@pytest.fixture
def reference(kept: Database) -> str:
    """The reference of a fresh request for the hall of Chakvi by somebody with a plain phone."""
    day = days.business_days_after(clock.local_now().date(), 5)
    with kept.read() as session:
        center = snapshot.build(session).centers_by_slug["chakvi"]
    with kept.write() as session:
        contact = contacts.find_or_create(session, "sms", "+995555000001")
        made = making.book(session, center, request(day, subject="=1+1"), Told(), contact=contact)
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
        (("export", "bookings.txt"), ".csv or .ics"),
    ],
)
def test_what_is_wrong_is_said_with_how_to_mend_it(words: tuple[str, ...], says: str, mezobeli: Mezobeli) -> None:
    refused = mezobeli("bookings", *words)
    assert refused.exit_code == 1
    assert says in refused.output


def test_a_no_show_before_the_event_is_refused(mezobeli: Mezobeli, reference: str) -> None:
    mezobeli("bookings", "confirm", reference, "--by", "Nino")
    refused = mezobeli("bookings", "no-show", reference, "--by", "Nino")
    assert "has not begun yet" in refused.output


def test_exports_are_a_spreadsheet_without_formulas_and_a_calendar(
    mezobeli: Mezobeli, reference: str, tmp_path: Path
) -> None:
    sheet, calendar = tmp_path / "bookings.csv", tmp_path / "bookings.ics"
    assert mezobeli("bookings", "export", str(sheet)).exit_code == 0
    assert "'=1+1" in sheet.read_text(encoding="utf-8-sig")
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
    name = f"Nino {timedelta(seconds=clock.now().timestamp())}"
    added = mezobeli("staff", "add", name, "--center", "chakvi")
    assert "start=staff_" in added.output
    assert mezobeli("staff", "add", name, "--center", "chakvi").exit_code == 1
    assert f"{name}: staff, not linked, chakvi" in mezobeli("staff", "list").output
    assert "staff_" in mezobeli("staff", "link", name).output
    assert mezobeli("staff", "off", name).exit_code == 0
    assert mezobeli("staff", "link", name).exit_code == 1
    assert "no centre" in mezobeli("staff", "add", "Gia", "--center", "atlantis").output
