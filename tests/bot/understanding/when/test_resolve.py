"""What is unclear, what contradicts itself, and what follows from the rest."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.understanding.when import Reading, read

TUESDAY = datetime(2026, 11, 24, 10, 0)


@pytest.mark.parametrize(
    "text", ["next Friday", "მომავალ პარასკევს", "в следующую пятницу", "gələn cümə", "հաջորդ ուրբաթ"]
)
def test_next_friday_is_next_weeks_or_the_coming_one(text: str) -> None:
    assert read(text, TUESDAY).ambiguous == (Reading(date(2026, 12, 4)), Reading(date(2026, 11, 27)))


def test_an_hour_keeps_the_readings_of_the_day() -> None:
    when = read("next Friday at 3", TUESDAY)
    assert when.ambiguous == (
        Reading(date(2026, 12, 4), time(15)),
        Reading(date(2026, 11, 27), time(15)),
    )


@pytest.mark.parametrize("text", ["at 7", "7-ზე", "в 7", "saat 7", "ժամը 7-ին"])
def test_seven_is_evening_or_morning(text: str) -> None:
    assert [reading.start for reading in read(text, TUESDAY).ambiguous] == [time(19), time(7)]


@pytest.mark.parametrize("text", ["7 pm", "საღამოს 7-ზე", "в 7 вечера", "axşam saat 7-də", "երեկոյան 7-ին"])
def test_the_evening_is_said(text: str) -> None:
    when = read(text, TUESDAY)
    assert (when.start, when.ambiguous) == (time(19), ())


@pytest.mark.parametrize("text", ["Wednesday or Thursday", "ოთხშაბათს ან ხუთშაბათს", "в среду или в четверг"])
def test_two_days_are_two_readings(text: str) -> None:
    assert [reading.date for reading in read(text, TUESDAY).ambiguous] == [date(2026, 11, 25), date(2026, 11, 26)]


@pytest.mark.parametrize("text", ["tomorrow, Wednesday", "ხვალ, ოთხშაბათს", "завтра, в среду"])
def test_a_day_said_twice_is_one(text: str) -> None:
    when = read(text, TUESDAY)
    assert (when.date, when.ambiguous, when.problem) == (date(2026, 11, 25), (), None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Thursday 25 December", "weekday_differs"),
        ("ხუთშაბათს, 25 დეკემბერს", "weekday_differs"),
        ("30 February", "no_such_date"),
        ("31.11", "no_such_date"),
        ("at 25:00", "no_such_time"),
        ("from 17:00 to 15:00", "end_before_start"),
    ],
)
def test_what_cannot_be_is_a_problem(text: str, problem: str) -> None:
    assert read(text, TUESDAY).problem == problem


def test_the_end_follows_from_the_length_and_the_length_from_the_end() -> None:
    assert read("at 3 for two hours", TUESDAY).end == time(17)
    assert read("3 to 5", TUESDAY).minutes == 120
    assert read("from 22:00 to 24:00", TUESDAY).end == time(0)


def test_only_an_end_is_no_start() -> None:
    when = read("until 5", TUESDAY)
    assert (when.start, when.end) == (None, time(17))


def test_all_day_is_as_long_as_halls_are_open() -> None:
    when = read("all day tomorrow", TUESDAY)
    assert (when.start, when.end, when.minutes, when.all_day) == (time(9), time(18), 540, True)


def test_a_week_without_a_day_is_told_by_its_monday() -> None:
    when = read("next week", TUESDAY)
    assert (when.date, when.week, when.said_date) == (None, date(2026, 11, 30), True)


def test_a_moment_counts_from_now() -> None:
    when = read("in two hours", TUESDAY)
    assert (when.date, when.start) == (date(2026, 11, 24), time(12))
    late = read("через полчаса", datetime(2026, 11, 24, 23, 45))
    assert (late.date, late.start) == (date(2026, 11, 25), time(0, 15))


def test_todays_weekday_means_in_a_week_unless_this_one_is_said() -> None:
    assert read("Tuesday", TUESDAY).date == date(2026, 12, 1)
    assert read("this Tuesday", TUESDAY).ambiguous == (Reading(date(2026, 12, 1)), Reading(date(2026, 11, 24)))


@pytest.mark.parametrize("text", ["Friday", "in the morning on Friday"])
def test_a_weekday_alone_is_told_as_such(text: str) -> None:
    assert read(text, TUESDAY).weekday_only
    assert not read("27 November", TUESDAY).weekday_only
