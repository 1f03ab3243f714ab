"""What somebody took back does not count."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.understanding.when import read
from knowledge.scripts import words

NOW = datetime(2026, 11, 24, 10, 0)
THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    "text",
    [
        "პარასკევს არა, ხუთშაბათს",
        "პარასკევს არ შემიძლია, არა, ხუთშაბათს",
        "პარასკევს არ გამოდის, ხუთშაბათს",
        "ხუთშაბათს და არა პარასკევს",
        "ხუთშაბათს, პარასკევს არა",
        "paraskevs ara xutshabats",
        "not Friday but Thursday",
        "not on Friday but on Thursday",
        "Thursday instead of Friday",
        "Friday, no, Thursday",
        "Friday sorry Thursday",
        "не в пятницу, а в четверг",
        "в пятницу не могу, в четверг",
        "в четверг вместо пятницы",
        "cümə yox, cümə axşamı",
        "cümə deyil, cümə axşamı",
        "ուրբաթ չէ, հինգշաբթի",
        "ոչ թե ուրբաթ, հինգշաբթի",
    ],
)
def test_of_two_days_the_one_that_was_not_taken_back_is_meant(text: str) -> None:
    when = read(text, NOW)
    assert (when.date, when.ambiguous) == (THURSDAY, ())


@pytest.mark.parametrize(
    "text", ["no, Thursday", "არა, ხუთშაბათს", "нет, в четверг", "yox, cümə axşamı", "ոչ, հինգշաբթի"]
)
def test_a_no_before_the_only_day_takes_nothing_back(text: str) -> None:
    when = read(text, NOW)
    assert when.date == THURSDAY
    assert 0 not in when.covered


@pytest.mark.parametrize("text", ["are you open on Thursday or not?", "ხუთშაბათს თუ არა", "в четверг или нет"])
def test_or_not_takes_nothing_back(text: str) -> None:
    assert read(text, NOW).date == THURSDAY


def test_a_day_that_was_only_refused_is_not_taken() -> None:
    when = read("not Friday", NOW)
    assert (when.date, bool(when)) == (None, False)


def test_a_corrected_hour_leaves_the_day() -> None:
    when = read("ხვალ 15 საათზე, არა, 16 საათზე", NOW)
    assert (when.date, when.start, when.ambiguous) == (date(2026, 11, 25), time(16), ())


def test_a_sentence_later_a_no_is_about_something_else() -> None:
    when = read("tomorrow at 3. Is the big room free or not? And the small one on Thursday", NOW)
    assert len(when.ambiguous) == 2


def test_the_words_that_were_taken_back_say_when_as_well() -> None:
    text = "not Friday but Thursday please"
    covered = {words(text)[index].text for index in read(text, NOW).covered}
    assert covered == {"not", "friday", "thursday"}
