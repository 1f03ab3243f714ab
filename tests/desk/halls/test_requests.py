"""Every rule that stands against a request, each alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from desk import audit
from desk.halls.requests import Refusal, Request, Standing, blocking, check
from desk.halls.rules import HallRules, Rules, rules_for, set_rules
from knowledge.types import Hall
from store.database import Database
from tests.desk.halls.people import HOURS, MONDAY, WEDNESDAY, codes, request, wall

HALL = Hall(HOURS, 30, "test")


def against(asked: Request, *, rules: Rules | None = None, standing: Standing | None = None) -> list[Refusal]:
    return check(asked, rules or Rules(), HALL, MONDAY, standing)


def test_nothing_stands_against_a_good_request() -> None:
    assert against(request(), standing=Standing(open_bookings=1)) == []


@pytest.mark.parametrize(
    ("asked", "code", "fact"),
    [
        (request(date(2026, 2, 2), 9), "past", ("starts_at", wall(date(2026, 2, 2), 9))),
        (request(date(2026, 2, 3)), "too_soon", ("earliest", WEDNESDAY)),
        (request(date(2026, 5, 4)), "too_far", ("latest", date(2026, 5, 3))),
        (request(minute=10), "off_grid", ("slot_minutes", 30)),
        (request(minutes=45), "off_grid", ("slot_minutes", 30)),
        (request(date(2026, 3, 3)), "holiday", ("day", date(2026, 3, 3))),
        (request(date(2026, 2, 7)), "outside_hours", ("spans", ())),
        (request(hour=17), "outside_hours", ("spans", ((time(9), time(18)),))),
        (request(hour=8), "outside_hours", ("spans", ((time(9), time(18)),))),
        (request(hour=9, minutes=600), "too_long", ("minutes", 540)),
        (request(people=31), "over_capacity", ("capacity", 30)),
    ],
)
def test_a_rule_stands_alone(asked: Request, code: str, fact: tuple[str, object]) -> None:
    (found,) = against(asked)
    assert found.code == code
    assert found.facts[fact[0]] == fact[1]


def test_too_many_people_is_a_warning_only() -> None:
    assert blocking(against(request(people=31))) == []


def test_the_whole_day_of_the_hall_can_be_had() -> None:
    assert against(request(hour=9, minutes=540)) == []


def test_a_hall_that_says_nothing_of_holidays_is_closed_on_them_too() -> None:
    always = Hall("24/7", None, "test")
    assert codes(check(request(date(2026, 3, 3)), Rules(), always, MONDAY)) == ["holiday"]
    assert check(request(date(2026, 2, 7), hour=22), Rules(), always, MONDAY) == []


def test_a_hall_without_hours_of_its_own_has_those_of_all_halls() -> None:
    assert codes(check(request(hour=17), Rules(), Hall("", None, ""), MONDAY)) == ["outside_hours"]


def test_a_centre_without_a_hall_lends_none() -> None:
    assert codes(check(request(), Rules(), None, MONDAY)) == ["no_hall"]


def test_a_banned_person_learns_until_when() -> None:
    (found,) = against(request(), standing=Standing(banned_until=date(2026, 2, 2)))
    assert (found.code, found.facts["until"]) == ("banned", date(2026, 2, 2))
    assert against(request(), standing=Standing(banned_until=date(2026, 2, 1))) == []


def test_two_open_requests_are_enough() -> None:
    (found,) = against(request(), standing=Standing(open_bookings=2))
    assert (found.code, found.facts["limit"]) == ("too_many_open", 2)


def test_all_rules_are_named_at_once() -> None:
    asked = request(date(2026, 2, 3), hour=17, minute=10, people=50)
    found = codes(against(asked, standing=Standing(date(2026, 2, 9), 2)))
    assert found == ["too_soon", "off_grid", "outside_hours", "over_capacity", "banned", "too_many_open"]


def test_a_centre_may_lend_by_the_hour() -> None:
    hourly = Rules(slot_minutes=60)
    assert codes(against(request(minute=30, minutes=60), rules=hourly)) == ["off_grid"]
    assert against(request(minutes=60), rules=hourly) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_at": datetime(2026, 2, 4, 15)},
        {"duration": timedelta(0)},
        {"people": 0},
        {"applicant": "party"},
        {"equipment": ("piano",)},
    ],
)
def test_a_request_without_sense_is_an_error(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {
        "starts_at": datetime(2026, 2, 4, 11, tzinfo=UTC),
        "duration": timedelta(hours=1),
        "applicant": "resident",
        "subject": "bees",
        "people": 5,
    }
    with pytest.raises(ValueError, match="a request needs"):
        Request(**{**good, **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [{"slot_minutes": 20}, {"slot_minutes": 0}, {"slot_minutes": 210}, {"max_open": 0}, {"horizon_days": 400},
     {"ban_business_days": -1}],
)  # fmt: skip
def test_rules_without_sense_are_an_error(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"must be|cannot be|must not"):
        Rules(**wrong)


def test_a_centre_has_its_own_rules_or_everybodys(database: Database) -> None:
    with database.write() as session:
        assert rules_for(session, 1) == Rules()
        set_rules(session, 1, Rules(horizon_days=30), audit.staff("nino"))
        set_rules(session, 1, Rules(horizon_days=31), audit.staff("nino"))
    with database.write() as session:
        assert rules_for(session, 1) == Rules(horizon_days=31)
        assert rules_for(session, 2) == Rules()
        assert [entry.details["horizon_days"] for entry in audit.trail(session, "hall", 1)] == [30, 31]
        session.delete(session.get_one(HallRules, 1))
        assert _after(session) == Rules()


def _after(session: Session) -> Rules:
    session.flush()
    return rules_for(session, 1)
