"""Open and closed, with the public holidays of Georgia."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from knowledge import hours

SPEC = "Mo-Fr 09:00-18:00; PH off"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 24, 9, 0), True),
        (datetime(2026, 11, 24, 17, 59), True),
        (datetime(2026, 11, 24, 18, 0), False),
        (datetime(2026, 11, 28, 12, 0), False),  # a Saturday
        (datetime(2026, 11, 23, 12, 0), False),  # St George's day, a Monday
        (datetime(2027, 5, 17, 12, 0), False),  # the day that the library's own list lacks
    ],
)
def test_open_or_closed(moment: datetime, expected: bool) -> None:
    assert hours.is_open(SPEC, moment) is expected


def test_the_next_opening_skips_weekend_and_holiday() -> None:
    friday_evening = datetime(2026, 11, 20, 18, 30)
    assert hours.next_opening(SPEC, friday_evening) == datetime(2026, 11, 24, 9, 0)


def test_a_place_that_never_opens_has_no_next_opening() -> None:
    assert hours.next_opening("off", datetime(2026, 1, 1)) is None


def test_the_ordinary_week() -> None:
    week = hours.ordinary_week(SPEC)
    assert week[0] == ((time(9), time(18)),)
    assert week[5] == week[6] == ()


def test_round_the_clock() -> None:
    assert hours.is_open("24/7", datetime(2026, 1, 1, 23, 59))


def test_business_days() -> None:
    assert hours.is_business_day(date(2026, 11, 24))
    assert not hours.is_business_day(date(2026, 11, 23))
    assert not hours.is_business_day(date(2026, 11, 22))


@pytest.mark.parametrize("spec", ["Mo-Fx 9", "always", "Mo 25:00-26:00:99"])
def test_nonsense_is_refused_with_an_example(spec: str) -> None:
    with pytest.raises(hours.BadHours, match="Mo-Fr 09:00-18:00"):
        hours.check(spec)
