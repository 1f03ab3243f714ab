"""Words, their offsets and their script, whatever a resident types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.scripts import dominant_script, normalise, script_of, words


@pytest.mark.parametrize(
    ("char", "script"),
    [
        ("ა", "georgian"),
        ("Ა", "georgian"),
        ("a", "latin"),
        ("ə", "latin"),
        ("ж", "cyrillic"),
        ("Ք", "armenian"),
        ("և", "armenian"),
        ("3", "other"),
        ("?", "other"),
        ("漢", "other"),
    ],
)
def test_script_of_a_letter(char: str, script: str) -> None:
    assert script_of(char) == script


def test_most_letters_decide_the_script_of_a_text() -> None:
    assert dominant_script("SMS გამომიგზავნეთ 555") == "georgian"
    assert dominant_script("123 ?!") == "other"


def test_georgian_capitals_and_old_alphabets_become_mkhedruli() -> None:
    assert normalise("ᲚᲐᲒᲝᲓᲔᲮᲘ") == "ლაგოდეხი"
    assert normalise("ႠႡႢ") == "აბგ"


def test_marks_that_make_a_letter_stay_and_loose_ones_go() -> None:
    assert normalise("Ёй") == "ёй"
    assert normalise("и\u0306") == "й"
    assert normalise("ŞƏĞç") == "şəğç"
    assert normalise("ლა\u200bგო\u0301") == "ლაგო"
    assert normalise("İ") == "i"


def test_a_hyphen_parts_words_and_an_apostrophe_does_not() -> None:
    found = words("K'akheti-ში, Диди-Лило!")
    assert [word.raw for word in found] == ["K'akheti", "ში", "Диди", "Лило"]
    assert [word.script for word in found] == ["latin", "georgian", "cyrillic", "cyrillic"]


def test_capitals_survive_in_raw_only() -> None:
    (word,) = words("laRodexSi")
    assert (word.raw, word.text) == ("laRodexSi", "larodexsi")


@given(st.text(max_size=200))
def test_every_word_is_where_it_says(text: str) -> None:
    for word in words(text):
        assert text[word.start : word.end] == word.raw
        assert word.text == normalise(word.raw)


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
