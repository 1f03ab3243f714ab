"""Exporting, and that what is exported is imported again as the same."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from knowledge import interchange
from store.database import Database
from tests.knowledge.interchange.files import CENTER, GOOD, PLACE, SERVICE, Line, load

ENDINGS = ("csv", "xlsx")
GEORGIAN = st.text("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", min_size=1, max_size=8)
ANY = st.text(
    st.one_of(st.sampled_from("=+-@'\"\t,; \n|＝#"), st.characters(codec="utf-8", exclude_categories=["C"])),
    max_size=12,
)
SAID = ANY.filter(lambda text: text.strip() != "")


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_kind_comes_back_as_it_went(database: Database, tmp_path: Path, ending: str) -> None:
    with database.write() as session:
        for kind in ("places", "centers", "served", "services"):
            load(session, kind, [GOOD[kind]], tmp_path)
            path = tmp_path / f"{kind}.{ending}"
            assert interchange.export(session, kind, path) == 1
            changes = interchange.plan(session, kind, interchange.read(kind, path, session=session))
            assert changes.count == 0


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=25)
@given(
    lines=st.lists(
        st.fixed_dictionaries(
            {
                "name_ka": GEORGIAN,
                "alt_names": ANY,
                "source": SAID,
                "population": st.one_of(st.just(""), st.integers(0, 2**31 - 1).map(str)),
                "verified_on": st.one_of(
                    st.just(""), st.dates().filter(lambda d: 1900 <= d.year <= 2100).map(str)
                ),
                "lat": st.floats(41.0, 43.7).map(lambda number: f"{number:.6f}"),
            }
        ),
        min_size=1,
        max_size=6,
        unique_by=lambda line: line["name_ka"],
    )
)
def test_any_settlements_come_back_as_they_went(
    database: Database, tmp_path: Path, ending: str, lines: list[Line]
) -> None:
    with database.read() as session:  # nothing is committed
        load(session, "places", [{**PLACE, **line} for line in lines], tmp_path)
        path = tmp_path / f"places.{ending}"
        interchange.export(session, "places", path)
        changes = interchange.plan(session, "places", interchange.read("places", path))
        assert (changes.count, changes.unchanged) == (0, len(lines))


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=15)
@given(synonyms=st.lists(ANY, max_size=4), source=SAID, georgian=GEORGIAN)
def test_any_service_comes_back_as_it_went(
    sqlite_database: Database, tmp_path: Path, ending: str, synonyms: list[str], source: str, georgian: str
) -> None:
    line = {**SERVICE, "synonyms_en": "|".join(synonyms), "fee_source": source, "fee_ka": georgian}
    with sqlite_database.read() as session:
        load(session, "services", [line], tmp_path)
        path = tmp_path / f"services.{ending}"
        interchange.export(session, "services", path)
        changes = interchange.plan(session, "services", interchange.read("services", path))
        assert (changes.count, changes.unchanged) == (0, 1)


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_cell_starts_a_formula(sqlite_database: Database, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"centers.{ending}"
    with sqlite_database.write() as session:
        load(session, "centers", [{**CENTER, "source": "=1+1", "phone": "+995322405405"}], tmp_path)
        interchange.export(session, "centers", path)
    if ending == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file)
        found = {row["source"], row["phone"]}
    else:
        header, row_cells = load_workbook(path).worksheets[0].iter_rows()
        cells = {str(name.value): cell for name, cell in zip(header, row_cells, strict=True)}
        assert cells["source"].data_type == "s"
        found = {cells["source"].value, cells["phone"].value}
    assert found == {"'=1+1", "'+995322405405"}


def test_a_workbook_is_ready_to_work_in(sqlite_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "centers.xlsx"
    with sqlite_database.write() as session:
        load(session, "centers", [{**CENTER, "source": "#N/A"}], tmp_path)
        interchange.export(session, "centers", path)
    sheet = load_workbook(path)["centers"]
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    filled = [cell for cell in sheet[2] if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in filled} == {("s", "@")}
    assert all(8 <= dimension.width <= 48 for dimension in sheet.column_dimensions.values())


def test_csv_has_a_byte_order_mark_for_excel_and_plain_line_ends(
    sqlite_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "places.csv"
    with sqlite_database.read() as session:
        assert interchange.export(session, "places", path) == 0
    assert path.read_bytes().startswith("\ufeffid,name_ka,".encode())
    assert path.read_bytes().endswith(b"verified_on\n")


def test_another_ending_is_refused(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.read() as session, pytest.raises(interchange.BadFile):
        interchange.export(session, "places", tmp_path / "places.ods")


def test_an_export_that_breaks_off_leaves_the_old_file(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "places.csv"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(csv, "writer", None)
    with sqlite_database.read() as session, pytest.raises(TypeError):
        interchange.export(session, "places", path)
    assert [(file.name, file.read_text()) for file in tmp_path.glob("*places*")] == [("places.csv", "old")]


@pytest.mark.parametrize("ending", ENDINGS)
def test_any_table_is_written_with_no_cell_that_a_spreadsheet_would_run(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"table.{ending}"
    interchange.write_table(path, "bookings", ["name", "subject"], [["Nino", "=1+1"], ["", "+ა"]])
    if ending == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [tuple(line) for line in csv.reader(file)]
    else:
        lines = [tuple(cell or "" for cell in line) for line in load_workbook(path).active.values]
    assert lines == [("name", "subject"), ("Nino", "'=1+1"), ("", "'+ა")]
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_table_of_another_ending_is_refused_and_an_old_one_kept(tmp_path: Path) -> None:
    with pytest.raises(interchange.BadFile):
        interchange.write_table(tmp_path / "table.txt", "bookings", ["name"], [])
    kept = tmp_path / "table.csv"
    interchange.write_table(kept, "bookings", ["name"], [["Nino"]])
    with pytest.raises(TypeError):
        interchange.write_table(kept, "bookings", ["name"], [[None]])  # type: ignore[list-item]
    assert kept.read_text(encoding="utf-8-sig") == "name\nNino\n"
