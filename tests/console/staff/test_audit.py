"""Audit: who sees whose deeds, the filters, pages by key, and files that run nothing."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from console.staff import audit as page
from console.staff import subjects
from desk import audit, staff
from store import clock
from tests.console.staff.world import NOW, World


def write(world: World, who: str, action: str, kind: str = "announcement", number: int = 7, days: int = 0) -> None:
    with clock.fixed(NOW - timedelta(days=days)), world.database.write() as session:
        actor = who if who in (audit.SYSTEM, audit.RESIDENT) else audit.staff(who)
        audit.record(session, actor, action, kind, number)


def rows(world: World, who: str = "administrator", query: str = "") -> list[list[str]]:
    came = world.browser(who).get(f"/staff/audit/entries.csv?{query}")
    assert came.status_code == 200
    return list(csv.reader(io.StringIO(came.text)))[1:]


def test_everybody_but_administrators_sees_their_own_deeds_only(either: World) -> None:
    for who in ("here", "there", "editor"):
        write(either, who, "approve")
    assert [row[1] for row in rows(either, "here")] == ["here"]
    assert [row[1] for row in rows(either, "here", "who=staff:there")] == ["here"]
    assert {row[1] for row in rows(either, "editor", "who=everybody")} == {"editor"}
    assert {"here", "there", "editor"} <= {row[1] for row in rows(either)}
    shown = either.browser("here").get("/staff/audit").text
    assert "there" not in shown.split("<tbody>")[1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=staff:here", {"approved", "paused"}),
        ("who=system&subject=ban", {"lifted a ban"}),
        ("who=staff:here&action=pause", {"paused"}),
        ("who=everybody&subject=ban", {"lifted a ban"}),
        ("subject=announcement&number=8", {"paused"}),
        ("subject=announcement&number=x", set()),
        ("who=staff:here&first=2026-11-24", {"approved"}),
        ("who=staff:here&last=2026-11-23", {"paused"}),
        ("who=staff:here&last=nonsense&first=0000-00-00", {"approved", "paused"}),
        ("who=staff:nobody", set()),
    ],
)
def test_the_filters(world: World, query: str, found: set[str]) -> None:
    write(world, "here", "approve")
    write(world, "here", "pause", number=8, days=1)
    write(world, "there", "resume", kind="event")
    write(world, audit.SYSTEM, "lift_ban", kind="ban")
    assert {row[2] for row in rows(world, query=query)} == found


def test_pages_follow_one_another_without_gaps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "PAGE", 2)
    for number in range(11, 16):
        write(world, "here", "approve", number=number)
    browser, seen, address = world.browser("here"), "", "/staff/audit"
    for _ in range(3):
        came = browser.get(address).text
        seen += came.split("<tbody>")[1].split("</tbody>")[0]
        write(world, "here", "pause", number=99)  # what comes meanwhile moves nothing
        address = came.split('id="older"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert [seen.count(f"announcement {number}<") for number in range(11, 16)] == [1] * 5
    assert "announcement 99" not in seen
    assert 'id="older"' not in came
    assert "Newest" in came


def test_what_a_file_holds_runs_nowhere(world: World) -> None:
    with world.database.write() as session:
        staff.add(session, "=HYPERLINK(1)", "editor", [], audit.staff("administrator"))
    write(world, "=HYPERLINK(1)", "approve")
    assert rows(world)[0][1] == "'=HYPERLINK(1)"
    came = world.browser("administrator").get("/staff/audit/entries.xlsx")
    sheet = load_workbook(io.BytesIO(came.data)).worksheets[0]
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("'=HYPERLINK(1)", "s")
    assert came.headers["Content-Disposition"] == 'attachment; filename="audit.xlsx"'
    assert world.browser("administrator").get("/staff/audit/entries.exe").status_code == 404


def test_entries_are_in_words(world: World) -> None:
    with world.database.write() as session:
        details = {"center": world.center().id, "starts_at": NOW, "urgent": True, "codes": ["a", "b"], "x": None}
        audit.record(
            session, audit.staff("here"), "take_over_the_world", "booking", world.objects["booking"], details
        )
    _, who, what, subject, words = rows(world, "here")[0]
    assert (who, what) == ("here", "take over the world")
    assert len(subject.removeprefix("booking ")) >= 6
    assert words == "centre: Kachreti (Gurjaani); begins: 24.11.2026 12:00; urgent: yes; codes: a, b; x: -"
    nothing = world.browser("here").get("/staff/audit?action=erase").text
    assert "Nothing of that was done" in nothing


def test_what_was_done_to_is_called_by_its_name(either: World) -> None:
    for kind, number in (("announcement", 7), ("event", 7), ("booking", 7)):
        write(either, "here", "cancel", kind, number)  # of what is gone only the number is left
    assert [row[3] for row in rows(either, "here")] == ["booking 7", "event 7", "announcement 7"]
    for kind in ("announcement", "event", "occurrence"):
        write(either, "there", "change", kind, either.objects[kind])
    assert [row[3] for row in rows(either, "there")] == [
        "date of an event Sewing circle, 24.11.2026 16:00",
        "event Sewing circle",
        "announcement Seeds <i>for</i> spring",
    ]
    assert "Seeds &lt;i&gt;for" in either.browser("there").get("/staff/audit").text


def test_more_subjects_than_one_query_names(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "SLICE", 1)
    for number in (world.objects["announcement"], 7):
        write(world, "here", "change", number=number)
    assert [row[3] for row in rows(world, "here")] == ["announcement 7", "announcement Seeds <i>for</i> spring"]
