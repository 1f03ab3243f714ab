"""When a centre is open: on ordinary days, weekends and holidays, now and next."""

from __future__ import annotations

from datetime import datetime

import pytest

from console.conversing import Talk
from store import clock
from store.clock import TBILISI

VERIFY = "Please confirm by telephone before you travel"


def answer(talk: Talk, text: str, day: int = 24, hour: int = 12, *, month: int = 11) -> str:
    with clock.fixed(datetime(2026, month, day, hour, 0, tzinfo=TBILISI)):
        exchange = talk.say("telegram", "resident", text)
    assert exchange.understanding.intent == "hours"
    return "\n".join(exchange.shown)


ASKED = "Is the centre in Kabali open {}?"


def test_a_working_hour_is_open_until_the_evening(talk: Talk) -> None:
    said = answer(talk, ASKED.format("now"))
    assert "Kabali (Lagodekhi): Mon-Fri 09:00-18:00. Closed on public holidays." in said
    assert "Open now, until 18:00." in said


@pytest.mark.parametrize(
    ("day", "hour", "opens"),
    [
        (24, 8, "Tuesday, 24 November, 09:00"),
        (24, 18, "Wednesday, 25 November, 09:00"),
        (27, 19, "Monday, 30 November, 09:00"),
        (28, 12, "Monday, 30 November, 09:00"),
        (23, 12, "Tuesday, 24 November, 09:00"),
    ],
)
def test_a_closed_hour_says_when_it_opens_next(day: int, hour: int, opens: str, talk: Talk) -> None:
    assert f"Closed now. Opens: {opens}." in answer(talk, ASKED.format("now"), day, hour)


def test_a_named_working_day_is_open(talk: Talk) -> None:
    assert "Thursday, 26 November: open 09:00-18:00." in answer(talk, ASKED.format("on Thursday"))


def test_a_named_saturday_is_closed(talk: Talk) -> None:
    assert "Saturday, 28 November: closed." in answer(talk, ASKED.format("on Saturday"))


def test_the_weekend_is_both_days(talk: Talk) -> None:
    said = answer(talk, ASKED.format("at the weekend"))
    assert "Saturday: closed." in said
    assert "Sunday: closed." in said


def test_a_public_holiday_is_closed_and_called_so(talk: Talk) -> None:
    said = answer(talk, ASKED.format("tomorrow"), 25, month=5)
    assert "Tuesday, 26 May: closed, it is a public holiday." in said


def test_holidays_in_general_are_closed(talk: Talk) -> None:
    assert "Closed on public holidays." in answer(talk, ASKED.format("on public holidays"))


def test_an_unverified_centre_says_call_first(talk: Talk) -> None:
    assert VERIFY in answer(talk, ASKED.format("now"))


def test_without_a_centre_the_hours_of_all_are_told(talk: Talk) -> None:
    said = answer(talk, "What are your opening hours?")
    assert "The centres are open: Mon-Fri 09:00-18:00." in said
    assert VERIFY in said


def test_today_is_counted_in_tbilisi_and_not_in_utc(talk: Talk) -> None:
    # 02:00 of Wednesday in Tbilisi is still Tuesday in UTC.
    said = answer(talk, ASKED.format("today"), 25, 2)
    assert "Wednesday, 25 November: open 09:00-18:00." in said


def test_the_small_screen_begins_with_what_was_asked(talk: Talk) -> None:
    said = talk.say("sms", "resident", "Is the centre in Kabali open on Saturday?").shown[0]
    assert said.splitlines()[0] == "Saturday, 28 November: closed."
    assert "Call before you travel" in said
