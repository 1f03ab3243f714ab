"""A short answer is understood by its question."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.understanding.when import read

NOW = datetime(2026, 11, 24, 10, 0)


@pytest.mark.parametrize(
    "text", ["3", "სამი", "sami", "three", "три", "üç", "երեք", "15", "3:00", "3 საათი", "3 часа", "3-ზე", "3pm"]
)
def test_asked_for_the_time_a_number_is_an_hour(text: str) -> None:
    when = read(text, NOW, asked="time")
    assert (when.start, when.date, when.minutes) == (time(15), None, None)


@pytest.mark.parametrize(
    ("text", "start"), [("10 30", time(10, 30)), ("10.10", time(10, 10)), ("12", time(12)), ("9", time(9))]
)
def test_asked_for_the_time_two_numbers_are_hours_and_minutes(text: str, start: time) -> None:
    assert read(text, NOW, asked="time").start == start


def test_asked_for_the_time_an_unclear_hour_stays_unclear() -> None:
    when = read("7", NOW, asked="time")
    assert [reading.start for reading in when.ambiguous] == [time(19), time(7)]


@pytest.mark.parametrize("text", ["25", "0", "10 75"])
def test_asked_for_the_time_an_hour_that_no_day_has_is_a_problem(text: str) -> None:
    assert read(text, NOW, asked="time").problem == "no_such_time"


@pytest.mark.parametrize("text", ["12", "თორმეტი", "twelve", "12-ში", "12 12", "12.12", "двенадцатого"])
def test_asked_for_the_date_a_number_is_a_day(text: str) -> None:
    when = read(text, NOW, asked="date")
    assert (when.date, when.start) == (date(2026, 12, 12), None)


@pytest.mark.parametrize("text", ["32", "31 11", "0"])
def test_asked_for_the_date_a_day_that_no_month_has_is_a_problem(text: str) -> None:
    assert read(text, NOW, asked="date").problem == "no_such_date"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("2", 120), ("ორი", 120), ("ori", 120), ("два", 120), ("iki", 120), ("երկու", 120), ("1.5", 90), ("1,5", 90),
     ("полтора", 90), ("45", 45), ("90", 90), ("2-3", 180), ("2 საათი", 120), ("2 saat", 120), ("an hour", 60)],
)  # fmt: skip
def test_asked_for_the_length_a_number_is_hours_or_minutes(text: str, minutes: int) -> None:
    when = read(text, NOW, asked="duration")
    assert (when.minutes, when.start, when.date) == (minutes, None, None)


@pytest.mark.parametrize("text", ["20 კაცი", "20 people", "599123456", "rooms 7 and 8 and 9", "yes", ""])
@pytest.mark.parametrize("asked", ["date", "time", "duration"])
def test_what_is_no_number_alone_is_no_answer(text: str, asked: str) -> None:
    assert not read(text, NOW, asked=asked)  # type: ignore[arg-type]


def test_a_full_answer_is_read_whatever_was_asked() -> None:
    when = read("Friday from 3 to 5", NOW, asked="duration")
    assert (when.date, when.start, when.minutes) == (date(2026, 11, 27), time(15), 120)


def test_without_a_question_a_number_says_nothing() -> None:
    assert not read("3", NOW)


def test_the_words_of_an_answer_are_told() -> None:
    assert read("at about, hm, 3", NOW, asked="time").covered <= {0, 1, 2, 3}
    assert read("10 30", NOW, asked="time").covered == {0, 1}
