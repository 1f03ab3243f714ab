"""Today: each member sees what is theirs, answers it right there, and nothing that people typed becomes HTML."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from console.staff.visitors import NOWHERE, Scope
from desk import contacts, outbox, questions, staff
from desk.announcements import editing
from desk.announcements.audience import Audience
from desk.announcements.editing import Draft
from desk.contacts import Contact
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from desk.staff import StaffMember
from tests.console.staff.world import HERE, World


def booking(world: World) -> Booking:
    with world.database.read() as session:
        return session.scalars(select(Booking)).one()


def announce(world: World, name: str, state: str = "running") -> None:
    with world.database.write() as session:
        draft = Draft(name, {"en": "Come!"}, Audience(centers=(HERE,)))
        row = editing.create(session, draft, world.known, "staff:editor")
        row.state, row.recipients = state, 200


def test_everybody_sees_their_own_centres_only(either: World) -> None:
    announce(either, "Road is closed")
    for who, sees in (("here", True), ("there", False), ("editor", True), ("administrator", True)):
        page = either.browser(who).get("/staff/today").text
        for what in ("Beekeeping", "Sewing circle", "Road is closed"):
            assert (what in page) is sees, (who, what)


def test_a_member_without_a_centre_sees_nothing(world: World) -> None:
    with world.database.write() as session:
        staff.assign(session, session.get_one(StaffMember, world.members["here"]), [], "system")
    assert "Beekeeping" not in world.browser("here").get("/staff/today").text
    assert Scope(frozenset()).narrowing == {NOWHERE}
    assert Scope(None).narrowing == frozenset()


def test_what_people_typed_is_text(world: World) -> None:
    page = world.browser("here").get("/staff/today").text
    assert "&lt;b&gt;training&lt;/b&gt;" in page
    assert "<b>training" not in page


@pytest.mark.parametrize("htmx", [True, False])
def test_confirming_tells_the_person(either: World, htmx: bool) -> None:
    browser = either.browser("here")
    came = browser.post(f"/staff/bookings/{either.objects['booking']}/confirm", htmx=htmx)
    said = came.text if htmx else browser.get("/staff/today").text
    assert "is confirmed" in said
    assert "being told by text message" in said
    assert booking(either).state == "confirmed"
    with either.database.read() as session:
        assert session.scalars(select(OutboxMessage)).one().kind == "notice"


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"reason": "repairs"}, "repairs"),
        ({"reason": "repairs", "words": " The  roof leaks "}, "The roof leaks"),
        ({"reason": "repairs", "words": "..."}, "repairs"),
        ({"reason": "nonsense"}, None),
        ({}, None),
    ],
)
def test_declining_needs_a_reason(world: World, form: dict[str, str], reason: str | None) -> None:
    came = world.browser("here").post(f"/staff/bookings/{world.objects['booking']}/decline", form, htmx=True)
    found = booking(world)
    assert (found.state, found.decline_reason) == ("declined" if reason else "tentative", reason)
    assert ("Choose a reason" in came.text) is (reason is None)


def test_who_comes_second_is_told_who_was_quicker(world: World) -> None:
    path = f"/staff/bookings/{world.objects['booking']}/confirm"
    world.browser("editor").post(path)
    assert "already" in world.browser("here").post(path, htmx=True).text
    assert "editor" in world.browser("here").post(path, htmx=True).text


def forgotten(session: object, _contact: Contact, row: Booking) -> None:
    row.contact_id = None


def stopped(session: object, contact: Contact, _row: Booking) -> None:
    contacts.suppress(contact, "unreachable")


@pytest.mark.parametrize(("what", "said"), [(forgotten, "Nobody is known"), (stopped, "+995555000111")])
def test_who_cannot_be_told_has_to_be_called(
    world: World, what: Callable[[object, Contact, Booking], None], said: str
) -> None:
    with world.database.write() as session:
        what(session, session.scalars(select(Contact)).one(), session.scalars(select(Booking)).one())
    came = world.browser("here").post(f"/staff/bookings/{world.objects['booking']}/confirm", htmx=True)
    assert said in came.text


def test_the_running_announcements_come_as_a_part(world: World) -> None:
    announce(world, "Road is closed", "paused")
    part = world.browser("here").get("/staff/today/running", htmx=True).text
    assert "<html" not in part
    assert 'max="200"' in part
    assert "paused" in part


def test_questions_and_late_messages_are_counted(world: World) -> None:
    with world.database.write() as session:
        questions.keep(session, "where is the moon", "en", "sms", "none")
        contact = session.scalars(select(Contact)).one()
        row = outbox.enqueue(session, contact, "notice", "late", ["text"])
        assert row is not None
        row.not_before = row.not_before.replace(hour=row.not_before.hour - 1)
    page = world.browser("here").get("/staff/today").text
    assert "In the last seven days: 1." in page
    assert "one has been waiting for 60 minutes" in page


def test_the_navigation_shows_what_there_is(world: World) -> None:
    page = world.browser("here").get("/staff/today").text
    assert 'href="/staff/today" aria-current="page"' in page
    assert "Residents" not in page
