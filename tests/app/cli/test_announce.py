"""``mezobeli announce``: from a draft to its results, and one sentence for everything that cannot be done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import contacts, outbox, pauses
from desk.announcements import sending
from desk.announcements.models import Announcement
from desk.outbox import OutboxMessage
from knowledge.models import PlaceRow
from store import clock
from store.database import Database
from tests.app.cli.conftest import Mezobeli
from tests.app.conftest import SetUp

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
TEXTS = """
ka: "{name_of_day}, {date}, {time}: აგრონომი ცენტრში {center}."
en: "Agronomist in {center} on {name_of_day}, {date}, at {time}. It’s free."
"""
ABOUT = ("--center", "kabali", "--about", "2026-11-28 15:00")


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.fixed(NOON):
        yield


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A file with texts in two languages."""
    file = tmp_path / "texts.yaml"
    file.write_text(TEXTS, encoding="utf-8")
    return file


@pytest.fixture
def database(shipped: Path) -> Iterator[Database]:
    """The database that the commands use, with three people who live in Kabali or subscribed to it."""
    opened = Database(f"sqlite:///{shipped}")
    with opened.write() as session:
        for number, (channel, locale) in enumerate([("sms", "ka"), ("sms", "en"), ("telegram", "az")]):
            address = f"+99555500000{number}" if channel == "sms" else "4711"
            contact = contacts.find_or_create(session, channel, address)  # type: ignore[arg-type]
            contacts.choose_locale(contact, locale)  # type: ignore[arg-type]
            contacts.set_home(contact, _kabali(session))
    yield opened
    opened.close()


def _kabali(session: Session) -> int:
    return session.scalars(select(PlaceRow.id).where(PlaceRow.name_en == "Kabali")).one()


def said(mezobeli: Mezobeli, *arguments: object) -> Any:
    ended = mezobeli("announce", *arguments, "--json")
    assert ended.exit_code == 0, ended.output
    return json.loads(ended.stdout)


def refused(mezobeli: Mezobeli, *arguments: object) -> str:
    ended = mezobeli("announce", *arguments)
    assert ended.exit_code in {1, 2}
    assert "Traceback" not in ended.output
    return ended.output


def new(mezobeli: Mezobeli, texts: Path, *more: object) -> int:
    made: int = said(mezobeli, "new", texts, "--name", "Agronomist", "--by", "Nino", *(more or ABOUT))["id"]
    return made


def running(mezobeli: Mezobeli, texts: Path, database: Database) -> int:
    """One that has begun, with its rows."""
    number = new(mezobeli, texts)
    said(mezobeli, "send", number, "--by", "Nino")
    with database.write() as session:
        row = session.get_one(Announcement, number)
        row.wordings = {name: {"texts": ["x"], "payload": {}} for name in ("sms:ka", "sms:en", "telegram:ka")}
        row.reach = {"centers": [_kabali(session)]}
        row.state = "running"
    step(database, sending.advance)
    return number


def step(database: Database, act: Callable[[Session], int]) -> None:
    while True:
        with database.write() as session:
            if not act(session):
                return


def test_a_draft_is_previewed_word_for_word(
    mezobeli: Mezobeli, texts: Path, database: Database, set_up: SetUp
) -> None:
    set_up(sms_price_tetri="9")
    number = new(mezobeli, texts)
    found = said(mezobeli, "preview", number)
    by_name = {(one["channel"], one["language"]): one for one in found["texts"]}
    assert by_name["sms", "en"]["text"] == "Agronomist in Kabali on Saturday, 28 November, at 15:00. It's free."
    assert by_name["telegram", "en"]["text"].endswith("It’s free.")
    assert by_name["sms", "ka-Latn"]["encoding"] == "GSM-7"
    assert by_name["sms", "ka"]["encoding"] == "UCS-2"
    assert found["by_channel"] == {"sms": 2, "telegram": 1}
    assert found["segments"] == by_name["sms", "ka"]["segments"] + by_name["sms", "en"]["segments"]
    assert found["cost_gel"] == round(found["segments"] * 0.09, 2)
    assert {one["code"] for one in found["warnings"]} == {"replaced_sign", "missing_language"}


def test_the_preview_says_for_whom_and_what_to_look_at(
    mezobeli: Mezobeli, texts: Path, database: Database
) -> None:
    number = new(mezobeli, texts, *ABOUT, "--urgent", "--expires", "2026-11-28 14:00")
    shown = mezobeli("announce", "preview", number).stdout
    assert f"announcement {number}, Agronomist: draft, by Nino\nfor centers kabali; urgent\n" in shown
    assert "expires 28.11.2026 14:00" in shown
    assert "! No text in Azerbaijani: those who read it (1) get the one in Georgian." in shown
    assert "cost: not known" in shown


def test_the_people_are_counted(mezobeli: Mezobeli, texts: Path, database: Database) -> None:
    number = new(mezobeli, texts)
    assert mezobeli("announce", "count", number).stdout.splitlines()[-1].split() == ["3", "in", "all"]
    rows = [json.loads(line) for line in mezobeli("announce", "count", number, "--json").stdout.splitlines()]
    assert {"channel": "telegram", "language": "az", "people": 1} in rows


def test_a_change_leaves_the_rest_as_it_was(mezobeli: Mezobeli, texts: Path, database: Database) -> None:
    number = new(mezobeli, texts)
    changed = said(mezobeli, "change", number, "--expires", "2026-11-28 14:00", "--by", "Giorgi")
    assert changed["audience"] == {"centers": ["kabali"]}
    assert (changed["name"], changed["created_by"]) == ("Agronomist", "Giorgi")
    assert changed["about"] == "2026-11-28T15:00:00+04:00"
    texts.write_text("en: 'Hello from {center}'", encoding="utf-8")
    changed = said(mezobeli, "change", number, texts, "--urgent", "--around", "kabali:10", "--by", "Nino")
    assert (changed["languages"], changed["urgent"]) == (["en"], True)
    assert changed["audience"] == {"around": [{"center": "kabali", "km": 10.0}]}


def test_few_people_need_nobody_else(mezobeli: Mezobeli, texts: Path, database: Database) -> None:
    number = new(mezobeli, texts)
    ended = mezobeli("announce", "send", number, "--by", "Nino", "--at", "2026-11-24 22:00")
    assert ended.stdout == f"announcement {number} goes to 3 people from 25.11.2026 09:00 on\n"
    (line,) = mezobeli("announce", "list", "--state", "scheduled").stdout.splitlines()
    assert line.split() == [str(number), "scheduled", "24.11.2026", "22:00", "Agronomist"]


def test_many_people_need_a_second_person(
    mezobeli: Mezobeli, texts: Path, database: Database, set_up: SetUp
) -> None:
    set_up(approval_from="3")
    number = new(mezobeli, texts)
    assert "approve" in mezobeli("announce", "preview", number).stdout
    sent = mezobeli("announce", "send", number, "--by", "Nino")
    assert f"mezobeli announce approve {number} --by NAME" in sent.stdout
    assert "needs somebody else" in refused(mezobeli, "approve", number, "--by", "nino")
    assert said(mezobeli, "approve", number, "--by", "Giorgi")["approved_by"] == "Giorgi"
    assert said(mezobeli, "recall", number, "--by", "Nino")["state"] == "draft"


def test_a_test_goes_to_oneself_and_counts_as_nothing(mezobeli: Mezobeli, texts: Path, database: Database) -> None:
    number = new(mezobeli, texts)
    with clock.fixed(NOON + timedelta(hours=12)):
        assert said(mezobeli, "test", number, "--to", "+995 555 99 88 77", "--language", "en")["channel"] == "sms"
        assert said(mezobeli, "test", number, "--to", "4711")["channel"] == "telegram"
    with database.read() as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        assert [row.announcement_id for row in rows] == [None, None]
        assert rows[0].texts == ["Agronomist in Kabali on Saturday, 28 November, at 15:00. It's free."]
        assert rows[1].texts[0].startswith("შაბათი")
    assert said(mezobeli, "progress", number)["recipients"] == 0


def test_pausing_resuming_and_cancelling(mezobeli: Mezobeli, texts: Path, database: Database) -> None:
    number = running(mezobeli, texts, database)
    assert said(mezobeli, "pause", number, "--by", "Nino")["state"] == "paused"
    with database.write() as session:
        assert pauses.put_off(session, number) == 3
    shown = mezobeli("announce", "progress", number).stdout
    assert "Agronomist: paused (paused by Nino)" in shown
    assert said(mezobeli, "resume", number, "--by", "Giorgi")["state"] == "running"
    with database.read() as session:
        due = session.scalars(select(OutboxMessage.not_before)).all()
        assert due == [NOON] * 3
    assert said(mezobeli, "cancel", number, "--by", "Nino")["state"] == "cancelled"
    step(database, sending.settle_cancelled)
    assert said(mezobeli, "progress", number)["cancelled"] == 3
    assert "is cancelled since 12:00 on 24.11.2026 by Nino" in refused(mezobeli, "resume", number)


def test_progress_says_why_some_did_not_get_it(mezobeli: Mezobeli, texts: Path, database: Database) -> None:
    number = running(mezobeli, texts, database)
    with database.write() as session:
        first, second, _ = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        for row in (first, second):
            outbox.move(row, "sending")
        outbox.move(first, "failed", code="21211", words="not a telephone number")
        outbox.move(second, "delivered")
    found = said(mezobeli, "progress", number)
    assert (found["recipients"], found["queued"], found["delivered"], found["failed"]) == (3, 1, 1, 1)
    assert found["failures"] == [{"code": "21211", "words": "not a telephone number", "people": 1}]
    assert {"channel": "sms", "language": "en", "outcome": "delivered", "people": 1} in found["by"]
    shown = mezobeli("announce", "progress", number).stdout
    assert "failed 1: not a telephone number (21211)" in shown


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--name", "X", "--center", "kabalii"), "did you mean kabali"),
        (("--name", "X"), "name an audience"),
        (("--name", "X", "--everyone", "--topic", "films"), "leave one out"),
        (("--name", "X", "--around", "kabali"), "such as kabali:10"),
        (("--name", "X", "--around", "kabali:900"), "up to 300"),
        (("--name", "X", "--everyone"), "{center} needs an audience"),
        (("--name", "X", "--center", "kabali"), "needs the moment"),
        (ABOUT, "needs a name"),
        (("--name", "X", *ABOUT, "--expires", "2026-11-01 10:00"), "in the past"),
    ],
)
def test_a_wrong_draft_is_not_kept(
    arguments: tuple[str, ...], sentence: str, mezobeli: Mezobeli, texts: Path, shipped: Path
) -> None:
    assert sentence in refused(mezobeli, "new", texts, "--by", "Nino", *arguments)
    assert mezobeli("announce", "list").stdout == ""


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("{", "cannot be read as YAML"),
        ("- a", 'such as ka: "..."'),
        ("de: Hallo", "none of the languages"),
        ("", ""),
    ],
)
def test_a_wrong_file_is_named(
    written: str, sentence: str, mezobeli: Mezobeli, texts: Path, shipped: Path
) -> None:
    texts.write_text(written, encoding="utf-8")
    output = refused(mezobeli, "new", texts, "--name", "X", "--everyone", "--by", "Nino")
    assert sentence in output
    assert len(output.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    ["preview", "count", "test", "send", "approve", "recall", "pause", "resume", "cancel", "progress", "change"],
)
def test_an_unknown_number_is_said_to_be_so(command: str, mezobeli: Mezobeli, shipped: Path) -> None:
    assert "there is no announcement 7" in refused(mezobeli, command, 7)


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        (("--to", "+995322111222"), "no mobile number"),
        (("--to", "nino"), "write a telephone number"),
        (("--to", "815"), "write to the assistant from there"),
        ((), "has linked no account"),
    ],
)
def test_a_test_to_nowhere_is_refused(
    to: tuple[str, ...], sentence: str, mezobeli: Mezobeli, texts: Path, database: Database
) -> None:
    number = new(mezobeli, texts)
    assert sentence in refused(mezobeli, "test", number, "--by", "Nino", *to)


def test_staff_of_a_centre_announce_to_its_people_only(mezobeli: Mezobeli, texts: Path, shipped: Path) -> None:
    assert mezobeli("staff", "add", "Nino", "--center", "chakvi").exit_code == 0
    arguments = ("new", texts, "--name", "X", "--by", "Nino", *ABOUT)
    assert "may announce for their own centres only (chakvi)" in refused(mezobeli, *arguments)
    assert mezobeli("staff", "assign", "Nino", "--center", "kabali").exit_code == 0
    assert said(mezobeli, *arguments)["state"] == "draft"
