"""Reminders across time: when they are due, what a change does to them, what the night and a standstill do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk import contacts, quiet, traffic
from desk.events import attending, editing, life, reminders, subscriptions
from desk.events.models import Event, Reminder
from desk.events.subscriptions import Wish
from desk.halls.bookings import Booking
from store import clock
from store.database import Database
from tests.desk.events.people import NINO, Heard, announced, local, only, person


def sweep(database: Database, at: datetime) -> list[tuple[int, str, datetime]]:
    """What the two jobs send at that moment."""
    heard = Heard()
    with clock.fixed(at):
        with database.write() as session:
            reminders.plan(session)
        with database.write() as session:
            while reminders.send_due(session, heard.remind):
                pass
    return heard.reminders


def over_time(database: Database, moments: Collection[datetime]) -> list[tuple[str, datetime]]:
    """What is sent and when, where the jobs run at those moments only."""
    return [(kind, at) for at in moments for _, kind, _ in sweep(database, at)]


def every(minutes: int, first: datetime, last: datetime) -> list[datetime]:
    count = int((last - first) / timedelta(minutes=minutes))
    return [first + n * timedelta(minutes=minutes) for n in range(count + 1)]


def coming(session: Session, event: Event, number: int = 1) -> int:
    who = person(session, number)
    attending.join(session, who, only(session, event).id, 1)
    return who.id


def test_by_default_the_day_before_at_ten_and_two_hours_before(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        coming(session, announced(session))
    sent = over_time(sqlite_database, every(30, local(24, 12), local(28, 18)))
    assert sent == [("day_before", local(27, 10)), ("two_hours", local(28, 13))]


@pytest.mark.parametrize(
    ("wish", "kinds"), [("none", []), ("day_before", ["day_before"]), ("both", ["day_before", "two_hours"])]
)
def test_the_person_chooses(wish: reminders.ReminderWish, kinds: list[str], sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        coming(session, announced(session))
        reminders.choose(session, person(session), "none")
        reminders.choose(session, person(session), wish)
        assert reminders.wish_of(session, person(session)) == wish
    assert [kind for kind, _ in over_time(sqlite_database, every(60, local(24, 12), local(28, 18)))] == kinds


def test_a_choice_counts_for_what_is_planned_already(database: Database) -> None:
    with database.write() as session:
        coming(session, announced(session))
    assert sweep(database, local(26, 12)) == []
    with clock.fixed(local(26, 13)), database.write() as session:
        reminders.choose(session, person(session), "none")
    assert over_time(database, every(60, local(26, 14), local(28, 18))) == []


def test_remind_me_without_coming_is_enough(database: Database) -> None:
    with database.write() as session:
        event = announced(session)
        subscriptions.subscribe(session, person(session), Wish("event", str(event.id)))
    assert len(over_time(database, every(60, local(24, 12), local(28, 18)))) == 2


def test_one_who_comes_and_subscribed_is_reminded_once(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        event = announced(session)
        subscriptions.subscribe(session, person(session), Wish("event", str(event.id)))
        coming(session, event)
    assert len(over_time(sqlite_database, every(60, local(24, 12), local(28, 18)))) == 2


def test_who_says_so_late_is_not_reminded_of_what_they_just_said(sqlite_database: Database) -> None:
    with clock.fixed(local(27, 15)), sqlite_database.write() as session:
        coming(session, announced(session))
    assert over_time(sqlite_database, every(15, local(27, 15), local(28, 18))) == [("two_hours", local(28, 13))]


def test_a_changed_time_is_planned_anew_and_the_old_one_forgotten(database: Database) -> None:
    with database.write() as session:
        event = announced(session)
        coming(session, event)
    assert [kind for _, kind, _ in sweep(database, local(27, 10))] == ["day_before"]
    with clock.fixed(local(27, 18)), database.write() as session:
        found = session.get_one(Event, event.id)
        life.change(
            session, found, replace(editing.of(found), starts_at=local(29, 16), ends_at=local(29, 18)), NINO
        )
    sent = over_time(database, every(30, local(27, 18), local(29, 20)))
    assert sent == [("day_before", local(28, 10)), ("two_hours", local(29, 14))]


def test_a_cancelled_event_and_a_cancelled_visit_remind_nobody(database: Database) -> None:
    with database.write() as session:
        event, other = announced(session), announced(session)
        coming(session, event)
        coming(session, other)
    sweep(database, local(26, 12))
    with clock.fixed(local(26, 13)), database.write() as session:
        life.cancel(session, session.get_one(Event, event.id), NINO)
        attending.leave(session, person(session), only(session, session.get_one(Event, other.id)).id)
    assert over_time(database, every(60, local(26, 14), local(28, 18))) == []


def test_who_only_waits_for_a_place_is_not_reminded(database: Database) -> None:
    with database.write() as session:
        event = announced(session, capacity=1)
        first = coming(session, event, 1)
        coming(session, event, 2)
    heard = [who for at in every(60, local(24, 12), local(28, 18)) for who, _, _ in sweep(database, at)]
    assert heard == [first, first]


def test_a_morning_event_is_reminded_of_when_the_night_is_over_or_not_at_all(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        coming(session, announced(session, starts_at=local(28, 10), ends_at=local(28, 11)))
        coming(session, announced(session, starts_at=local(26, 9, 15), ends_at=local(26, 10)))
    sent = over_time(sqlite_database, every(15, local(24, 12), local(28, 18)))
    assert sent == [
        ("day_before", local(25, 10)),
        ("day_before", local(27, 10)),
        ("two_hours", local(28, 9)),  # due at eight, of use until half past nine
    ]


def test_after_a_standstill_what_is_still_of_use_is_made_up_for(database: Database) -> None:
    with database.write() as session:
        coming(session, announced(session))
    assert [kind for _, kind, _ in sweep(database, local(27, 19))] == ["day_before"]
    assert [kind for _, kind, _ in sweep(database, local(28, 14, 15))] == ["two_hours"]


def test_after_a_longer_standstill_what_is_of_no_use_is_dropped(database: Database) -> None:
    with database.write() as session:
        coming(session, announced(session))
    assert sweep(database, local(26, 12)) == []
    assert sweep(database, local(28, 14, 45)) == []
    with database.read() as session:
        rows = session.scalars(select(Reminder).order_by(Reminder.due_at)).all()
        assert [(row.kind, row.state) for row in rows] == [("day_before", "dropped"), ("two_hours", "dropped")]
        for minutes, lately in ((59, 2), (61, 0)):
            with clock.fixed(local(28, 14, 45) + timedelta(minutes=minutes)):
                assert traffic.dropped(session) == {"reminders": lately, "event_news": 0}


def test_planning_again_and_again_adds_nothing(database: Database) -> None:
    with database.write() as session:
        event = announced(session)
        coming(session, event, 1)
        coming(session, event, 2)
    with clock.fixed(local(26, 12)):
        for expected in (4, 0, 0):
            with database.write() as session:
                assert reminders.plan(session) == expected


def test_who_stopped_or_was_forgotten_is_not_reminded(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        event = announced(session)
        coming(session, event, 1)
        coming(session, event, 2)
    sweep(sqlite_database, local(26, 12))
    with sqlite_database.write() as session:
        contacts.opt_out(session, person(session, 1))
        contacts.forget(session, person(session, 2))
    assert over_time(sqlite_database, every(60, local(26, 13), local(28, 18))) == []
    with sqlite_database.read() as session:
        assert [row.state for row in session.scalars(select(Reminder))] == ["cancelled", "cancelled"]


def booking(session: Session, state: str, starts_at: datetime) -> Booking:
    row = Booking(
        reference=f"K{starts_at.day}{state[:2]}",
        center_id=1,
        contact_id=person(session).id,
        applicant="resident",
        subject="chess",
        people=4,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        state=state,
        created_at=clock.now(),
        changed_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def test_a_confirmed_booking_is_reminded_of_the_day_before_only(database: Database) -> None:
    with database.write() as session:
        booking(session, "confirmed", local(27, 15))
        booking(session, "tentative", local(26, 15))
    assert over_time(database, every(60, local(24, 12), local(27, 18))) == [("day_before", local(26, 10))]


def test_a_booking_that_was_cancelled_or_moved_since_is_not_reminded_of_as_it_was(
    sqlite_database: Database,
) -> None:
    with sqlite_database.write() as session:
        booking(session, "confirmed", local(27, 15))
        booking(session, "confirmed", local(28, 15))
    sweep(sqlite_database, local(25, 18))
    with clock.fixed(local(25, 19)), sqlite_database.write() as session:
        first, second = session.scalars(select(Booking).order_by(Booking.id))
        first.state = "cancelled"
        second.starts_at = local(30, 15)
        second.changed_at = clock.now()
    heard = [
        (row[1], row[2]) for at in every(60, local(25, 20), local(30, 18)) for row in sweep(sqlite_database, at)
    ]
    assert heard == [("day_before", local(30, 15))]


def test_a_forgotten_persons_booking_is_reminded_of_to_nobody(database: Database) -> None:
    with database.write() as session:
        booking(session, "confirmed", local(27, 15))
    sweep(database, local(25, 18))
    with database.write() as session:
        session.execute(update(Booking).values(contact_id=None))
    assert over_time(database, every(60, local(25, 20), local(27, 18))) == []


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["day_before", "two_hours"]),
)
def test_no_reminder_is_due_at_night_or_after_the_beginning(
    starts_at: datetime, kind: reminders.ReminderKind
) -> None:
    due = reminders.due_for(starts_at, kind)
    assert not quiet.is_quiet(due.due_at)
    assert due.nominal <= due.due_at
    assert due.useful_until < starts_at
    if kind == "day_before":
        assert due.nominal.astimezone(clock.TBILISI).strftime("%H:%M") == "10:00"
        days_apart = starts_at.astimezone(clock.TBILISI).date() - due.nominal.astimezone(clock.TBILISI).date()
        assert days_apart == timedelta(days=1)
