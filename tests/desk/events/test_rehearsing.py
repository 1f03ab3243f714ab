"""What staff read before they change an event: the numbers of who would be told, and nothing done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.audit import AuditEntry
from desk.events import attending, editing, life, rehearsing, subscriptions
from desk.events.life import IllegalMove
from desk.events.models import Event, EventNews, Occurrence
from desk.events.subscriptions import Wish
from store.database import Database
from tests.desk.events.people import BEES, NINO, found_center, local, person, told

Deed = Callable[[Session, Event], object]


def announce(session: Session, event: Event) -> object:
    return life.announce(session, event, NINO)


def move(session: Session, event: Event) -> object:
    later = replace(editing.of(event), starts_at=local(29, 11), ends_at=local(29, 13))
    return life.change(session, event, later, NINO)


def make_room(session: Session, event: Event) -> object:
    return life.change(session, event, replace(editing.of(event), capacity=9), NINO)


def cancel(session: Session, event: Event) -> object:
    return life.cancel(session, event, NINO)


def rows(session: Session) -> list[int | None]:
    return [session.scalar(select(func.count()).select_from(model)) for model in (EventNews, AuditEntry)]


def prepared(database: Database, *, draft: bool) -> int:
    """Beekeeping for one head on two days: two subscribers, one who comes on both and one who waits for both."""
    weekly = replace(BEES, capacity=1, rrule="FREQ=WEEKLY;COUNT=2")
    with database.write() as session:
        found_center(session)
        for number in (1, 2):
            subscriptions.subscribe(session, person(session, number), Wish("topic", "agriculture"))
        event = life.create(session, weekly, NINO)
        if not draft:
            life.announce(session, event, NINO)
            for date in session.scalars(select(Occurrence.id).where(Occurrence.event_id == event.id)).unique():
                assert attending.join(session, person(session, 3), date, 1).outcome == "coming"
                assert attending.join(session, person(session, 4), date, 1).outcome == "waiting"
    told(database)
    return event.id


@pytest.mark.parametrize(
    ("deed", "draft"), [(announce, True), (announce, False), (move, False), (make_room, False), (cancel, False)]
)
def test_as_many_are_told_as_was_said_and_before_that_nothing_is_done(
    database: Database, deed: Deed, draft: bool
) -> None:
    event_id = prepared(database, draft=draft)
    if deed is announce and not draft:
        with pytest.raises(IllegalMove), database.write() as session:
            rehearsing.told(session, lambda: deed(session, session.get_one(Event, event_id)))
        return
    with database.write() as session:
        before = rows(session)
        said = rehearsing.told(session, lambda: deed(session, session.get_one(Event, event_id)))
        assert rows(session) == before
        state = session.get_one(Event, event_id).state
    assert sum(said.values()) > 0
    with database.write() as session:
        assert session.get_one(Event, event_id).state == state
        deed(session, session.get_one(Event, event_id))
    assert Counter(kind for _, kind in set(told(database))) == said


def test_who_is_told_of_two_days_is_one_person(database: Database) -> None:
    event_id = prepared(database, draft=False)
    with database.write() as session:
        said = rehearsing.told(session, lambda: cancel(session, session.get_one(Event, event_id)))
    assert said == {"cancelled": 4}


def test_after_a_rehearsal_people_are_told_again(database: Database) -> None:
    event_id = prepared(database, draft=False)
    with database.write() as session:
        event = session.get_one(Event, event_id)
        with pytest.raises(ZeroDivisionError):
            rehearsing.told(session, lambda: 1 // 0)
        cancel(session, event)
    assert len(told(database)) == 4
