"""People, staff and a moving clock, in any order: what must hold of an event with few places after each step."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from desk import quiet
from desk.contacts import Contact
from desk.events import attending, editing, life, reminders, telling
from desk.events.models import Attendance, Event, EventNews, Occurrence, Reminder
from store import clock
from store.database import Database
from tests.desk.events.people import NINO, TUESDAY, Heard, announced, local, person

PEOPLE = 6
WHO = st.integers(0, PEOPLE - 1)
STEPS = [timedelta(minutes=20), timedelta(hours=2), timedelta(hours=7), timedelta(hours=15)]


class Events(RuleBasedStateMachine):
    """Every rule is one transaction. ``database`` is set by the test, and is empty at the start."""

    database: ClassVar[Database]

    @initialize(capacity=st.integers(1, 5))
    def begin(self, capacity: int) -> None:
        self.now, self.heard, self.capacity = TUESDAY, Heard(), capacity
        self.moments: list[bool] = []
        with clock.fixed(self.now), self.database.write() as session:
            event = announced(session, capacity=capacity, starts_at=local(27, 10), ends_at=local(27, 12))
            self.event = event.id
            self.occurrence = session.scalars(select(Occurrence.id)).one()
            self.people = [person(session, number).id for number in range(PEOPLE)]

    def _step(self) -> ExitStack:
        stack = ExitStack()
        stack.enter_context(clock.fixed(self.now))
        self.session = stack.enter_context(self.database.write())
        return stack

    @rule(who=WHO, heads=st.integers(1, 4))
    def join(self, who: int, heads: int) -> None:
        with self._step():
            me = self.session.get_one(Contact, self.people[who])
            joined = attending.join(self.session, me, self.occurrence, heads)
            if joined.outcome == "coming":
                assert joined.attendance is not None
                assert joined.attendance.state == "coming"

    @rule(who=WHO)
    def leave(self, who: int) -> None:
        with self._step():
            attending.leave(self.session, self.session.get_one(Contact, self.people[who]), self.occurrence)

    @rule(hours=st.integers(-3, 30))
    def move(self, hours: int) -> None:
        with self._step():
            event = self.session.get_one(Event, self.event)
            starts_at = event.starts_at + timedelta(hours=hours)
            if event.state in ("announced", "changed") and starts_at > self.now and event.starts_at > self.now:
                later = replace(editing.of(event), starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
                life.change(self.session, event, later, NINO)

    @rule(more=st.integers(0, 2))
    def widen(self, more: int) -> None:
        with self._step():
            event = self.session.get_one(Event, self.event)
            if event.state in ("announced", "changed"):
                self.capacity += more
                life.change(self.session, event, replace(editing.of(event), capacity=self.capacity), NINO)

    @rule(really=st.integers(0, 4))
    def cancel(self, really: int) -> None:
        with self._step():
            event = self.session.get_one(Event, self.event)
            if not really and event.state in ("announced", "changed"):
                life.cancel(self.session, event, NINO)

    @rule(step=st.sampled_from(STEPS))
    def wait(self, step: timedelta) -> None:
        self.now += step

    @rule()
    def sweep(self) -> None:
        with self._step():
            reminders.plan(self.session)
            attending.fill_all(self.session)
            life.close_past(self.session)
            self._nobody_waits_who_would_fit()
            before = len(self.heard.news) + len(self.heard.reminders)
            telling.send_due(self.session, self.heard.tell)
            reminders.send_due(self.session, self.heard.remind)
            if len(self.heard.news) + len(self.heard.reminders) > before:
                self.moments.append(quiet.is_quiet(self.now))

    def _nobody_waits_who_would_fit(self) -> None:
        occurrence = self.session.get_one(Occurrence, self.occurrence, populate_existing=True)
        open_ = occurrence.event.state in ("announced", "changed")
        if open_ and quiet.held_until(self.now) < occurrence.starts_at:
            free = self.capacity - attending.heads_coming(self.session, self.occurrence)
            waiting = self.session.scalars(select(Attendance).where(Attendance.state == "waiting")).unique()
            assert all(row.heads > free for row in waiting)

    @invariant()
    def no_more_come_than_there_is_room_for(self) -> None:
        with self.database.read() as session:
            assert attending.heads_coming(session, self.occurrence) <= self.capacity

    @invariant()
    def everybody_is_told_of_each_change_once(self) -> None:
        with self.database.read() as session:
            rows = [
                (row.contact_id, row.kind) for row in session.scalars(select(EventNews)) if row.state == "sent"
            ]
            assert Counter(rows) == Counter(self.heard.news)

    @invariant()
    def nobody_is_reminded_twice_or_in_the_night(self) -> None:
        assert max(Counter(self.heard.reminders).values(), default=1) == 1
        assert not any(self.moments)

    @invariant()
    def every_reminder_speaks_of_a_time_that_was(self) -> None:
        with self.database.read() as session:
            sent = session.scalars(select(Reminder).where(Reminder.state == "sent")).all()
            assert len(sent) == len(self.heard.reminders)
            assert all(row.changed_at < row.useful_until < row.starts_at for row in sent)
