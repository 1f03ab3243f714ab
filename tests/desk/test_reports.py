"""The figures of reports, on both databases: days of Tbilisi, periods, centres."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from console.staff.visitors import NOWHERE
from desk import audit, contacts, outbox, questions, reports
from desk.events.models import Event, Occurrence
from desk.halls.bookings import Booking
from desk.intake import InboundMessage
from desk.reports import Period, Planned, Unanswered, Written
from store import clock
from store.database import Database
from tests.desk.tallying import tally

TUESDAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""Noon in Tbilisi."""


def wrote(session: Session, at: datetime, intent: str | None = "hours", center_id: int | None = 1) -> None:
    contact = contacts.find_or_create(session, "sms", "+995555000111")
    key = f"{at.isoformat()}{intent}{center_id}"
    session.add(
        InboundMessage(
            dedupe_key=key,
            contact_id=contact.id,
            channel="sms",
            text="?",
            received_at=at,
            language="ka" if intent else None,
            intent=intent,
            center_id=center_id,
            reply=[],
        )
    )


def test_a_day_is_one_of_tbilisi(database: Database) -> None:
    midnight = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    with database.write() as session:
        for at in (midnight - timedelta(seconds=1), midnight, midnight + timedelta(days=1)):
            wrote(session, at)
    with clock.fixed(NOON + timedelta(days=1)):
        tally(database)
    with database.read() as session:
        found = reports.messages(session, Period(TUESDAY, TUESDAY))
        both = reports.messages(session, Period(TUESDAY - timedelta(days=1), TUESDAY))
    assert found == [Written(TUESDAY, "sms", 1)]
    assert sorted(one.day for one in both) == [TUESDAY - timedelta(days=1), TUESDAY]


def test_messages_that_are_alike_are_counted_together(database: Database) -> None:
    with database.write() as session:
        for minutes in range(3):
            wrote(session, NOON + timedelta(minutes=minutes))
        wrote(session, NOON, intent="none", center_id=None)
        wrote(session, NOON, intent=None, center_id=2)
    period = Period(TUESDAY, TUESDAY)
    with clock.fixed(NOON + timedelta(hours=1)):
        tally(database)
    with database.read() as session:
        assert reports.messages(session, period) == [Written(TUESDAY, "sms", 5)]
        assert reports.messages(session, period, {1}) == [Written(TUESDAY, "sms", 3)]
        assert reports.messages_by(session, "intent", period) == {"hours": 3, "none": 1, None: 1}
        assert reports.messages_by(session, "language", period) == {"ka": 4, None: 1}
        assert reports.messages_by(session, "center", period) == {1: 3, 2: 1, None: 1}
        assert reports.messages_by(session, "intent", period, {1}) == {"hours": 3}
        assert reports.messages_by(session, "center", period, {1, 2}) == {1: 3, 2: 1}


def test_who_has_no_centre_sees_no_messages(database: Database) -> None:
    with database.write() as session:
        wrote(session, NOON)
    with clock.fixed(NOON):
        tally(database)
    period = Period(TUESDAY, TUESDAY)
    with database.read() as session:
        assert reports.messages(session, period, {NOWHERE}) == []
        assert reports.messages_by(session, "intent", period, {NOWHERE}) == {}


def test_what_found_no_answer_and_deliveries(database: Database) -> None:
    with clock.fixed(NOON), database.write() as session:
        for language in ("ka", "ka", "en"):
            questions.keep(session, "where is the moon", language, "sms", "none")  # type: ignore[arg-type]
        contact = contacts.find_or_create(session, "sms", "+995555000111")
        for key in ("a", "b", "c"):
            row = outbox.enqueue(session, contact, "notice", key, ["text"])
            assert row is not None
            if key != "c":
                outbox.move(row, "sending")
                outbox.move(row, "failed", code="21211", words="no such number")
        wrote(session, NOON, intent=None)
        session.flush()
        session.execute(update(InboundMessage).values(fault="KeyError"))
    with clock.fixed(NOON):
        tally(database)
    with database.read() as session:
        asked = reports.unanswered(session, Period(TUESDAY, TUESDAY))
        sent = reports.deliveries(session, Period(TUESDAY, TUESDAY))
        assert reports.deliveries(session, Period(TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=1))) == []
    assert asked == [Unanswered(TUESDAY, 3 + 1)]
    assert sorted((one.state, one.code, one.words, one.number) for one in sent) == [
        ("failed", "21211", "no such number", 2),
        ("queued", None, None, 1),
    ]


def book(session: Session, reference: str, state: str, center_id: int, asked: datetime, by: str | None) -> Booking:
    row = Booking(
        reference=reference,
        center_id=center_id,
        booked_by=by,
        applicant="resident",
        subject="",
        people=5,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=1),
        state=state,
        created_at=asked,
        changed_at=asked,
    )
    session.add(row)
    session.flush()
    return row


def test_bookings_and_the_median_wait(database: Database) -> None:
    period = Period(TUESDAY, TUESDAY)
    with clock.fixed(NOON), database.write() as session:
        assert reports.median_to_confirm(session, period) is None
        for number, hours in enumerate((1, 2, 9)):
            row = book(session, f"A{number}", "held", 1, NOON - timedelta(hours=hours), None)
            audit.record(session, audit.staff("Lali"), "confirm", "booking", row.id)
        own = book(session, "B", "no_show", 2, NOON, "Lali")
        audit.record(session, audit.staff("Lali"), "confirm", "booking", own.id)
    with database.read() as session:
        assert sorted(reports.bookings(session, period), key=lambda one: one.center_id) == [
            Planned(1, "held", 3),
            Planned(2, "no_show", 1),
        ]
        assert reports.bookings(session, period, {2}) == [Planned(2, "no_show", 1)]
        assert reports.median_to_confirm(session, period) == timedelta(hours=2)
        assert reports.median_to_confirm(session, period, {2}) is None


def test_events_are_held_once_they_are_over(database: Database) -> None:
    with clock.fixed(NOON), database.write() as session:
        for state in ("announced", "draft"):
            event = Event(center_id=1, topic="training", titles={}, starts_at=NOON, ends_at=NOON, state=state)
            event.created_at = event.changed_at = NOON
            session.add(event)
            session.flush()
            for hours, at_all in ((-3, "planned"), (-2, "over"), (-5, "cancelled"), (3, "planned")):
                begins = NOON + timedelta(hours=hours)
                session.add(
                    Occurrence(
                        event_id=event.id,
                        starts_at=begins,
                        ends_at=begins + timedelta(hours=1),
                        state=at_all,
                        changed_at=NOON,
                    )
                )
    with clock.fixed(NOON), database.read() as session:
        found = reports.events(session, Period(TUESDAY, TUESDAY))
        assert reports.events(session, Period(TUESDAY, TUESDAY), {2}) == []
    counted = {
        state: sum(one.number for one in found if one.state == state) for state in ("held", "cancelled", "planned")
    }
    assert counted == {"held": 2, "cancelled": 1, "planned": 1}
