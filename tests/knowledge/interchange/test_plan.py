"""What an import would change, before it changes anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge import interchange, models
from knowledge.interchange import Changes, FieldChange
from store.database import Database
from tests.knowledge.interchange.files import CENTER, PLACE, SERVED, SERVICE, Line, load, write_csv

VALLEY = {**PLACE, "name_ka": "ველი", "name_en": "Veli"}
HILL = {**PLACE, "name_ka": "გორა", "name_en": "Gora"}


def _plan(database: Database, kind: str, lines: Sequence[Line], folder: Path) -> Changes:
    with database.write() as session:
        rows = interchange.read(kind, write_csv(folder / "new.csv", lines))
        return interchange.plan(session, kind, rows)


def _load(database: Database, kind: str, lines: Sequence[Line], folder: Path) -> None:
    with database.write() as session:
        load(session, kind, lines, folder)


def test_what_is_added_changed_and_removed(database: Database, tmp_path: Path) -> None:
    _load(database, "places", [PLACE, VALLEY], tmp_path)
    changes = _plan(database, "places", [{**PLACE, "lat": "", "lon": "", "accuracy": "none"}, HILL], tmp_path)
    assert changes.summary == "places: 1 added, 1 changed, 1 removed, 0 unchanged"
    assert changes.changed[0].fields == (
        FieldChange("lat", 42.02, None),
        FieldChange("lon", 43.72, None),
        FieldChange("accuracy", "exact", "none"),
    )
    assert list(changes.details()) == [
        "+ გორა, Khashuri",
        "~ გომი, Khashuri: lat: '42.02' -> ''",
        "~ გომი, Khashuri: lon: '43.72' -> ''",
        "~ გომი, Khashuri: accuracy: 'exact' -> 'none'",
        "- ველი, Khashuri",
    ]


def test_planning_leaves_the_data_and_their_version_untouched(database: Database, tmp_path: Path) -> None:
    _load(database, "places", [PLACE], tmp_path)
    with database.read() as session:
        before = models.version(session)
    assert _plan(database, "places", [HILL, PLACE], tmp_path).count == 1
    with database.read() as session:
        assert models.version(session) == before
        assert session.query(models.PlaceRow).count() == 1


@pytest.mark.parametrize(("kept", "refused"), [(1, True), (2, False)])
def test_removing_more_than_half_must_be_allowed(
    database: Database, tmp_path: Path, kept: int, refused: bool
) -> None:
    lines = [PLACE, VALLEY, HILL, {**PLACE, "name_ka": "წყალი"}]
    _load(database, "places", lines, tmp_path)
    changes = _plan(database, "places", list(lines[:kept]), tmp_path)
    assert (changes.refusal is not None) is refused
    if changes.refusal:
        assert str(changes.refusal) == (
            "found '3 of the 4 places are not in the file', "
            "expected at least half of them, or --allow-removals to remove them"
        )
        with database.write() as session, pytest.raises(interchange.BadFile):
            interchange.apply(session, changes)


def test_a_corrected_name_is_known_by_the_id(database: Database, tmp_path: Path) -> None:
    _load(database, "places", [{**PLACE, "id": "7"}], tmp_path)
    changes = _plan(database, "places", [{**PLACE, "id": "7", "name_ka": "გომა"}], tmp_path)
    assert [(one.id, one.fields) for one in changes.changed] == [(7, (FieldChange("name_ka", "გომი", "გომა"),))]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([{**PLACE, "id": "8"}, VALLEY], "7, the id that this settlement has, or nothing"),
        ([{**PLACE, "id": "9"}, VALLEY], "7, the id that this settlement has, or nothing"),
        ([PLACE, {**HILL, "id": "7"}], "another id or nothing: 7 is გომი, Khashuri"),
    ],
)
def test_the_id_of_another_settlement_is_refused(
    database: Database, tmp_path: Path, lines: Sequence[Line], expected: str
) -> None:
    _load(database, "places", [{**PLACE, "id": "7"}, {**VALLEY, "id": "8"}], tmp_path)
    with pytest.raises(interchange.BadFile) as caught:
        _plan(database, "places", lines, tmp_path)
    assert [(fault.column, fault.expected) for fault in caught.value.problems] == [("id", expected)]


def test_references_are_checked_even_when_reading_did_not(database: Database, tmp_path: Path) -> None:
    _load(database, "centers", [CENTER], tmp_path)
    with pytest.raises(interchange.BadFile) as caught:
        _plan(database, "served", [SERVED], tmp_path)
    assert [(fault.row, fault.column) for fault in caught.value.problems] == [(2, "place_ka")]


def test_a_service_that_moves_is_the_only_one_that_changes(database: Database, tmp_path: Path) -> None:
    lines = [{**SERVICE, "slug": slug} for slug in ("a", "b", "c", "d")]
    _load(database, "services", list(lines), tmp_path)
    changes = _plan(database, "services", [lines[3], *lines[:3]], tmp_path)
    assert [(one.key, one.fields) for one in changes.changed] == [(("d",), (FieldChange("position", 4, 1),))]


def test_a_service_that_goes_changes_no_other(database: Database, tmp_path: Path) -> None:
    lines = [{**SERVICE, "slug": slug} for slug in ("a", "b", "c")]
    _load(database, "services", list(lines), tmp_path)
    changes = _plan(database, "services", list(lines[1:]), tmp_path)
    assert changes.summary == "services: 0 added, 0 changed, 1 removed, 2 unchanged"


def test_rows_of_another_kind_are_a_mistake_of_the_caller(sqlite_database: Database, tmp_path: Path) -> None:
    rows = interchange.read("places", write_csv(tmp_path / "places.csv", [PLACE]))
    with sqlite_database.read() as session, pytest.raises(ValueError, match="these rows are places"):
        interchange.plan(session, "centers", rows)
