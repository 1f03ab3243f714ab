"""Coming, waiting, leaving: places are never given twice, and the line is fair."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from desk import contacts
from desk.events import attending, editing, life
from desk.events.models import Attendance, Event
from store import clock
from store.database import Database
from tests.desk.events.people import NINO, TUESDAY, announced, local, only, person, told


def line(session: Session, occurrence_id: int) -> list[tuple[int, str, int]]:
    rows = session.query(Attendance).filter_by(occurrence_id=occurrence_id).order_by(Attendance.id)
    return [(row.contact_id, row.state, row.heads) for row in rows]


def test_whoever_fits_comes_and_the_next_one_waits(database: Database) -> None:
    with database.write() as session:
        at = only(session, announced(session, capacity=5))
        first = attending.join(session, person(session, 1), at.id, 3)
        assert (first.outcome, first.free) == ("coming", 2)
        second = attending.join(session, person(session, 2), at.id, 3)
        assert (second.outcome, second.free) == ("waiting", 2)
        assert second.attendance is not None
        assert attending.place_in_line(session, second.attendance) == 1


def test_a_small_group_may_take_what_a_big_one_cannot_use(database: Database) -> None:
    with database.write() as session:
        at = only(session, announced(session, capacity=5))
        attending.join(session, person(session, 1), at.id, 4)
        assert attending.join(session, person(session, 2), at.id, 3).outcome == "waiting"
        assert attending.join(session, person(session, 3), at.id, 1).outcome == "coming"


def test_a_freed_place_goes_to_the_first_in_line_who_fits_and_they_are_told_once(database: Database) -> None:
    with database.write() as session:
        at = only(session, announced(session, capacity=4))
        people = [person(session, number) for number in range(5)]
        attending.join(session, people[0], at.id, 2)
        attending.join(session, people[1], at.id, 2)
        for who, heads in ((people[2], 3), (people[3], 2), (people[4], 1)):
            assert attending.join(session, who, at.id, heads).outcome == "waiting"
        assert attending.leave(session, people[0], at.id)
        assert not attending.leave(session, people[0], at.id)
        assert {who for who, state, _ in line(session, at.id) if state == "coming"} == {people[1].id, people[3].id}
    assert told(database) == [(people[3].id, "place_freed")]


def test_a_newcomer_does_not_jump_the_line(database: Database) -> None:
    with database.write() as session:
        event = announced(session, capacity=2)
        at = only(session, event)
        attending.join(session, person(session, 1), at.id, 2)
        attending.join(session, person(session, 2), at.id, 2)
        session.execute(update(Attendance).where(Attendance.state == "coming").values(state="cancelled"))
        assert attending.join(session, person(session, 3), at.id, 1).outcome == "waiting"
        assert [state for _, state, _ in line(session, at.id)] == ["cancelled", "coming", "waiting"]


def test_saying_it_again_changes_the_number_and_never_loses_the_place(database: Database) -> None:
    with database.write() as session:
        at = only(session, announced(session, capacity=4))
        me = person(session, 1)
        attending.join(session, me, at.id, 3)
        attending.join(session, person(session, 2), at.id, 2)
        assert attending.join(session, me, at.id, 4).outcome == "coming"
        assert attending.join(session, me, at.id, 2).outcome == "coming"
        assert line(session, at.id)[1][1] == "coming"  # two places were freed for the other
        assert attending.join(session, me, at.id, 3).outcome == "too_many"
        assert line(session, at.id)[0] == (me.id, "coming", 2)


def test_more_places_are_given_to_the_line(database: Database) -> None:
    with database.write() as session:
        event = announced(session, capacity=1)
        at = only(session, event)
        attending.join(session, person(session, 1), at.id, 1)
        attending.join(session, person(session, 2), at.id, 1)
        life.change(session, event, replace(editing.of(event), capacity=2), NINO)
        assert [state for _, state, _ in line(session, at.id)] == ["coming", "coming"]
        waited = person(session, 2).id
    assert told(database) == [(waited, "place_freed")]


@pytest.mark.parametrize(("heads", "capacity"), [(21, None), (3, 2)])
def test_a_group_that_can_never_fit_is_told_so(heads: int, capacity: int | None, database: Database) -> None:
    with database.write() as session:
        at = only(session, announced(session, capacity=capacity))
        assert attending.join(session, person(session), at.id, heads).outcome == "too_many"
        assert line(session, at.id) == []


def test_nobody_joins_what_has_begun_or_is_cancelled(database: Database) -> None:
    with database.write() as session:
        event = announced(session)
        at = only(session, event)
        life.cancel(session, event, NINO)
        assert attending.join(session, person(session), at.id, 1).outcome == "closed"
        running = only(session, announced(session))
    with clock.fixed(local(28, 15)), database.write() as session:
        assert attending.join(session, person(session), running.id, 1).outcome == "closed"
        assert attending.join(session, person(session), 10_000, 1).outcome == "closed"


def test_nobody_is_given_a_place_of_which_they_cannot_be_told_in_time(database: Database) -> None:
    with database.write() as session:
        at = only(session, announced(session, capacity=1, starts_at=local(25, 8), ends_at=local(25, 10)))
        attending.join(session, person(session, 1), at.id, 1)
        attending.join(session, person(session, 2), at.id, 1)
    with clock.fixed(local(24, 22)), database.write() as session:
        attending.leave(session, person(session, 1), at.id)
        assert line(session, at.id)[1][1] == "waiting"
        assert attending.join(session, person(session, 3), at.id, 1).outcome == "coming"


def test_who_stopped_is_passed_over(database: Database) -> None:
    with database.write() as session:
        at = only(session, announced(session, capacity=1))
        for number in (1, 2, 3):
            attending.join(session, person(session, number), at.id, 1)
        contacts.opt_out(session, person(session, 2))
        attending.leave(session, person(session, 1), at.id)
        assert [state for _, state, _ in line(session, at.id)] == ["cancelled", "waiting", "coming"]


def test_forgetting_a_person_frees_the_place_for_the_line(database: Database) -> None:
    with database.write() as session:
        at = only(session, announced(session, capacity=1))
        attending.join(session, person(session, 1), at.id, 1)
        attending.join(session, person(session, 2), at.id, 1)
        contacts.forget(session, person(session, 1))
    with database.write() as session:
        assert attending.fill_all(session) == 1
        assert attending.fill_all(session) == 0
        assert [state for _, state, _ in line(session, at.id)] == ["coming"]


def test_many_at_once_take_no_more_than_there_is(database: Database) -> None:
    with database.write() as session:
        number = only(session, announced(session, capacity=7)).id
    gate = threading.Barrier(8)

    def join(who: int) -> str:
        if who < 8:
            gate.wait(60)
        with database.write() as session:
            return attending.join(session, person(session, who), number, 1 + who % 2).outcome

    with clock.fixed(TUESDAY), ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(join, range(24)))
    with database.read() as session:
        coming = attending.heads_coming(session, number)
    assert coming == 7
    assert outcomes.keys() == {"coming", "waiting"}


def test_people_join_and_leave_while_staff_change_and_cancel(database: Database) -> None:
    """No two of them wait for each other in a circle, and whoever still comes at the end is told."""
    with database.write() as session:
        event = announced(session, capacity=3)
        number, at = event.id, only(session, event).id

    def come_and_go(who: int) -> None:
        for turn in range(3):
            with database.write() as session:
                me = person(session, who)
                if turn == 1:
                    attending.leave(session, me, at)
                else:
                    attending.join(session, me, at, 1)

    def move(_: int) -> None:
        for hour in (16, 17, 18):
            with database.write() as session:
                found = session.get_one(Event, number)
                later = replace(editing.of(found), starts_at=local(28, hour), ends_at=local(28, 20))
                life.change(session, found, later, NINO)
        with database.write() as session:
            life.cancel(session, session.get_one(Event, number), NINO)

    with ThreadPoolExecutor(6) as pool:
        steps = [pool.submit(come_and_go, who) for who in range(5)] + [pool.submit(move, 0)]
        for step in steps:
            step.result(timeout=60)
    with database.read() as session:
        here = {who for who, state, _ in line(session, at) if state != "cancelled"}
    assert here <= {who for who, kind in told(database) if kind == "cancelled"}
