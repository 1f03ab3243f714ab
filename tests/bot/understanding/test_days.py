"""Which day a text speaks of."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding import days
from knowledge.scripts import words

TUESDAY = date(2026, 11, 24)


def day_of(text: str, today: date = TUESDAY) -> date | None:
    found = days.find(words(text), today)
    return found.day if found else None


@pytest.mark.parametrize("text", ["today", "დღეს", "dges", "сегодня", "bu gün", "այսօր"])
def test_today_is_today(text: str) -> None:
    assert day_of(text) == TUESDAY


@pytest.mark.parametrize("text", ["tomorrow", "ხვალ", "xval", "завтра", "sabah", "վաղը"])
def test_tomorrow_is_the_next_day(text: str) -> None:
    assert day_of(text) == TUESDAY + timedelta(days=1)


@pytest.mark.parametrize("text", ["the day after tomorrow", "ზეგ", "zeg", "послезавтра", "birigün"])
def test_the_day_after_tomorrow_is_not_tomorrow(text: str) -> None:
    assert day_of(text) == TUESDAY + timedelta(days=2)


@pytest.mark.parametrize("text", ["on Saturday?", "შაბათს", "shabats", "в субботу", "şənbə günü", "շաբաթ օրը"])
def test_a_weekday_is_the_next_one(text: str) -> None:
    assert day_of(text) == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "day"),
    [("ორშაბათს", 30), ("сбт понедельник", 30), ("bazar ertəsi", 30), ("çərşənbə axşamı", 24), ("Çərşənbə", 25)],
)
def test_weekdays_whose_names_hold_one_another_are_told_apart(text: str, day: int) -> None:
    assert day_of(text) == date(2026, 11, day)


def test_todays_weekday_is_today() -> None:
    assert day_of("tuesday") == TUESDAY


@pytest.mark.parametrize("text", ["at the weekend", "on weekends", "в выходные", "həftə sonu"])
def test_the_weekend_is_no_single_day(text: str) -> None:
    found = days.find(words(text), TUESDAY)
    assert found is not None
    assert (found.kind, found.day) == ("weekend", None)


@pytest.mark.parametrize("text", ["on public holidays", "დღესასწაულზე", "в праздники", "bayramda"])
def test_public_holidays_are_no_single_day(text: str) -> None:
    found = days.find(words(text), TUESDAY)
    assert found is not None
    assert (found.kind, found.day) == ("holiday", None)


def test_the_words_of_the_day_are_told() -> None:
    found = days.find(words("open the day after tomorrow please"), TUESDAY)
    assert found is not None
    assert found.words == (2, 3, 4)


@pytest.mark.parametrize("text", ["", "phone", "and the phone?", "passport", "ტელეფონი", "Kachreti", "сайт"])
def test_a_text_without_a_day_has_none(text: str) -> None:
    assert days.find(words(text), TUESDAY) is None


@given(st.dates(), st.sampled_from(["monday", "პარასკევს", "воскресенье"]))
def test_a_weekday_is_within_a_week_and_not_past(today: date, text: str) -> None:
    if today > date.max - timedelta(days=7):
        return
    day = day_of(text, today)
    assert day is not None
    assert timedelta(0) <= day - today < timedelta(days=7)
