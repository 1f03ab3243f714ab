"""Reading whole files: every fault is named exactly."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from knowledge import interchange
from knowledge.interchange import sheets
from store.database import Database
from tests.knowledge.interchange.files import (
    CENTER,
    GOOD,
    PLACE,
    SERVED,
    SERVICE,
    load,
    problems_of,
    write_csv,
)


@pytest.mark.parametrize("kind", interchange.KINDS)
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_good_file_is_read(kind: str, separator: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "good.csv", [GOOD[kind]], separator)
    (record,) = interchange.read(kind, path).records
    assert record.number == 2
    assert set(record.values) == set(GOOD[kind])


def test_a_byte_order_mark_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "good.csv", [PLACE])
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\ufeff" + "\n".join([lines[0], "", " , ,", lines[1], ""]), encoding="utf-8")
    (record,) = interchange.read("places", path).records
    assert record.number == 4
    assert record.values["name_ka"] == "გომი"


def test_cells_that_excel_left_out_at_the_end_are_empty(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "good.csv", [PLACE])
    path.write_text(path.read_text(encoding="utf-8").rstrip().rstrip(","), encoding="utf-8")
    (record,) = interchange.read("places", path).records
    assert record.values["verified_on"] is None


MANY_FAULTS = [
    PLACE,
    {**PLACE, "name_ka": "Gomi", "name_en": "", "lat": "91", "population": "many"},
    {**PLACE, "source": "another"},
    {**PLACE, "name_ka": "სოფელი", "municipality_en": "Kashuri", "lon": "12.5", "verified_on": "24/11/2026"},
    {**PLACE, "name_ka": "ველი", "region_en": "Kakheti", "lat": "", "kind": "hamlet", "id": "7"},
    {**PLACE, "name_ka": "გორა", "lat": "", "lon": "", "source": "", "id": "7"},
]


def test_every_one_of_many_faults_is_named(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bad.csv", MANY_FAULTS)
    municipality = "the English name of a municipality of municipalities.csv; perhaps 'Khashuri'"
    assert problems_of("places", path) == [
        (3, "name_ka", "Gomi", "a name in Georgian letters, at most 80 characters"),
        (3, "name_en", "", "a name in Latin letters, at most 80 characters"),
        (3, "lat", "91", "a latitude within Georgia, 41.0 to 43.7 degrees"),
        (3, "population", "many", "a whole number such as 1164"),
        (
            4,
            "name_ka + municipality_en",
            "გომი, Khashuri",
            "its own name_ka + municipality_en; row 2 has the same",
        ),
        (5, "municipality_en", "Kashuri", municipality),
        (5, "lon", "12.5", "a longitude within Georgia, 39.9 to 46.8 degrees"),
        (5, "verified_on", "24/11/2026", "a day such as 2026-11-24 or 24.11.2026"),
        (6, "kind", "hamlet", "one of village, daba, town, city"),
        (6, "region_en", "Kakheti", "'Shida Kartli', the region of Khashuri"),
        (6, "lat", "", "both lat and lon, or neither"),
        (7, "source", "", "text of at most 4000 characters"),
        (7, "accuracy", "exact", "'none' where lat and lon are empty, and only there"),
        (7, "id", "7", "its own id; row 6 has the same"),
    ]


def test_a_fault_says_all_in_one_line(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bad.csv", [{**PLACE, "lat": "91"}])
    with pytest.raises(interchange.BadFile) as caught:
        interchange.read("places", path)
    expected = "row 2, lat: found '91', expected a latitude within Georgia, 41.0 to 43.7 degrees"
    assert str(caught.value) == expected


def test_the_faults_of_a_centre(tmp_path: Path) -> None:
    bad = {
        **CENTER,
        "slug": "Gomi Centre",
        "opened": "2012",
        "phone": "12",
        "hours": "nine to six",
        "hours_source": "",
        "hall": "no",
        "hall_capacity": "30",
        "coord_quality": "none",
    }
    no_source = {**CENTER, "slug": "other", "hours_source": "", "hall_capacity": "30"}
    path = write_csv(tmp_path / "bad.csv", [bad, no_source])
    assert [fault[:3] for fault in problems_of("centers", path)] == [
        (2, "slug", "Gomi Centre"),
        (2, "opened", "2012"),
        (2, "phone", "12"),
        (2, "hours", "nine to six"),
        (2, "coord_quality", "none"),
        (2, "hall_capacity", "30"),
        (3, "hours_source", ""),
        (3, "hall_source", ""),
    ]


def test_the_faults_of_a_service(tmp_path: Path) -> None:
    bad = {
        **SERVICE,
        "provider": "psd",
        "tie_source": "",
        "name_hy": "ID card",
        "fee_ru": "",
        "fee_source": "",
        "time_as_of": "2020-01-01",
        "note_ka": "За 10 дней",
    }
    path = write_csv(tmp_path / "bad.csv", [bad])
    assert [fault[1:3] for fault in problems_of("services", path)] == [
        ("provider", "psd"),
        ("name_hy", "ID card"),
        ("note_ka", "За 10 дней"),
        ("tie_source", ""),
        ("fee_ru", ""),
        ("fee_source", ""),
        ("time_as_of", "2020-01-01"),
        *[(f"note_{rest}", "") for rest in ("en", "ru", "az", "hy", "source")],
    ]


def test_what_served_villages_refer_to_must_be_there(database: Database, tmp_path: Path) -> None:
    lines = [
        SERVED,
        {**SERVED, "center": "gomo", "place_ka": "გომა"},
        {**SERVED, "village": "Elsewhere", "place_ka": "", "municipality_en": ""},
        {**SERVED, "village": "Nowhere", "place_ka": ""},
        {**SERVED, "village": "Somewhere", "municipality_en": ""},
    ]
    path = write_csv(tmp_path / "served.csv", lines)
    with database.write() as session:
        load(session, "places", [PLACE], tmp_path)
        load(session, "centers", [CENTER], tmp_path)
        assert problems_of("served", path, session) == [
            (3, "center", "gomo", "the slug of a centre; perhaps 'gomi'"),
            (3, "place_ka", "გომა", "a settlement of Khashuri; perhaps 'გომი'"),
            (5, "municipality_en", "Khashuri", "nothing while place_ka is empty"),
            (6, "municipality_en", "", "the municipality of place_ka"),
        ]


def test_columns_that_are_wrong_are_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bad.csv", [PLACE])
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("lat,lon,", "latitude,Lon,").replace("kind,", "id,"), encoding="utf-8")
    missing = "this column; it is missing"
    found = problems_of("places", path)
    assert found[0] == (1, "id", "id", "each column once")
    assert found[1][:3] == (1, "latitude", "latitude")
    assert "'lat'" in found[1][3]
    assert found[2:] == [(1, "kind", "", missing), (1, "lat", "", missing)]


def test_only_so_many_problems_are_listed_and_the_rest_counted(tmp_path: Path) -> None:
    lines = [{**PLACE, "name_ka": "Gomi", "lat": "91"}] * 150
    path = write_csv(tmp_path / "bad.csv", lines)
    with pytest.raises(interchange.BadFile) as caught:
        interchange.read("places", path)
    assert len(caught.value.problems) == interchange.LISTED_AT_MOST
    assert caught.value.total == 300
    assert str(caught.value).endswith("and 100 more")


def test_a_separator_outside_quotes_is_noticed(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "bad.csv", [PLACE])
    path.write_text(path.read_text(encoding="utf-8").rstrip() + ",more\n", encoding="utf-8")
    ((row, _column, value, expected),) = problems_of("places", path)
    assert (row, value) == (2, "more")
    assert expected.startswith("15 cells as in the header")


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", b"", "a file whose name ends in .csv or .xlsx"),
        ("a.xls", b"", "save it as .xlsx first"),
        ("a.csv", b"", "the names of the columns in the first row"),
        ("a.csv", b"\n\nid,name_ka\n", "the names of the columns"),
        ("a.csv", "id;name_ka\n1;é\n".encode("latin-1"), "UTF-8 text; in Excel save it as 'CSV UTF-8'"),
        ("a.csv", "id,name_ka".encode("utf-16"), "UTF-8; in Excel save it as 'CSV UTF-8'"),
        ("a.csv", b"PK\x03\x04rest", "a workbook's name must end in .xlsx"),
        ("a.csv", b'id,name_ka\n1,"open', "every quote closed"),
        ("a.xlsx", b"not a workbook", "an XLSX workbook that is whole"),
    ],
)
def test_a_file_that_is_not_what_it_says(name: str, data: bytes, expected: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert expected in "\n".join(fault[3] for fault in problems_of("places", path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "No such file" in problems_of("places", tmp_path / "none.csv")[0][3]


def test_files_that_are_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "large.csv", [PLACE, {**PLACE, "name_ka": "ველი"}, {**PLACE, "name_ka": "გორა"}])
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    assert problems_of("places", path) == [(4, "", "", "at most 2 rows")]
    monkeypatch.setattr(sheets, "LARGEST_FILE", 100)
    assert problems_of("places", path)[0][3] == "a file of at most 100 bytes"


def _workbook(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def _typed_center(**changes: object) -> list[list[object]]:
    typed = {
        **CENTER,
        "opened": datetime.fromisoformat("2012-09-27"),
        "lat": 42,
        "lon": 43.5,
        "phone": 995322405405.0,
        "hall": True,
        "hall_capacity": 30.0,
        "hall_source": "x",
        "verified_on": date(2026, 11, 24),
        **changes,
    }
    return [list(typed), [None if value == "" else value for value in typed.values()]]


def test_a_workbook_with_typed_cells_is_read(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "typed.xlsx", [*_typed_center(), [None, None]])
    (record,) = interchange.read("centers", path).records
    wanted = {
        "opened": date(2012, 9, 27),
        "lat": 42.0,
        "lon": 43.5,
        "phone": "+995322405405",
        "hall": True,
        "hall_capacity": 30,
        "verified_on": date(2026, 11, 24),
        "address_ka": "",
    }
    assert {name: record.values[name] for name in wanted} == wanted


def test_formulas_and_errors_of_excel_are_refused(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "typed.xlsx", _typed_center(lat="=40+2", source="#REF!"))
    assert problems_of("centers", path) == [
        (2, "lat", "=40+2", "a plain value, not a formula"),
        (2, "source", "#REF!", "a plain value, not an error of Excel"),
    ]


def test_rows_beyond_the_size_that_a_workbook_claims_are_read(tmp_path: Path) -> None:
    whole = _workbook(tmp_path / "whole.xlsx", _typed_center())
    path = tmp_path / "claims.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', old.read(name)))
    assert len(interchange.read("centers", path).records) == 1


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    letters = "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"
    lines = [{**PLACE, "name_ka": f"{a}{b}"} for a in letters for b in letters]
    path = write_csv(tmp_path / "long.csv", lines)
    told: list[tuple[int, int]] = []
    interchange.read("places", path, advance=lambda done, total: told.append((done, total)))
    assert told == [(500, 1089), (1000, 1089), (1089, 1089)]
