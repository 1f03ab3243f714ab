"""``mezobeli events``: writing events down, announcing, changing and cancelling them, and the files of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import clock
from tests.app.cli.conftest import Mezobeli

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BEES = """
center: kabali
topic: agriculture
title: {ka: მეფუტკრეობა, en: Beekeeping}
starts: 2026-11-28 15:00
ends: 2026-11-28 17:00
capacity: 20
"""


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.fixed(NOON):
        yield


def add(mezobeli: Mezobeli, *more: str) -> dict[str, object]:
    ended = mezobeli("events", "add", "-", "--staff", "nino", "--json", *more, input=BEES)
    assert ended.exit_code == 0, ended.output
    row: dict[str, object] = json.loads(ended.stdout)
    return row


def test_a_file_is_written_down_as_a_draft_and_announced_later(mezobeli: Mezobeli, shipped: Path) -> None:
    assert add(mezobeli)["state"] == "draft"
    ended = mezobeli("events", "announce", 1, "--staff", "nino", "--json")
    assert json.loads(ended.stdout)["state"] == "announced"
    assert json.loads(ended.stdout)["told"] == 0


def test_options_do_without_a_file(mezobeli: Mezobeli, shipped: Path) -> None:
    arguments = ["--center", "kabali", "--topic", "films", "--title", "en=Film night", "--title", "ka=კინო"]
    times = ["--starts", "2026-11-27 19:00", "--ends", "2026-11-27 21:00", "--rrule", "FREQ=WEEKLY;COUNT=3"]
    ended = mezobeli("events", "add", *arguments, *times, "--announce", "--staff", "nino")
    assert ended.exit_code == 0, ended.output
    shown = json.loads(mezobeli("events", "show", 1, "--json").stdout)
    assert shown["title"] == {"ka": "კინო", "en": "Film night"}
    assert [row["starts"] for row in shown["times"]] == [
        "2026-11-27 19:00",
        "2026-12-04 19:00",
        "2026-12-11 19:00",
    ]


def test_a_change_leaves_the_rest_as_it_was(mezobeli: Mezobeli, shipped: Path) -> None:
    add(mezobeli, "--announce")
    ended = mezobeli("events", "change", 1, "--title", "ru=Пчёлы", "--ends", "2026-11-28 18:00", "--staff", "nino")
    assert ended.exit_code == 0, ended.output
    (row,) = [json.loads(line) for line in mezobeli("events", "list", "--json").stdout.splitlines()]
    assert (row["state"], row["ends"], row["capacity"]) == ("changed", "2026-11-28 18:00", 20)
    assert set(row["title"]) == {"ka", "en", "ru"}


def test_one_time_of_a_series_is_cancelled_and_then_all(mezobeli: Mezobeli, shipped: Path) -> None:
    add(mezobeli, "--rrule", "FREQ=WEEKLY;COUNT=2", "--announce")
    assert mezobeli("events", "cancel", 1, "--only", "2026-12-05 15:00", "--staff", "nino").exit_code == 0
    assert len(json.loads(mezobeli("events", "show", 1, "--json").stdout)["times"]) == 1
    assert mezobeli("events", "cancel", 1, "--staff", "nino").exit_code == 0
    again = mezobeli("events", "cancel", 1, "--staff", "nino")
    assert again.exit_code == 1
    assert "is cancelled" in again.output


def test_what_is_exported_can_be_added_again(mezobeli: Mezobeli, shipped: Path, tmp_path: Path) -> None:
    first = add(mezobeli)
    file = tmp_path / "events.yaml"
    assert mezobeli("events", "export", file, "--center", "kabali").exit_code == 0
    ended = mezobeli("events", "add", file, "--staff", "nino", "--json")
    assert {**json.loads(ended.stdout), "id": 1} == first


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("center: kabali", "topic is missing"),
        (BEES + "price: 5", "no field 'price'"),
        (BEES.replace("kabali", "nowhere"), "no centre 'nowhere'"),
        (BEES.replace("2026-11-28 15:00", "2026-11-28"), "a day without an hour"),
        (BEES.replace("2026-11-28 15:00", "soon"), "'soon' is no time"),
        (BEES.replace("20\n", "many\n"), "capacity is a whole number"),
        ("- a\n- b", "an event has the fields"),
        ("{", "neither YAML nor JSON"),
    ],
)
def test_a_wrong_file_changes_nothing_and_says_why(text: str, why: str, mezobeli: Mezobeli, shipped: Path) -> None:
    ended = mezobeli("events", "add", "-", "--staff", "nino", input=f"{text}\n")
    assert ended.exit_code == 1
    assert why in ended.output
    assert mezobeli("events", "list").stdout == ""


def test_one_wrong_event_of_several_keeps_all_out(mezobeli: Mezobeli, shipped: Path) -> None:
    good = json.dumps(
        {
            "center": "kabali",
            "topic": "films",
            "title": {"en": "x"},
            "starts": "2026-11-28 15:00",
            "ends": "2026-11-28 16:00",
        }
    )
    ended = mezobeli("events", "add", "-", "--staff", "nino", input=f"[{good}, {{}}]")
    assert ended.exit_code == 1
    assert mezobeli("events", "list").stdout == ""


@pytest.mark.parametrize("command", ["show", "change", "announce", "cancel"])
def test_an_unknown_number_is_said_to_be_so(command: str, mezobeli: Mezobeli, shipped: Path) -> None:
    who = () if command == "show" else ("--staff", "nino")
    ended = mezobeli("events", command, 7, *who)
    assert ended.exit_code == 1
    assert "no event 7" in ended.output
