"""The life of an event: legal moves, the trail, and who is told of what, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from desk import audit, contacts
from desk.events import attending, editing, expanding, finding, life, subscriptions
from desk.events.editing import BadEvent
from desk.events.life import IllegalMove
from desk.events.models import Event
from desk.events.subscriptions import Wish
from knowledge.models import PlaceRow
from store import clock
from store.database import Database
from tests.desk.events.people import (
    BEES,
    NINO,
    TUESDAY,
    WEEK,
    announced,
    found_center,
    local,
    only,
    person,
    states,
    told,
)


def test_a_draft_is_seen_by_nobody(database: Database) -> None:
    with database.write() as session:
        found_center(session)
        subscriptions.subscribe(session, person(session), Wish("topic", "agriculture"))
        event = life.create(session, BEES, NINO)
        assert event.state == "draft"
        assert finding.upcoming(session, finding.Wanted()) == []
    assert told(database) == []


def test_who_subscribed_to_topic_centre_and_municipality_hears_of_it_once(database: Database) -> None:
    with database.write() as session:
        found_center(session)
        one, other, neither = (person(session, number) for number in (1, 2, 3))
        for wish in (Wish("topic", "agriculture"), Wish("center", "center-1"), Wish("municipality", "Lagodekhi")):
            subscriptions.subscribe(session, one, wish)
        subscriptions.subscribe(session, other, Wish("municipality", "Lagodekhi"))
        subscriptions.subscribe(session, neither, Wish("topic", "films"))
        announced(session)
    assert told(database) == [(one.id, "announced"), (other.id, "announced")]
    assert told(database) == []


def test_a_changed_time_is_told_to_whoever_comes_waits_or_heard_of_it(database: Database) -> None:
    with database.write() as session:
        found_center(session)
        subscriptions.subscribe(session, person(session, 3), Wish("topic", "agriculture"))
        event = announced(session, capacity=1)
        at = only(session, event)
        assert attending.join(session, person(session, 1), at.id, 1).outcome == "coming"
        assert attending.join(session, person(session, 2), at.id, 1).outcome == "waiting"
        people = sorted(person(session, number).id for number in (1, 2, 3))
    told(database)
    with database.write() as session:
        event = session.get_one(Event, event.id)
        later = replace(editing.of(event), starts_at=local(29, 11), ends_at=local(29, 13))
        assert life.change(session, event, later, NINO) == 3
        assert states(session, event) == [(local(29, 11), "planned")]
        assert event.state == "changed"
    assert told(database) == [(one, "time_changed") for one in people]
    assert told(database) == []


def test_another_text_is_told_to_nobody(database: Database) -> None:
    with database.write() as session:
        event = announced(session)
        attending.join(session, person(session), only(session, event).id, 2)
        better = replace(editing.of(event), titles={"ka": "ფუტკრები"})
        assert life.change(session, event, better, NINO) == 0
        assert life.change(session, event, better, NINO) == 0
        assert audit.last(session, "event", event.id).action == "edit"  # type: ignore[union-attr]
    assert told(database) == []


def test_a_cancelled_event_is_told_to_whoever_comes_or_was_told(database: Database) -> None:
    with database.write() as session:
        found_center(session)
        subscriptions.subscribe(session, person(session, 2), Wish("center", "center-1"))
        event = announced(session)
        attending.join(session, person(session, 1), only(session, event).id, 2)
        left = person(session, 3)
        attending.join(session, left, only(session, event).id, 1)
        attending.leave(session, left, only(session, event).id)
    told(database)
    with database.write() as session:
        life.cancel(session, session.get_one(Event, event.id), NINO)
        assert states(session, event) == [(local(28, 15), "cancelled")]
    assert [kind for _, kind in told(database)] == ["cancelled", "cancelled"]


def test_who_was_not_told_yet_is_not_told_that_it_is_cancelled(database: Database) -> None:
    with database.write() as session:
        found_center(session)
        subscriptions.subscribe(session, person(session), Wish("topic", "agriculture"))
        event = announced(session)
        life.cancel(session, event, NINO)
    assert told(database) == []


def test_at_night_news_waits_for_the_morning_unless_it_is_urgent(database: Database) -> None:
    with clock.fixed(local(24, 22)):
        with database.write() as session:
            found_center(session)
            subscriptions.subscribe(session, person(session), Wish("topic", "agriculture"))
            announced(session)
            event = life.create(session, BEES, NINO)
            life.announce(session, event, NINO, urgent=True)
        assert len(told(database)) == 1
    with clock.fixed(local(25, 8, 59)):
        assert told(database) == []
    with clock.fixed(local(25, 9)):
        assert len(told(database)) == 1


def test_news_that_would_come_too_late_is_not_written(database: Database) -> None:
    with clock.fixed(local(27, 22)), database.write() as session:
        event = announced(session, starts_at=local(28, 8), ends_at=local(28, 9))
        attending.join(session, person(session), only(session, event).id, 1)
        assert life.cancel(session, event, NINO) == 0
    with clock.fixed(local(27, 22)), database.write() as session:
        event = announced(session, starts_at=local(28, 8), ends_at=local(28, 9))
        attending.join(session, person(session), only(session, event).id, 1)
        assert life.cancel(session, event, NINO, urgent=True) == 1


def test_news_held_up_by_a_standstill_is_dropped_once_it_is_of_no_use(database: Database) -> None:
    with database.write() as session:
        event = announced(session)
        attending.join(session, person(session), only(session, event).id, 1)
        assert life.cancel(session, event, NINO) == 1
    with clock.fixed(local(28, 16)):
        assert told(database) == []


@pytest.mark.parametrize("state", ["cancelled", "over"])
def test_an_end_is_final(state: str, database: Database) -> None:
    with database.write() as session:
        event = announced(session)
        event.state = state
        session.flush()
        for step in (life.announce, life.cancel):
            with pytest.raises(IllegalMove, match=f"is {state}"):
                step(session, event, NINO)


@pytest.mark.parametrize("actor", [audit.RESIDENT, audit.SYSTEM])
def test_only_staff_move_an_event(actor: str, database: Database) -> None:
    with database.write() as session:
        event = announced(session)
        with pytest.raises(IllegalMove, match="may not"):
            life.cancel(session, event, actor)


def test_it_cannot_be_moved_into_the_past(database: Database) -> None:
    with database.write() as session:
        number = announced(session).id
    with pytest.raises(IllegalMove, match="no time to come"), database.write() as session:
        event = session.get_one(Event, number)
        past = replace(editing.of(event), starts_at=local(20, 10), ends_at=local(20, 11))
        life.change(session, event, past, NINO)
    with database.write() as session:
        assert states(session, session.get_one(Event, number)) == [(local(28, 15), "planned")]


def test_what_is_over_is_closed_by_the_sweep(database: Database) -> None:
    with database.write() as session:
        event = announced(session)
        weekly = announced(session, rrule="FREQ=WEEKLY;COUNT=2")
    with clock.fixed(local(28, 17)):
        with database.write() as session:
            assert life.close_past(session) == 3
        with database.write() as session:
            assert life.close_past(session) == 0
            assert session.get_one(Event, event.id).state == "over"
            assert states(session, weekly) == [(local(28, 15), "over"), (local(28, 15) + WEEK, "planned")]
            assert session.get_one(Event, weekly.id).state == "announced"


def test_a_series_grows_with_time_and_keeps_what_was_cancelled(database: Database) -> None:
    with database.write() as session:
        event = announced(session, rrule="FREQ=WEEKLY")
        before = expanding.lock_occurrences(session, event)
        assert len(before) == 17  # 120 days from Tuesday, beginning on Saturday
        life.cancel_one(session, event, before[1].id, NINO)
        assert expanding.expand_due(session) == 0
    with clock.fixed(TUESDAY + timedelta(days=30)), database.write() as session:
        assert expanding.expand_due(session) == 1
        assert expanding.expand_due(session) == 0
        rows = states(session, event)
        assert len(rows) == len(set(rows)) == 21
        assert rows[1] == (before[1].starts_at, "cancelled")


def test_one_cancelled_time_is_told_to_who_comes_then_and_not_to_who_comes_another_week(
    database: Database,
) -> None:
    with database.write() as session:
        event = announced(session, rrule="FREQ=WEEKLY;COUNT=3")
        first, second, _ = expanding.lock_occurrences(session, event)
        attending.join(session, person(session, 1), first.id, 1)
        attending.join(session, person(session, 2), second.id, 1)
        life.cancel_one(session, event, first.id, NINO)
        mine = person(session, 1).id
    assert told(database) == [(mine, "cancelled")]


def test_a_series_that_moves_takes_its_people_along(database: Database) -> None:
    with database.write() as session:
        event = announced(session, rrule="FREQ=WEEKLY;COUNT=3")
        second = expanding.lock_occurrences(session, event)[1]
        attending.join(session, person(session), second.id, 2)
        later = replace(
            editing.of(event), starts_at=local(29, 11), ends_at=local(29, 12), rrule="FREQ=WEEKLY;COUNT=2"
        )
        assert life.change(session, event, later, NINO) == 1
        assert [at for at, state in states(session, event) if state == "planned"] == [
            local(29, 11),
            local(29, 11) + WEEK,
        ]
        (mine,) = attending.upcoming_of(session, person(session))
        assert mine.occurrence.starts_at == local(29, 11) + WEEK


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"center_id": 99}, "no centre 99"),
        ({"topic": "politics"}, "no topic"),
        ({"titles": {}}, "needs a title"),
        ({"titles": {"fr": "abeilles"}}, "none of the languages"),
        ({"titles": {"en": "x" * 121}}, "longer than 120"),
        ({"ends_at": local(28, 15)}, "ends after it begins"),
        ({"ends_at": local(28, 15) + timedelta(days=15)}, "within two weeks"),
        ({"capacity": 0}, "capacity"),
        ({"rrule": "FREQ=HOURLY"}, "FREQ=DAILY"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason(
    wrong: dict[str, object], why: str, database: Database
) -> None:
    with database.write() as session:
        found_center(session)
        with pytest.raises(BadEvent, match=why):
            life.create(session, replace(BEES, **wrong), NINO)  # type: ignore[arg-type]


def test_every_move_stands_in_the_trail(database: Database) -> None:
    with database.write() as session:
        event = announced(session)
        life.change(session, event, replace(editing.of(event), ends_at=local(28, 18)), NINO)
        life.cancel(session, event, NINO)
        actions = [entry.action for entry in audit.trail(session, "event", event.id)]
    assert actions == ["create", "announce", "change", "cancel"]
    with database.read() as session:
        assert session.scalar(select(Event.version)) == 3


def test_a_topic_is_told_of_in_ones_own_region_and_to_whoever_has_not_said_where_they_live(
    database: Database,
) -> None:
    with database.write() as session:
        found_center(session)
        for number, region in enumerate(("Kakheti", "Guria"), start=1):
            session.add(settlement(number, region))
        session.flush()
        near, far, unknown = (person(session, number) for number in (1, 2, 3))
        for who in (near, far, unknown):
            subscriptions.subscribe(session, who, Wish("topic", "agriculture"))
        contacts.set_home(near, 1)
        contacts.set_home(far, 2)
        announced(session)
    assert told(database) == [(near.id, "announced"), (unknown.id, "announced")]


def settlement(number: int, region: str) -> PlaceRow:
    return PlaceRow(
        id=number,
        name_ka=f"სოფელი {number}",
        name_en=f"Village {number}",
        kind="village",
        municipality_en="Lagodekhi",
        region_en=region,
        accuracy="none",
        status="listed",
        source="test",
    )
