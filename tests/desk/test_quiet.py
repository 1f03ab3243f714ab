"""Quiet hours: nobody is written to at night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import quiet
from store.clock import TBILISI


@pytest.mark.parametrize(
    ("moment", "held"),
    [
        ("20:59", "20:59"),
        ("21:00", "33:00"),
        ("23:30", "33:00"),
        ("00:10", "09:00"),
        ("08:59", "09:00"),
        ("09:00", "09:00"),
        ("13:00", "13:00"),
    ],
)
def test_the_night_waits_for_the_morning(moment: str, held: str) -> None:
    midnight = datetime(2026, 11, 24, tzinfo=TBILISI)

    def at(wall: str) -> datetime:
        hours, minutes = map(int, wall.split(":"))
        return midnight + timedelta(hours=hours, minutes=minutes)

    assert quiet.held_until(at(moment)) == at(held)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_nothing_is_held_for_longer_than_a_night_nor_sent_in_one(moment: datetime) -> None:
    held = quiet.held_until(moment)
    assert timedelta(0) <= held - moment <= timedelta(hours=12)
    assert not quiet.is_quiet(held)
    assert held == moment or quiet.is_quiet(moment)
