"""Single cells."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.interchange import cells
from knowledge.interchange.cells import Cell, Unreadable, Value
from knowledge.interchange.formula_signs import guarded, unguarded


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (cells.DAY, "2026-11-24", date(2026, 11, 24)),
        (cells.DAY, "24.11.2026", date(2026, 11, 24)),
        (cells.DAY, "1.2.2026", date(2026, 2, 1)),
        (cells.LATITUDE, "41.82931", 41.82931),
        (cells.LATITUDE, "41,82931", 41.82931),
        (cells.LONGITUDE, "45", 45.0),
        (cells.WHOLE, "1164", 1164),
        (cells.WHOLE, "1164.0", 1164),
        (cells.YES_OR_NO, "Yes", True),
        (cells.YES_OR_NO, "FALSE", False),
        (cells.YES_OR_NO, "არა", False),
        (cells.PHONE, "032 240 54 05", "+995322405405"),
        (cells.PHONE, "+995 555 12-34-56", "+995555123456"),
        (cells.PHONE, "995555123456", "+995555123456"),
        (cells.HOURS, "Mo-Fr 09:00-18:00; PH off", "Mo-Fr 09:00-18:00; PH off"),
        (cells.slug(), "id-card-2", "id-card-2"),
        (cells.listed(), "ა | ბ||ა", ("ა", "ბ")),
        (cells.listed(), "|", ()),
        (cells.lettered("georgian"), "ახალი ხულგუმო-2", "ახალი ხულგუმო-2"),
        (cells.sentence("georgian"), "უფასო Wi-Fi", "უფასო Wi-Fi"),
        (cells.sentence("cyrillic"), "GEL 45.", "GEL 45."),
    ],
)
def test_a_cell_that_can_be_read(cell: Cell, text: str, value: Value) -> None:
    read = cell.parse(text)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (cells.DAY, "2026-02-30"),
        (cells.DAY, "24/11/2026"),
        (cells.DAY, "20261124"),
        (cells.DAY, "0026-11-24"),
        (cells.LATITUDE, "91"),
        (cells.LATITUDE, "nan"),
        (cells.LATITUDE, "4_2"),
        (cells.LONGITUDE, "39.8"),
        (cells.WHOLE, "-1"),
        (cells.WHOLE, "9999999999"),
        (cells.WHOLE, "1 164"),
        (cells.POSITIVE, "0"),
        (cells.YES_OR_NO, "maybe"),
        (cells.PHONE, "+44 20 7946 0958"),
        (cells.PHONE, "12"),
        (cells.PHONE, "call 555123456"),
        (cells.HOURS, "from nine to six"),
        (cells.slug(), "ID_card"),
        (cells.slug(), "-id"),
        (cells.slug(3), "abcd"),
        (cells.text(3), "abcd"),
        (cells.lettered("georgian"), "Gomi"),
        (cells.lettered("georgian"), "გoმი"),
        (cells.lettered("georgian"), "123"),
        (cells.sentence("georgian"), "In ten working days"),
        (cells.sentence("armenian"), "За 10 рабочих дней"),
        (cells.sentence("latin"), "ID ბარათი"),
    ],
)
def test_a_cell_that_cannot_be_read(cell: Cell, text: str) -> None:
    with pytest.raises(Unreadable):
        cell.parse(text)


def test_a_wrong_choice_is_told_the_nearest_one() -> None:
    cell = cells.choice(["Gori", "Gagra"], "a municipality")
    with pytest.raises(Unreadable) as caught:
        cell.parse("Gorri")
    assert caught.value.expected == "a municipality; perhaps 'Gori'"


@pytest.mark.parametrize(
    ("given_value", "text"),
    [
        (None, ""),
        (41.0, "41"),
        (41.5, "41.5"),
        (True, "yes"),
        (datetime.fromisoformat("2026-11-24"), "2026-11-24"),
        (datetime.fromisoformat("2026-11-24T09:30"), "2026-11-24 09:30:00"),
        (date(2026, 11, 24), "2026-11-24"),
    ],
)
def test_the_text_of_what_excel_gives(given_value: object, text: str) -> None:
    assert cells.as_text(given_value) == text


def test_blanks_are_put_in_order_and_letters_composed() -> None:
    assert cells.clean("  и\u0306о\u00a0\n а ") == "йо а"


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ufffd"])
def test_broken_letters_are_refused(sign: str) -> None:
    with pytest.raises(Unreadable):
        cells.clean(f"a{sign}b")


@given(st.text(alphabet="'=+-@\t＝a1", max_size=6))
def test_a_guarded_text_starts_no_formula_and_comes_back(text: str) -> None:
    assert guarded(text)[:1] not in {"=", "+", "-", "@", "\t", "＝"} or not text
    assert unguarded(guarded(text)) == text
