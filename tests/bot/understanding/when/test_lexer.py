"""A text as a row of atoms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.when.lexer import MOST_READ, atoms
from knowledge.scripts import words


def kinds(text: str) -> str:
    return "".join(atom.kind for atom in atoms(text))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("პარასკევს სამ საათზე", "W1HA"),
        ("paraskevs 3ze", "W0A"),
        ("3-ზე", "0A"),
        ("12 ze", "0A"),
        ("next Friday at 3pm", "nWa0z"),
        ("в полтретьего", "aC"),
        ("cümə axşamı saat 3-də", "Ws0A"),
        ("ժամը երեքին", "s1I"),
        ("10-დან 12-მდე", "0F0T"),
        ("25 декабря", "0M"),
        ("tomorrow, at 3", "J;a0"),
    ],
)
def test_words_of_time_have_their_letters(text: str, row: str) -> None:
    assert kinds(text) == row


@pytest.mark.parametrize(
    ("text", "value"), [("twenty five", 25), ("twenty-fifth", 25), ("двадцать пятого", 25), ("iyirmi beş", 25)]
)
def test_a_number_of_two_words_is_one(text: str, value: int) -> None:
    assert [atom.value for atom in atoms(text)] == [value]


def test_what_twenty_minutes_lack_is_not_added_to_them() -> None:
    assert [atom.value for atom in atoms("без двадцати три") if atom.kind == "1"] == [20, 3]
    assert [atom.value for atom in atoms("без двадцати пяти три") if atom.kind == "1"] == [25, 3]


def test_the_other_words_of_a_text_tell_its_language() -> None:
    assert atoms("or saatze")[0].value == 2, "two, in Georgian"
    assert "1" not in kinds("this room or that one hall")[:4], "and no number in English"


def test_the_russian_afternoon_is_told_from_days() -> None:
    assert kinds("в 2 дня") == "a0Q"
    assert kinds("через 2 дня") == ">0Y"


def test_articles_belong_to_the_word_that_they_lead_to() -> None:
    row = atoms("the 25th of December")
    assert [(atom.first, atom.articles) for atom in row if atom.kind in "0M"] == [(1, 1), (3, 1)]


def test_the_georgian_or_is_no_english_article() -> None:
    assert all(atom.articles == 0 for atom in atoms("xval an zeg"))


def test_a_long_text_is_read_to_its_limit() -> None:
    assert len(atoms("word " * 500)) == MOST_READ


@pytest.mark.parametrize("text", ["v pyatnicu v 3", "zavtra v 10"])
def test_small_russian_words_in_latin_letters_count_beside_a_sure_one(text: str) -> None:
    assert "a0" in kinds(text)


@given(st.text(max_size=300))
def test_atoms_stand_in_the_order_of_their_words(text: str) -> None:
    spans = [(atom.first, atom.last) for atom in atoms(text) if atom.first >= 0]
    assert spans == sorted(spans)
    assert all(0 <= first < last <= len(words(text)) for first, last in spans)
