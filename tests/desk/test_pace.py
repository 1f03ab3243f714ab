"""A carrier's pace holds for all processes together, and its faults make it wait or give way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from desk import carriers
from desk.carriers import Carrier, CarrierState, GiveWay, Limit
from desk.messages import Sender
from desk.pace import Bucket
from store import clock
from store.clock import TBILISI
from store.database import Database

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NOBODY = cast(Sender, None)


def carrier(rate: float = 2.0, burst: int = 2, name: str = "phone", gives_way: GiveWay | None = None) -> Carrier:
    return Carrier(name, NOBODY, Limit(rate, burst), gives_way)


def take(database: Database, one: Carrier, wanted: int, seconds: float = 0.0) -> int:
    """How many go ``seconds`` after noon."""
    with clock.fixed(NOON + timedelta(seconds=seconds)), database.write() as session:
        bucket = Bucket(session, one)
        allowed = bucket.allow(wanted)
        assert bucket.take(allowed, allowed.count)
        return allowed.count


def test_the_burst_goes_at_once_and_the_rest_at_the_rate(database: Database) -> None:
    one = carrier(rate=2, burst=3)
    taken = [take(database, one, 10, seconds) for seconds in (0, 0, 0.4, 0.5, 1.0, 60)]
    assert taken == [3, 0, 0, 1, 1, 3]


def test_it_says_when_to_ask_again(database: Database) -> None:
    one = carrier(rate=0.5, burst=1)
    assert take(database, one, 1) == 1
    with clock.fixed(NOON + timedelta(seconds=0.5)), database.write() as session:
        assert Bucket(session, one).allow(1).wait == 1.5


def test_the_pace_is_shared_by_all_processes(database: Database) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    one = carrier(rate=1, burst=2)
    assert take(database, one, 1) + take(other, one, 9) + take(database, one, 9) == 2
    other.close()


def test_a_clock_that_is_behind_gives_nothing_and_takes_nothing(database: Database) -> None:
    one = carrier(rate=1, burst=1)
    assert [take(database, one, 1, seconds) for seconds in (10, 0, 10.5, 11)] == [1, 0, 0, 1]


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 9)), max_size=40))
def test_within_a_second_never_more_than_rate_and_burst(
    sqlite_database: Database, asked: list[tuple[float, int]]
) -> None:
    with sqlite_database.write() as session:
        session.query(CarrierState).delete()
    one, at, sent = carrier(rate=25, burst=5), 0.0, []
    for wait, wanted in asked:
        at += wait / 10
        sent += [at] * take(sqlite_database, one, wanted, at)
    for begin in sent:
        assert sum(begin <= moment < begin + 1 for moment in sent) <= 30


def test_the_days_number_is_of_the_day_in_tbilisi_and_replies_go_on(database: Database) -> None:
    one = Carrier("phone", NOBODY, Limit(10.0, 10, daily=3))
    late = datetime(2026, 11, 24, 23, 59, tzinfo=TBILISI)
    with clock.fixed(late), database.write() as session:
        assert Bucket(session, one).allow(9).count == 3
        Bucket(session, one).spend(3)
        allowed = Bucket(session, one).allow(9)
        assert (allowed.count, allowed.replies_only) == (7, True)
    with clock.fixed(late + timedelta(minutes=2)), database.write() as session:
        allowed = Bucket(session, one).allow(9)
        assert (allowed.count, allowed.replies_only) == (3, False)


def test_direct_replies_slow_the_others_down(database: Database) -> None:
    one = carrier(rate=0.5, burst=1)
    with clock.fixed(NOON), database.write() as session:
        Bucket(session, one).spend(3)
    assert [take(database, one, 1, seconds) for seconds in (0, 5, 6)] == [0, 0, 1]


def failing(database: Database, one: Carrier, minutes: float, after: timedelta | None = None) -> float:
    """The carrier fails so many minutes after noon; for how many seconds it is held."""
    with clock.fixed(NOON + timedelta(minutes=minutes)), database.write() as session:
        return carriers.failed(session, one, after).total_seconds()


def share(database: Database, one: Carrier, minutes: float) -> float:
    with clock.fixed(NOON + timedelta(minutes=minutes)), database.read() as session:
        return carriers.share(session.get(CarrierState, one.name), one.gives_way)


def test_a_carrier_in_trouble_waits_ever_longer(database: Database) -> None:
    one = carrier()
    assert [failing(database, one, minutes) for minutes in (0, 1, 2, 4, 8, 16)] == [15, 30, 60, 120, 240, 300]
    assert take(database, one, 1, 16 * 60 + 299) == 0
    assert take(database, one, 1, 16 * 60 + 300) == 1


def test_its_own_wish_is_obeyed(database: Database) -> None:
    assert failing(database, carrier(), 0, timedelta(seconds=77)) == 77


def test_what_was_on_its_way_when_it_failed_counts_once(database: Database) -> None:
    one = carrier()
    assert [failing(database, one, 0) for _ in range(8)] == [15] * 8
    assert failing(database, one, 1) == 30


def test_a_success_ends_the_trouble(database: Database) -> None:
    one = carrier()
    failing(database, one, 0)
    with clock.fixed(NOON), database.write() as session:
        carriers.succeeded(session, one)
    assert take(database, one, 1) == 1
    assert failing(database, one, 1) == 15


def test_after_failures_in_a_row_another_takes_over_and_the_way_back_is_slow(database: Database) -> None:
    one = carrier(gives_way=GiveWay(3, timedelta(minutes=5)))
    other = carrier(name="twilio")
    for minute in (0, 1):
        failing(database, one, minute)
    assert share(database, one, 1) == 1
    failing(database, one, 2)
    assert [share(database, one, 2 + minutes) for minutes in (0, 4, 5, 25, 50, 500)] == [0, 0, 0.1, 0.5, 1, 1]
    with clock.fixed(NOON + timedelta(minutes=27)), database.read() as session:
        chosen = [carriers.choose(session, [one, other], chance / 10).name for chance in range(10)]
    assert chosen == ["phone"] * 5 + ["twilio"] * 5


def test_a_success_on_the_way_back_does_not_jump(database: Database) -> None:
    one = carrier(gives_way=GiveWay(1, timedelta(minutes=5)))
    failing(database, one, 0)
    for minutes, left in ((25, 0.5), (60, 1.0)):
        with clock.fixed(NOON + timedelta(minutes=minutes)), database.write() as session:
            carriers.succeeded(session, one)
        assert share(database, one, minutes) == left
    with database.read() as session:
        assert session.get_one(CarrierState, "phone").failed_over_at is None


def test_a_failure_on_the_way_back_begins_anew(database: Database) -> None:
    one = carrier(gives_way=GiveWay(3, timedelta(minutes=5)))
    for minutes in (0, 1, 2):
        failing(database, one, minutes)
    with clock.fixed(NOON + timedelta(minutes=20)), database.write() as session:
        carriers.succeeded(session, one)
    failing(database, one, 30)
    assert [share(database, one, minutes) for minutes in (30, 35)] == [0, 0.1]


def test_who_has_nobody_to_give_way_to_carries_on(database: Database) -> None:
    one = carrier()
    for minutes in range(10):
        failing(database, one, minutes * 10)
    with database.read() as session:
        assert carriers.choose(session, [one], 0.99) is one


def test_what_another_process_was_quicker_to_take_is_not_taken_twice(postgres_database: Database) -> None:
    one = carrier(rate=1, burst=3)
    with clock.fixed(NOON):
        with postgres_database.write() as mine:
            bucket = Bucket(mine, one)
            allowed = bucket.allow(3)
            assert take(postgres_database, one, 2) == 2
            assert not bucket.take(allowed, 3)
            assert bucket.take(allowed, 1)
        assert take(postgres_database, one, 1) == 0


def test_a_carrier_that_was_held_meanwhile_takes_nothing(postgres_database: Database) -> None:
    one = carrier(rate=1, burst=3)
    with clock.fixed(NOON), postgres_database.write() as mine:
        bucket = Bucket(mine, one)
        allowed = bucket.allow(3)
        failing(postgres_database, one, 0)
        assert not bucket.take(allowed, 1)
