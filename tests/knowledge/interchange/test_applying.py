"""Importing: all of a file or nothing of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from knowledge import interchange, models
from knowledge.interchange import applying
from knowledge.models import CenterRow, PlaceRow, ServedRow, ServiceRow
from store.database import Database
from tests.knowledge.interchange.files import CENTER, PLACE, SERVED, SERVICE, load, write_csv

VALLEY = {**PLACE, "name_ka": "ველი", "name_en": "Veli"}
HILL = {**PLACE, "name_ka": "გორა", "name_en": "Gora"}
LETTERS = "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"


def _ids(session: Session) -> dict[str, int]:
    return {row.name_ka: row.id for row in session.execute(select(PlaceRow.name_ka, PlaceRow.id))}


def test_an_import_counts_as_one_change(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        load(session, "places", [PLACE, VALLEY], tmp_path)
        assert models.version(session) == 1
    with database.write() as session:
        load(session, "places", [PLACE, VALLEY], tmp_path)
        assert models.version(session) == 1


def test_ids_stay_whatever_changes(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        load(session, "places", [VALLEY, PLACE], tmp_path)
        before = _ids(session)
    with database.write() as session:
        load(session, "places", [HILL, {**PLACE, "population": "7"}, VALLEY], tmp_path)
        after = _ids(session)
        assert {name: after[name] for name in before} == before
        assert session.scalars(select(PlaceRow.population).where(PlaceRow.name_ka == "გომი")).one() == 7


def test_ids_of_the_file_and_of_the_database_do_not_meet(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        load(session, "places", [VALLEY, {**PLACE, "id": "40"}], tmp_path)
        ids = _ids(session)
        assert ids["გომი"] == 40
        load(session, "places", [VALLEY, PLACE, HILL], tmp_path)
        assert len(set(_ids(session).values())) == 3
        session.add(PlaceRow(**_columns_of_a_new_place()))
        session.flush()


def _columns_of_a_new_place() -> dict[str, object]:
    return {
        "name_ka": "ახალი",
        "name_en": "Akhali",
        "alt_names": [],
        "kind": "village",
        "municipality_en": "Gori",
        "region_en": "Shida Kartli",
        "accuracy": "none",
        "status": "listed",
        "source": "x",
    }


def test_what_is_in_the_tables_is_what_the_file_says(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        load(session, "places", [PLACE], tmp_path)
        load(session, "centers", [CENTER], tmp_path)
        load(session, "served", [SERVED], tmp_path)
        load(session, "services", [SERVICE], tmp_path)
    with database.read() as session:
        place, center = session.scalars(select(PlaceRow)).one(), session.scalars(select(CenterRow)).one()
        served, service = session.scalars(select(ServedRow)).one(), session.scalars(select(ServiceRow)).one()
    assert place.alt_names == ["Гоми", "Gomy"]
    assert (center.hall, center.opened is not None, center.phone) == (True, True, "")
    assert (served.center_id, served.place_id) == (center.id, place.id)
    assert service.synonyms == {"ka": ["პირადობა", "აიდი"], "ka-Latn": ["ID barati"]}
    assert set(service.facts) == {"fee"}
    assert service.facts["fee"]["as_of"] == "2022-05-01"
    assert service.facts["fee"]["text"]["hy"] == "GEL 45։"
    assert service.source == "https://example.org/tie"


def test_the_order_of_services_is_that_of_the_file(database: Database, tmp_path: Path) -> None:
    lines = [{**SERVICE, "slug": slug} for slug in ("a", "b", "c")]
    with database.write() as session:
        load(session, "services", lines, tmp_path)
        load(session, "services", [lines[2], lines[0], {**SERVICE, "slug": "new"}], tmp_path)
        found = session.scalars(select(ServiceRow).order_by(ServiceRow.position)).all()
        assert [(row.slug, row.position) for row in found] == [("c", 0), ("a", 1), ("new", 2)]


def test_a_centre_that_goes_takes_its_served_villages_with_it(database: Database, tmp_path: Path) -> None:
    other = {**CENTER, "slug": "other"}
    with database.write() as session:
        load(session, "places", [PLACE], tmp_path)
        load(session, "centers", [CENTER, other], tmp_path)
        load(session, "served", [SERVED, {**SERVED, "center": "other"}], tmp_path)
        load(session, "centers", [other], tmp_path)
        assert [row.slug for row in session.scalars(select(CenterRow))] == ["other"]
        assert len(session.scalars(select(ServedRow)).all()) == 1


def test_a_row_that_other_records_need_stays_and_nothing_changes(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        load(session, "centers", [CENTER, {**CENTER, "slug": "other"}], tmp_path)
        session.execute(text("CREATE TABLE guests (center_id INTEGER REFERENCES centers (id))"))
        session.execute(text("INSERT INTO guests SELECT id FROM centers WHERE slug = 'gomi'"))
    try:
        with pytest.raises(interchange.BadFile) as caught, database.write() as session:
            load(session, "centers", [{**CENTER, "slug": "other", "name_en": "New"}], tmp_path)
        assert caught.value.problems[0].value == "gomi"
        with database.read() as session:
            assert {row.name_en for row in session.scalars(select(CenterRow))} == {"Gomi"}
    finally:
        with database.write() as session:
            session.execute(text("DROP TABLE guests"))


def test_an_import_that_breaks_off_leaves_everything_as_it_was(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        load(session, "places", [PLACE, VALLEY], tmp_path)

    def break_off(*_args: object) -> None:
        raise RuntimeError("the machine went away")

    monkeypatch.setattr(applying, "_add", break_off)
    with pytest.raises(RuntimeError), database.write() as session:
        load(session, "places", [{**PLACE, "population": "7"}, HILL], tmp_path)
    with database.read() as session:
        assert set(_ids(session)) == {"გომი", "ველი"}
        assert models.version(session) == 1
        assert set(session.scalars(select(PlaceRow.population))) == {1164}


def test_twenty_thousand_settlements_take_seconds(database: Database, tmp_path: Path) -> None:
    names = [f"{a}{b}{c}" for a in LETTERS for b in LETTERS for c in LETTERS][:20_000]
    path = write_csv(tmp_path / "long.csv", [{**PLACE, "name_ka": name} for name in names])
    told: list[tuple[int, int]] = []
    started = time.monotonic()
    with database.write() as session:
        rows = interchange.read("places", path, session=session)
        changes = interchange.plan(session, "places", rows)
        interchange.apply(session, changes, lambda done, total: told.append((done, total)))
    assert time.monotonic() - started < 20
    assert told[-1] == (20_000, 20_000)
    assert len(told) == 40
    with database.write() as session:
        assert interchange.plan(session, "places", rows).count == 0
        session.execute(delete(PlaceRow))
