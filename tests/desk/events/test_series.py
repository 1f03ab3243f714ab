"""Rules of recurrence, on the wall clock of Tbilisi, and what a change does to what was planned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.events import series
from desk.events.series import BadRule, Times
from store.clock import TBILISI
from tests.desk.events.people import WEEK, local

TWO_HOURS = timedelta(hours=2)


def begins(rule: str, first: datetime, until: datetime) -> list[datetime]:
    kept = series.normal(rule, first)
    return [one.starts_at for one in series.times(first, first + TWO_HOURS, kept, until)]


def test_every_week_comes_at_the_same_hour() -> None:
    first = local(25, 18)
    assert begins("RRULE:freq=weekly;count=3", first, first + 10 * WEEK) == [first, first + WEEK, first + 2 * WEEK]


def test_an_hour_that_is_another_day_in_utc_keeps_its_day_in_tbilisi() -> None:
    first = local(25, 2)  # Wednesday in Tbilisi, Tuesday evening in UTC
    found = begins("FREQ=WEEKLY;BYDAY=WE,FR;COUNT=3", first, first + 10 * WEEK)
    assert [one.astimezone(TBILISI).strftime("%a %H:%M") for one in found] == [
        "Wed 02:00",
        "Fri 02:00",
        "Wed 02:00",
    ]


def test_an_end_in_utc_is_read_as_such() -> None:
    first = local(25, 18)
    assert len(begins("FREQ=DAILY;UNTIL=20261127T140000Z", first, first + WEEK)) == 3
    assert len(begins("FREQ=DAILY;UNTIL=20261127T135959Z", first, first + WEEK)) == 2


def test_without_a_rule_it_takes_place_once() -> None:
    first = local(25, 18)
    assert series.normal("  ", first) is None
    assert series.times(first, first + TWO_HOURS, None, first) == [Times(first, first + TWO_HOURS)]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=SECONDLY", "FREQ=DAILY"),
        ("every monday", "no part"),
        ("FREQ=WEEKLY;BYDAY=XX", "not a rule"),
        ("FREQ=WEEKLY;BYDAY=MO", "does not begin on 25.11.2026 but on 30.11.2026"),
        ("FREQ=DAILY;COUNT=2\nRRULE:FREQ=DAILY", "one rule only"),
        ("FREQ=WEEKLY;DTSTART=20200101", "no part"),
    ],
)
def test_what_is_no_rule_is_refused_with_a_reason(rule: str, why: str) -> None:
    with pytest.raises(BadRule, match=why):
        series.normal(rule, local(25, 18))


@given(
    st.integers(0, 300),
    st.integers(0, 23),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
    st.integers(1, 20),
)
def test_a_series_never_leaves_its_hour_and_never_goes_back(day: int, hour: int, freq: str, count: int) -> None:
    first = (datetime(2026, 1, 1, hour, 0, tzinfo=TBILISI) + timedelta(days=day)).astimezone(UTC)
    found = begins(f"FREQ={freq};COUNT={count}", first, first + timedelta(days=5000))
    assert found[0] == first
    assert found == sorted(set(found))
    assert {one.astimezone(TBILISI).hour for one in found} == {hour}


def test_a_later_hour_moves_every_time_on_its_own_day() -> None:
    old = [local(25, 18), local(25, 18) + WEEK]
    new = [Times(at + timedelta(hours=1), at + timedelta(hours=3)) for at in old]
    assert series.compare(old, new) == series.Plan(((0, 0), (1, 1)), (), ())


def test_another_weekday_moves_every_time_within_its_week() -> None:
    old = [local(25, 18), local(25, 18) + WEEK]
    new = [Times(at + timedelta(days=1), at + timedelta(days=1, hours=2)) for at in old]
    assert series.compare(old, new).moved == ((0, 0), (1, 1))


def test_a_shorter_series_ends_what_comes_after() -> None:
    old = [local(25, 18) + n * WEEK for n in range(3)]
    plan = series.compare(old, [Times(old[0], old[0] + TWO_HOURS)])
    assert plan == series.Plan(((0, 0),), (1, 2), ())


@given(
    st.lists(st.integers(0, 60), unique=True, max_size=12), st.lists(st.integers(0, 60), unique=True, max_size=12)
)
def test_every_old_and_every_new_time_is_accounted_for_once(old: list[int], new: list[int]) -> None:
    before = sorted(local(1, 12) + timedelta(hours=9 * n) for n in old)
    after = [Times(at, at + TWO_HOURS) for at in sorted(local(1, 12) + timedelta(hours=9 * n) for n in new)]
    plan = series.compare(before, after)
    assert sorted([pair[0] for pair in plan.moved] + list(plan.gone)) == list(range(len(before)))
    assert sorted([pair[1] for pair in plan.moved] + list(plan.added)) == list(range(len(after)))
    kept = {one.starts_at for one in after}
    assert all(before[o] == after[n].starts_at for o, n in plan.moved if before[o] in kept)
