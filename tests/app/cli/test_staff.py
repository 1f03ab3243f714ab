"""``mezobeli staff``: invitations, and what found no answer, the most frequent first, and never who asked."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from desk import questions
from desk.accounts import links, passing
from store import clock
from store.database import Database
from tests.app.cli.conftest import Mezobeli


@pytest.fixture
def asked(shipped: Path) -> None:
    database = Database(f"sqlite:///{shipped}")
    with database.write() as session:
        for _ in range(3):
            questions.keep(session, "სად ვიყიდო ძროხა", "ka", "sms", "none")
        questions.keep(session, "ring me on +995 555 12 34 56", "en", "telegram", "unsure")
    with clock.fixed(clock.now() - timedelta(days=40)), database.write() as session:
        questions.keep(session, "long ago", "en", "sms", "none")
    database.close()


def test_the_most_frequent_come_first(mezobeli: Mezobeli, asked: None) -> None:
    ended = mezobeli("staff", "questions")
    assert ended.exit_code == 0
    first, second = ended.stdout.splitlines()
    assert first.split() == ["3", "ka", "none", "სად", "ვიყიდო", "ძროხა"]
    assert second.split()[:3] == ["1", "en", "unsure"]
    assert "555" not in ended.stdout


def test_one_object_a_line(mezobeli: Mezobeli, asked: None) -> None:
    ended = mezobeli("staff", "questions", "--json", "--days", "60")
    rows = [json.loads(line) for line in ended.stdout.splitlines()]
    assert rows[0] == {"count": 3, "language": "ka", "outcome": "none", "text": "სად ვიყიდო ძროხა"}
    assert {row["text"] for row in rows} >= {"long ago"}


def test_nothing_asked_is_nothing_printed(mezobeli: Mezobeli, shipped: Path) -> None:
    ended = mezobeli("staff", "questions")
    assert (ended.exit_code, ended.stdout) == (0, "")


def test_an_invitation_is_a_link_to_the_console(mezobeli: Mezobeli, shipped: Path) -> None:
    mezobeli("staff", "add", "Nino", "--center", "kachreti")
    ended = mezobeli("staff", "invite", "Nino")
    assert ended.exit_code == 0
    address = ended.stdout.splitlines()[0]
    assert address.startswith("http://127.0.0.1:8080/staff/link/")
    database = Database(f"sqlite:///{shipped}")
    with database.read() as session:
        row = links.find(session, address.rpartition("/")[2])
        assert row is not None
        assert (row.kind, passing.name_of(session, row)) == ("invite", "Nino")
    database.close()


def test_who_was_switched_off_is_not_invited(mezobeli: Mezobeli, shipped: Path) -> None:
    mezobeli("staff", "add", "Nino", "--center", "kachreti")
    mezobeli("staff", "off", "Nino")
    ended = mezobeli("staff", "invite", "Nino")
    assert ended.exit_code == 1
    assert "switched off" in ended.output
    assert "nobody is called" in mezobeli("staff", "invite", "Gia").output
