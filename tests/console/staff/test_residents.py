"""Residents: found by number only, every look written down, and erased for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk import audit, contacts, conversations, outbox
from desk.audit import AuditEntry
from desk.contacts import Contact, OptOut, Resident
from desk.conversations import Conversation
from desk.events import subscriptions
from desk.events.subscriptions import Wish
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from store import clock
from store.base import Base
from tests.console.staff.world import HERE, NOW, World

NUMBER = "+995555000111"


def looks(world: World) -> list[tuple[str, str, int, object]]:
    with world.database.read() as session:
        query = select(AuditEntry).where(AuditEntry.action.like("look%")).order_by(AuditEntry.id)
        return [(row.actor, row.action, row.subject_id, row.details) for row in session.scalars(query)]


def settle(world: World) -> None:
    """Nino lives somewhere, reads Russian, wants to hear of things and talks to us."""
    with world.database.write() as session:
        contact = session.scalars(select(Contact)).one()
        contacts.choose_locale(contact, "ru")
        contacts.set_home(contact, next(iter(world.known.places)))
        subscriptions.subscribe(session, contact, Wish("center", HERE))
        conversations.remember(session, contact.id, {"place": 1})
        outbox.enqueue(session, contact, "reminder", "tomorrow", ["Nino!"])


@pytest.mark.parametrize("typed", ["555 00 01 11", "+995 555 000 111", "0555000111", " +995-555-00-01-11 "])
def test_a_number_is_found_however_it_is_written(world: World, typed: str) -> None:
    settle(world)
    page = world.browser("editor").post("/staff/residents", {"number": typed}).text
    for what in (NUMBER, "Русский", "1, of which 1", "Kachreti", "has not said stop"):
        assert what in page, what
    assert looks(world) == [("staff:editor", "look", world.objects["resident"], {})]


@pytest.mark.parametrize(
    ("typed", "said", "why"),
    [
        ("555 99 99 99", "Nobody with this number", "unknown"),
        ("5550001", "Nobody with this number", "unknown"),
        ("%", "not a telephone number", "no_number"),
        ("Nino", "not a telephone number", "no_number"),
        ("", "not a telephone number", "no_number"),
        ("55500011", "not a telephone number", "no_number"),
    ],
)
def test_nothing_but_the_whole_number_finds(world: World, typed: str, said: str, why: str) -> None:
    page = world.browser("editor").post("/staff/residents", {"number": typed}).text
    assert said in page
    assert NUMBER not in page
    [(actor, action, subject, details)] = looks(world)
    assert (actor, action, subject) == ("staff:editor", "look_in_vain", 0)
    assert details == {"why": why}


def test_nobody_is_listed(world: World) -> None:
    assert NUMBER not in world.browser("administrator").get("/staff/residents").text
    assert looks(world) == []


def test_who_said_stop_or_cannot_be_reached_is_shown(world: World) -> None:
    with world.database.write() as session:
        contact = session.scalars(select(Contact)).one()
        contacts.opt_out(session, contact)
        telegram = contacts.find_or_create(session, "telegram", "7654321")
        telegram.resident = contact.resident
        contacts.suppress(telegram, "blocked")
    page = world.browser("editor").post("/staff/residents", {"number": NUMBER}).text
    assert "said stop on 24.11.2026 12:00" in page
    assert "cannot be reached since" in page
    assert "blocked" in page
    assert "7654321" not in page


def test_a_person_is_erased_for_good(either: World) -> None:
    settle(either)
    browser = either.browser("editor")
    with either.database.write() as session:
        contact = session.scalars(select(Contact)).one()
        contacts.opt_out(session, contact)
    came = browser.post(f"/staff/residents/{either.objects['resident']}/erase")
    assert "Erased" in browser.get(str(came.location)).text
    with either.database.write() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 0
        assert session.scalars(select(OutboxMessage)).one().state == "cancelled"
        booking = session.scalars(select(Booking)).one()
        assert (booking.contact_id, booking.subject, booking.contact_name) == (None, "", "")
    with clock.fixed(NOW + timedelta(minutes=1)), either.database.write() as session:
        contacts.sweep(session)
    with either.database.read() as session:
        for table in (Contact, Resident, OutboxMessage):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalar(select(func.count()).select_from(OptOut)) == 1
        done = audit.trail(session, "resident", either.objects["resident"])
        everything = [str(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables]
    assert [(entry.actor, entry.action) for entry in done] == [("staff:editor", "erase")]
    assert not any(NUMBER in rows for rows in everything)
    assert browser.post(f"/staff/residents/{either.objects['resident']}/erase").status_code == 404
