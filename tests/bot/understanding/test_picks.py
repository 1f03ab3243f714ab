"""Picking a choice by its number, and yes or no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import picks
from knowledge.scripts import words


@pytest.mark.parametrize(
    "text",
    ["2", "2.", "the second one", "second", "number 2", "მეორე", "meore", "ორი", "второй", "вторая", "2-й вариант"]
    + ["ikinci", "iki", "երկրորդը", "②", "²", "option two please"],
)
def test_the_second_choice_is_picked(text: str) -> None:
    assert picks.number(words(text), 3) == 1


@pytest.mark.parametrize("text", ["the last one", "ბოლო", "последний", "sonuncu", "վերջինը"])
def test_the_last_choice_is_picked(text: str) -> None:
    assert picks.number(words(text), 4) == 3


def test_one_is_a_number_only_where_nothing_else_is() -> None:
    assert picks.number(words("the third one"), 4) == 2
    assert picks.number(words("one"), 4) == 0


@pytest.mark.parametrize(
    "text", ["", "0", "4", "99", "123456789", "2 3", "the second village from here", "Kachreti"]
)
def test_a_text_that_picks_no_choice_is_none(text: str) -> None:
    assert picks.number(words(text), 3) is None


def test_nothing_is_picked_where_nothing_is_offered() -> None:
    assert picks.number(words("1"), 0) is None


@pytest.mark.parametrize("text", ["yes", "Yes!", "კი", "ki", "დიახ", "да", "bəli", "այո"])
def test_yes_is_yes(text: str) -> None:
    assert picks.yes_or_no(words(text)) is True


@pytest.mark.parametrize("text", ["no", "არა", "ara", "нет", "yox", "ոչ", "არ მინდა"])
def test_no_is_no(text: str) -> None:
    assert picks.yes_or_no(words(text)) is False


@pytest.mark.parametrize("text", ["", "Kachreti", "yes or no", "yes I would like to know when it opens"])
def test_what_is_neither_is_none(text: str) -> None:
    assert picks.yes_or_no(words(text)) is None


@given(st.text(max_size=12), st.integers(0, 20))
def test_a_pick_is_always_one_of_the_choices(text: str, offered: int) -> None:
    picked = picks.number(words(text), offered)
    assert picked is None or 0 <= picked < offered
