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
    assert found.words == (1, 2, 3, 4)


@pytest.mark.parametrize("text", ["", "phone", "and the phone?", "passport", "ტელეფონი", "Kachreti", "сайт"])
def test_a_text_without_a_day_has_none(text: str) -> None:
    assert days.find(words(text), TUESDAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "are you open on 26 May",
        "26 მაისს მუშაობთ",
        "26 მაისი",
        "26 мая работаете",
        "mayın 26-sı",
        "մայիսի 26-ին փակ եք",
    ],
)
def test_a_date_is_a_day(text: str) -> None:
    assert day_of(text) == date(2027, 5, 26)


@pytest.mark.parametrize("text", ["at christmas", "შობას", "на рождество", "milad bayramında", "սուրբ ծնունդին"])
def test_a_named_holiday_is_the_next_such_day(text: str) -> None:
    assert day_of(text) == date(2027, 1, 7)


def test_a_date_says_more_than_that_it_is_a_holiday() -> None:
    assert day_of("26 May is a holiday, are you open?") == date(2027, 5, 26)


def test_what_was_said_first_counts_of_as_many_words() -> None:
    assert day_of("today or is it a holiday") == TUESDAY


@pytest.mark.parametrize("text", ["next Tuesday", "მომავალ სამშაბათს", "в следующий вторник"])
def test_next_tuesday_is_not_today(text: str) -> None:
    assert day_of(text) == TUESDAY + timedelta(days=7)


@pytest.mark.parametrize("text", ["vaghy bac eq", "zavtra rabotaete", "xval mushaobt"])
def test_tomorrow_is_told_in_latin_letters(text: str) -> None:
    assert day_of(text) == TUESDAY + timedelta(days=1)


@pytest.mark.parametrize(
    "text",
    ["все услуги", "bazarda pomidor", "ბაზარში დავკარგე", "we'd like to come", "onu necə alım", "Oni",
     "yesterday", "გუშინ", "вчера", "in two weeks", "ორ კვირაში", "ამ კვირაში",
     "მომავალ კვირაში", "ამ კვირის", "კვირის განმავლობაში", "էս շաբաթ", "հաջորդ շաբաթ", "մեկ շաբաթ",
     "8-ին բաց եք"],
)  # fmt: skip
def test_words_that_only_look_like_a_day_are_none(text: str) -> None:
    assert day_of(text) is None


@given(st.dates(), st.sampled_from(["monday", "პარასკევს", "воскресенье"]))
def test_a_weekday_is_within_a_week_and_not_past(today: date, text: str) -> None:
    if today > date.max - timedelta(days=7):
        return
    day = day_of(text, today)
    assert day is not None
    assert timedelta(0) <= day - today < timedelta(days=7)
