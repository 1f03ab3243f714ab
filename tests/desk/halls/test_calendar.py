"""Taken half-hours, free times and the nearest of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk.halls import calendar, grid
from desk.halls.bookings import Booking
from desk.halls.calendar import BookingSlot
from desk.halls.rules import Rules
from store import clock
from store.clock import TBILISI
from store.database import Database
from tests import yardstick
from tests.desk.halls.people import CHAKVI, MONDAY, WEDNESDAY, booked, center, person, wall

TWO_HOURS = timedelta(hours=2)
FAR = (date.min, date.max)


def walls(times: list[datetime]) -> list[str]:
    return [f"{one.astimezone(TBILISI):%d %H:%M}" for one in times]


def test_an_empty_day_is_free_on_the_grid(database: Database) -> None:
    with database.read() as session:
        free = calendar.free_times(session, CHAKVI, Rules(), WEDNESDAY, WEDNESDAY, TWO_HOURS)
    assert walls(free) == [f"04 {9 + n // 2:02}:{n % 2 * 30:02}" for n in range(15)]


def test_a_tentative_hold_is_as_taken_as_anything(database: Database) -> None:
    with database.write() as session:
        booked(session, person(session), hour=11, minutes=90)
        free = calendar.free_times(session, CHAKVI, Rules(), WEDNESDAY, WEDNESDAY, TWO_HOURS)
    assert walls(free) == ["04 09:00"] + [f"04 {12 + n // 2:02}:{n % 2 * 30:02}" for n in range(1, 9)]


def test_another_hall_is_not_concerned(database: Database) -> None:
    with database.write() as session:
        booked(session, person(session), hour=9, minutes=540)
        free = calendar.free_times(session, center(2), Rules(), WEDNESDAY, WEDNESDAY, TWO_HOURS)
        assert len(free) == 15
        assert calendar.free_times(session, CHAKVI, Rules(), WEDNESDAY, WEDNESDAY, timedelta(minutes=30)) == []


def test_only_days_that_can_be_booked_are_free(database: Database) -> None:
    with database.read() as session:
        free = calendar.free_times(session, CHAKVI, Rules(), *FAR, timedelta(hours=9))
    free_days = [one.astimezone(TBILISI).date() for one in free]
    assert (free_days[0], free_days[-1]) == (WEDNESDAY, date(2026, 5, 1))
    assert date(2026, 3, 3) not in free_days
    assert all(day.weekday() < 5 for day in free_days)


def test_a_hall_by_the_hour_offers_whole_hours(database: Database) -> None:
    with database.read() as session:
        rules = Rules(slot_minutes=60)
        free = calendar.free_times(session, CHAKVI, rules, WEDNESDAY, WEDNESDAY, timedelta(hours=8))
    assert walls(free) == ["04 09:00", "04 10:00"]


def test_odd_hours_begin_on_the_grid(database: Database) -> None:
    odd = center(hours="Mo-Fr 09:15-12:10")
    with database.read() as session:
        free = calendar.free_times(session, odd, Rules(), WEDNESDAY, WEDNESDAY, timedelta(hours=2))
    assert walls(free) == ["04 09:30", "04 10:00"]


def test_the_nearest_free_times_come_nearest_first(database: Database) -> None:
    with database.write() as session:
        booked(session, person(session), hour=14, minutes=120)
        near = calendar.nearest_free(session, CHAKVI, Rules(), wall(WEDNESDAY, 14), timedelta(hours=1))
        assert walls(near) == ["04 13:00", "04 12:30", "04 12:00"]
        weekend = calendar.nearest_free(session, CHAKVI, Rules(), wall(date(2026, 2, 7), 15), TWO_HOURS, 2)
        assert walls(weekend) == ["06 16:00", "06 15:30"]


def test_the_past_and_too_long_a_wish_find_what_there_is(database: Database) -> None:
    with database.read() as session:
        past = calendar.nearest_free(session, CHAKVI, Rules(), wall(date(2026, 1, 5), 15), TWO_HOURS, 1)
        assert walls(past) == ["04 09:00"]
        assert calendar.nearest_free(session, CHAKVI, Rules(), wall(WEDNESDAY), timedelta(hours=10)) == []
        assert calendar.nearest_free(session, center(hall=False), Rules(), wall(WEDNESDAY), TWO_HOURS) == []


def test_nothing_is_free_in_the_past_of_today(database: Database) -> None:
    today = date(2026, 2, 2)
    with database.read() as session:
        free = calendar.free_times(session, CHAKVI, Rules(min_business_days=0), today, today, timedelta(hours=7))
    assert walls(free) == ["02 10:30", "02 11:00"]


def test_the_database_itself_refuses_a_second_owner(database: Database) -> None:
    with database.write() as session:
        first = booked(session, person(session))
        second = booked(session, person(session, 2), hour=9)
        slot = grid.slot_of(first.starts_at)
        with pytest.raises(IntegrityError), session.begin_nested():
            calendar.claim(session, CHAKVI.id, second.id, [slot])
        assert calendar.owned(session, first.id) == set(grid.slots_of(first.starts_at, first.ends_at))


def fill_a_year(session: Session) -> None:
    """Every half-hour of a year of business days, but for the very last."""
    day, slots = WEDNESDAY, []
    for offset in range(365):
        slots += grid.starts_on(CHAKVI.hall.hours, day + timedelta(days=offset), 30, 1)  # type: ignore[union-attr]
    contact = person(session)
    one = booked(session, contact, minutes=30)
    calendar.release(session, one.id)
    columns = [column.key for column in Booking.__table__.columns if column.key not in ("id", "reference")]
    same = {key: getattr(one, key) for key in columns}
    rows = [
        {**same, "id": 1000 + n, "reference": f"X{n}", "starts_at": grid.moment_of(s)} for n, s in enumerate(slots)
    ]
    session.execute(insert(Booking), rows)
    taken = [{"center_id": 1, "slot": slot, "booking_id": 1000 + n} for n, slot in enumerate(slots[:-1])]
    session.execute(insert(BookingSlot), taken)


def test_a_years_full_calendar_is_searched_in_one_query_and_quickly(database: Database) -> None:
    rules = Rules(horizon_days=366)
    with database.write() as session:
        fill_a_year(session)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _cur, text, *_: statements.append(text))
    with database.read() as session:

        def search() -> list[datetime]:
            statements.clear()
            return calendar.nearest_free(session, CHAKVI, rules, wall(WEDNESDAY), timedelta(minutes=30))

        assert yardstick.units(search) < 100
        assert sum(text.startswith("SELECT") for text in statements) == 1
        assert walls(search()) == ["03 17:30"]  # of February next year


def test_the_clock_of_the_desk_decides(database: Database) -> None:
    with database.read() as session, clock.fixed(MONDAY + timedelta(days=1)):
        near = calendar.nearest_free(session, CHAKVI, Rules(), wall(WEDNESDAY), TWO_HOURS, 1)
    assert walls(near) == ["05 09:00"]
