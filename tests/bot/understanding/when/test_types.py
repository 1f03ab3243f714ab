"""What counts as having said something about when."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.understanding.when import When


def test_nothing_said_is_nothing() -> None:
    assert not When()
    assert not When(part="morning"), "a part of the day alone settles nothing"


@pytest.mark.parametrize(
    "when",
    [
        When(date=date(2026, 11, 27), said_date=True),
        When(start=time(15), said_time=True),
        When(end=time(17), said_time=True),
        When(minutes=60),
        When(week=date(2026, 11, 30), said_date=True),
        When(problem="no_such_date"),
    ],
)
def test_a_day_an_hour_a_length_and_a_mistake_are_something(when: When) -> None:
    assert when
