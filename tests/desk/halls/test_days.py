"""Business days and deadlines, counted by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from desk.halls import days, deadlines
from desk.halls.rules import Rules
from store.clock import TBILISI

RULES = Rules()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TBILISI)


@pytest.mark.parametrize(
    ("today", "count", "first"),
    [
        ("2026-02-02", 2, "2026-02-04"),  # Monday for Wednesday
        ("2026-02-06", 1, "2026-02-07"),  # Friday is one before Saturday, and so before Monday
        ("2026-02-06", 2, "2026-02-10"),  # Friday and Monday are before Tuesday
        ("2026-02-07", 2, "2026-02-11"),  # on Saturday nobody reads it: Monday and Tuesday
        ("2026-02-08", 1, "2026-02-10"),
        ("2026-03-02", 2, "2026-03-05"),  # 3 March is Mother's Day
        ("2026-02-02", 0, "2026-02-02"),
    ],
)
def test_the_first_day_with_so_much_notice(today: str, count: int, first: str) -> None:
    assert days.with_notice(date.fromisoformat(today), count) == date.fromisoformat(first)


@pytest.mark.parametrize(
    ("now", "starts_at", "until"),
    [
        ("2026-02-02 10:00", "2026-02-04 15:00", "2026-02-03 18:00"),
        ("2026-02-06 10:00", "2026-02-10 15:00", "2026-02-09 18:00"),  # over the weekend
        ("2026-02-07 10:00", "2026-02-11 15:00", "2026-02-09 18:00"),
        ("2026-03-02 10:00", "2026-03-05 15:00", "2026-03-04 18:00"),  # over a holiday
        ("2026-02-02 10:00", "2026-02-03 15:00", "2026-02-03 14:00"),  # an hour before the event
        ("2026-02-02 10:00", "2026-02-02 11:00", "2026-02-02 10:30"),
    ],
)
def test_a_hold_ends_with_the_next_business_day_and_before_the_event(now: str, starts_at: str, until: str) -> None:
    assert deadlines.hold_until(local(now), local(starts_at)) == local(until)


@pytest.mark.parametrize(
    ("now", "starts_at", "until"),
    [
        ("2026-02-02 10:00", "2026-02-06 15:00", "2026-02-02 16:00"),
        ("2026-02-02 18:00", "2026-02-06 15:00", "2026-02-03 12:00"),  # the night does not count
        ("2026-02-02 23:00", "2026-02-06 15:00", "2026-02-03 15:00"),
        ("2026-02-02 03:00", "2026-02-06 15:00", "2026-02-02 15:00"),
        ("2026-02-02 10:00", "2026-02-02 15:00", "2026-02-02 14:00"),  # before the event
        ("2026-02-02 10:00", "2026-02-02 11:30", None),  # too short to answer
        ("2026-02-01 23:00", "2026-02-02 10:30", None),  # only half an hour of it awake
    ],
)
def test_an_offer_stands_for_six_waking_hours_before_the_event(
    now: str, starts_at: str, until: str | None
) -> None:
    expected = local(until) if until else None
    assert deadlines.offer_until(local(now), local(starts_at), RULES) == expected


def test_a_long_offer_runs_over_several_days() -> None:
    until = deadlines.offer_until(local("2026-02-02 10:00"), local("2026-02-20 15:00"), Rules(offer_hours=24))
    assert until == local("2026-02-04 10:00")


@pytest.mark.parametrize(
    ("now", "starts_at", "free"),
    [
        ("2026-02-03 23:59", "2026-02-04 09:00", True),
        ("2026-02-04 00:00", "2026-02-04 15:00", False),
        ("2026-02-06 17:00", "2026-02-09 09:00", True),  # Friday for Monday
        ("2026-02-07 10:00", "2026-02-09 09:00", False),  # Saturday for Monday
        ("2026-03-02 17:00", "2026-03-04 09:00", True),
        ("2026-03-03 09:00", "2026-03-04 09:00", False),  # on the holiday before it
    ],
)
def test_cancelling_is_free_until_one_business_day_before(now: str, starts_at: str, free: bool) -> None:
    assert deadlines.cancels_freely(local(now), local(starts_at), RULES) is free


def test_the_last_free_day_is_told() -> None:
    assert deadlines.last_free_day(local("2026-02-09 09:00"), RULES) == date(2026, 2, 6)


def test_ten_business_days_of_lost_access() -> None:
    assert deadlines.ban_until(local("2026-02-04 16:00"), RULES) == date(2026, 2, 18)
    assert deadlines.ban_until(local("2026-02-27 16:00"), RULES) == date(
        2026, 3, 16
    )  # over 3 March; 8 is a Sunday
