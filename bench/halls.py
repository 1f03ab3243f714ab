"""Halls: many people who book at once, and looking for a free time in a calendar that is full for a year."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from datetime import time as wall
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

import app.tables  # noqa: F401  every model is known to the metadata
from app import news
from bench import processes
from bench.figures import Latency, latency
from bench.processes import Kind
from desk import audit
from desk.contacts import Contact, Resident
from desk.halls import calendar, grid, making
from desk.halls.bookings import Booking
from desk.halls.calendar import BookingSlot
from desk.halls.days import at
from desk.halls.news import Tell
from desk.halls.requests import Request
from desk.halls.rules import Rules, set_rules
from knowledge import interchange, snapshot
from knowledge.types import Center
from store import clock, schema
from store.database import Database

THREADS = 8
YEAR = 366
HALF_HOUR = timedelta(minutes=30)
LENGTH = timedelta(hours=2)
NOON = wall(12)
RULES = replace(Rules(), horizon_days=YEAR)


@dataclass(frozen=True, slots=True)
class Contest:
    """Attempts from THREADS threads: how many got the hall, attempts answered a second, the time of each."""

    booked: int
    rate: float
    each: Latency


@dataclass(frozen=True, slots=True)
class Halls:
    """What was found with one database.

    ``same``: all want one half-hour. ``own``: each wants another half-hour of the same hall. Then ``taken``
    half-hours are taken, and of a year only the last two hours are free. ``day`` and ``year``: finding the free
    times of one day and of all days. ``nearest``: finding those nearest to a wanted one.
    """

    kind: Kind
    people: int
    same: Contest
    own: Contest
    taken: int
    day: Latency
    year: Latency
    nearest: Latency


def measure(kind: Kind, folder: Path, people: int = 400, searches: int = 500) -> Halls:
    """Lets so many people book at once in a new database, then fills the calendar and searches it."""
    place = folder / "halls"
    place.mkdir()
    with processes.database(kind, place) as url:
        database = Database(url, pool_size=THREADS)
        schema.upgrade(database)
        center, tell = _knowledge(database)
        ids = _people(database, people)
        starts = _free(database, center, HALF_HOUR)
        same = _contest(database, center, tell, [(person, starts[-1]) for person in ids])
        own = _contest(database, center, tell, list(zip(ids, starts, strict=False)))
        if (same.booked, own.booked) != (1, people):
            raise RuntimeError(f"{same.booked} got one half-hour, and {own.booked} of {people} one of their own")
        taken = _fill(database, center)
        found = Halls(kind, people, same, own, taken, *_search(database, center, searches))
        database.close()
    return found


def _knowledge(database: Database) -> tuple[Center, Tell]:
    """A centre that has a hall, and the real way of telling."""
    with database.write() as session:
        interchange.seed(session)
    with database.read() as session:
        known = snapshot.build(session)
    center = next(center for center in known.centers.values() if center.hall is not None)
    with database.write() as session:
        set_rules(session, center.id, RULES, audit.SYSTEM)
    return center, news.tell_for(lambda: known, two_way=True)


def _people(database: Database, count: int) -> list[int]:
    moment = clock.now()
    with database.write() as session:
        session.execute(insert(Resident), [{"created_at": moment} for _ in range(count)])
        common = {"channel": "sms", "created_at": moment, "budget_used": 0, "strikes": 0}
        residents = session.scalars(select(Resident.id).order_by(Resident.id)).all()
        session.execute(
            insert(Contact), [{**common, "resident_id": id, "address": f"+9955{id:08}"} for id in residents]
        )
    with database.read() as session:
        return list(session.scalars(select(Contact.id).order_by(Contact.id)))


def _free(database: Database, center: Center, length: timedelta) -> list[datetime]:
    with database.read() as session:
        return calendar.free_times(session, center, RULES, date.min, date.max, length)


def _contest(database: Database, center: Center, tell: Tell, wishes: Sequence[tuple[int, datetime]]) -> Contest:
    def attempt(wish: tuple[int, datetime]) -> tuple[bool, float]:
        person, starts_at = wish
        started = time.perf_counter()
        with database.write() as session:
            contact = session.get_one(Contact, person)
            made = making.book(session, center, _request(starts_at), tell, contact=contact)
        return isinstance(made, Booking), time.perf_counter() - started

    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        outcome = list(pool.map(attempt, wishes))
    seconds = time.perf_counter() - started
    booked = sum(won for won, _ in outcome)
    return Contest(booked, len(wishes) / seconds, latency([each for _, each in outcome]))


def _request(starts_at: datetime) -> Request:
    return Request(starts_at, HALF_HOUR, "resident", "მეფუტკრეების ტრენინგი", 20, ("projector",), "ნინო")


def _fill(database: Database, center: Center) -> int:
    """Takes every half-hour of the year but for the last two hours; how many are taken then."""
    free = _free(database, center, HALF_HOUR)[: -(LENGTH // HALF_HOUR)]
    with database.write() as session:
        owner = session.scalars(select(Booking.id).limit(1)).one()
        calendar.claim(session, center.id, owner, map(grid.slot_of, free))
        return int(session.scalar(select(func.count()).select_from(BookingSlot)) or 0)


def _search(database: Database, center: Center, searches: int) -> tuple[Latency, Latency, Latency]:
    first, last = calendar.bookable_days(RULES, clock.now())
    days = [first + timedelta(days=number % YEAR) for number in range(searches)]

    def timed(look: Callable[[Session, date], list[datetime]]) -> Latency:
        seconds = []
        for day in days:
            with database.read() as session:
                started = time.perf_counter()
                look(session, day)
                seconds.append(time.perf_counter() - started)
        return latency(seconds)

    def of_day(session: Session, day: date) -> list[datetime]:
        return calendar.free_times(session, center, RULES, day, day, LENGTH)

    def of_year(session: Session, _day: date) -> list[datetime]:
        return calendar.free_times(session, center, RULES, first, last, LENGTH)

    def near(session: Session, day: date) -> list[datetime]:
        return calendar.nearest_free(session, center, RULES, at(day, NOON), LENGTH)

    with database.read() as session:
        if len(of_year(session, first)) != 1:
            raise RuntimeError("the calendar is not full but for one time")
    return timed(of_day), timed(of_year), timed(near)
