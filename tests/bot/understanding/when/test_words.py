"""The words of time and their misspellings."""

from __future__ import annotations

import pytest

from bot.understanding.when.words import ENDING_LETTERS, LETTERS, vocabularies
from knowledge.spelling import key


def test_each_kind_of_word_has_a_letter_of_its_own() -> None:
    assert len(set(LETTERS.values())) == len(LETTERS)
    assert len(set(ENDING_LETTERS.values())) == len(ENDING_LETTERS)
    shared = set(ENDING_LETTERS.values()) & set(LETTERS.values())
    assert shared == {"<", "T"}, "later and until are said by a word or by an ending"


@pytest.mark.parametrize("language", ["ka", "en", "ru", "az", "hy"])
def test_every_language_has_seven_weekdays_twelve_months_and_its_numbers(language: str) -> None:
    said = {(form.kinds[0], form.value) for form in vocabularies()[language].forms.values()}
    weekdays = {value for letter, value in said if letter in "WZ"}
    assert weekdays == set(range(7))
    assert {value for letter, value in said if letter == "M"} == set(range(1, 13))
    assert {value for letter, value in said if letter == "1"} >= set(range(1, 11))
    assert {value for letter, value in said if letter == "J"} >= {0, 1, 2}


@pytest.mark.parametrize(
    ("language", "written", "weekday"),
    [
        ("ka", "ორშბათს", 0),
        ("ka", "პარასკეს", 4),
        ("ka", "paraskvs", 4),
        ("ru", "пятнцу", 4),
        ("ru", "четверк", 3),
        ("hy", "երկուշաբթիից", 0),
    ],
)
def test_a_weekday_with_a_typing_error_is_told(language: str, written: str, weekday: int) -> None:
    form = vocabularies()[language].misspelt(key(written))
    assert form is not None
    assert (form.kinds[0], form.value) == ("W", weekday)


@pytest.mark.parametrize("written", ["saterday", "firday", "thurday", "mondey"])
def test_an_english_weekday_with_a_typing_error_is_told(written: str) -> None:
    form = vocabularies()["en"].misspelt(written)
    assert form is not None
    assert form.kinds == "W"


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "money"), ("en", "nomber"), ("hy", "մասին"), ("ka", "მართვის"), ("az", "senedde"), ("en", "someday")],
)
def test_other_words_are_no_misspelt_names(language: str, word: str) -> None:
    assert vocabularies()[language].misspelt(word if language == "en" else key(word)) is None


def test_a_slip_that_may_be_either_of_two_days_is_neither() -> None:
    assert vocabularies()["ka"].misspelt("ošabats") is None  # ორშაბათს or ოთხშაბათს
