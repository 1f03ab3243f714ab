"""What figures and the signs between them are."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.when.numerals import numerals


def kinds(text: str) -> list[tuple[str, object]]:
    return [(numeral.kind, numeral.value) for numeral in numerals(text)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("15:00", "C", (15, 0, True)),
        ("3:30", "C", (3, 30, False)),
        ("03:30", "C", (3, 30, True)),
        ("15.00", "C", (15, 0, True)),
        ("15-30", "C", (15, 30, True)),
        ("15։00", "C", (15, 0, True)),  # the Armenian full stop
        ("15․00", "C", (15, 0, True)),  # the Armenian one dot leader
        ("25.12.2026", "D", date(2026, 12, 25)),
        ("25/12/26", "D", date(2026, 12, 25)),
        ("2026-12-25", "D", date(2026, 12, 25)),
        ("31.02.2026", "D", None),
        ("25/12", "e", (25, 12)),
        ("12/25", "e", (25, 12)),
        ("25-12", "e", (25, 12)),
        ("10.12", "x", (10, 12, False)),
        ("1.5", "d", 1.5),
        ("1,5", "d", 1.5),
        ("2026", "y", 2026),
        ("7", "0", 7),
    ],
)
def test_a_figure_is_told_by_its_signs(text: str, kind: str, value: object) -> None:
    assert kinds(text) == [(kind, value)]


@pytest.mark.parametrize("text", ["10-12", "3-5"])
def test_two_numbers_with_a_dash_are_two(text: str) -> None:
    first, second = map(int, text.split("-"))
    assert kinds(text) == [("0", first), ("0", second)]


@pytest.mark.parametrize(
    "text",
    [
        "599123456",
        "599 12 34 56",
        "+995 599 12 34 56",
        "555-12-34-56",
        "№5",
        "$5",
        "20%",
        "5 ₾",
        "24/7",
        "1990",
        "12345",
    ],
)
def test_telephones_money_and_shares_are_no_time(text: str) -> None:
    assert {kind for kind, _value in kinds(text)} == {"."}


def test_am_and_pm_may_have_points() -> None:
    assert ("z", "pm") in kinds("3 p.m.")
    assert ("z", "am") in kinds("at 10 a. m. sharp")


@given(st.text(alphabet="0123456789:./-, +₾%", max_size=80))
def test_figures_are_found_where_they_stand(text: str) -> None:
    for numeral in numerals(text):
        assert 0 <= numeral.start < numeral.end <= len(text)
        assert any(char.isdigit() for char in text[numeral.start : numeral.end])
