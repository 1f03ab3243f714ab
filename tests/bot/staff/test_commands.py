"""Staff in the chat: their day, an announcement in three steps, and who did not come; nobody else can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.bootstrap import Neighbour
from console.conversing import Exchange, Talk
from desk import contacts, staff
from desk.announcements.models import Announcement
from desk.halls import life
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from knowledge.types import BASE_LOCALES, BaseLocale, Center
from store import clock
from tests.bot.conftest import TUESDAY_NOON
from tests.bot.staff.test_handling import ASKS, enlist, press, the_booking

ANOTHER = ASKS[0].replace("Friday", "Thursday")


@pytest.fixture
def chakvi(neighbour: Neighbour) -> Center:
    return neighbour.knowledge.current.centers_by_slug["chakvi"]


@pytest.fixture
def desk_talk(neighbour: Neighbour, chakvi: Center) -> Iterator[Talk]:
    """A talk with Nino of Chakvi linked as ``nino``, a request of Gia's, and three people of Chakvi."""
    talk = Talk(neighbour.assistant)
    with clock.fixed(TUESDAY_NOON):
        enlist(talk, "Nino", "nino", chakvi)
        for text in ASKS:
            talk.say("sms", "gia", text)
        villagers(talk, neighbour, chakvi)
        yield talk
    talk.close()


def villagers(talk: Talk, neighbour: Neighbour, chakvi: Center) -> None:
    known = neighbour.knowledge.current
    village = next(place for place in known.places.values() if known.center_at(place) == chakvi)
    with talk.database.write() as session:
        for number, locale in enumerate(("ka", "en", "en")):
            contact = contacts.find_or_create(session, "sms", f"+99559910000{number}")
            contacts.choose_locale(contact, locale)  # type: ignore[arg-type]
            contacts.set_home(contact, village.id)


def write(talk: Talk, text: str, sender: str = "nino") -> Exchange:
    return talk.say("telegram", sender, text)


def whole(exchange: Exchange) -> str:
    return "\n".join(exchange.shown)


def values(exchange: Exchange) -> list[str]:
    return [choice.value for choice in exchange.reply.choices]


def the_announcement(talk: Talk) -> Announcement:
    with talk.database.read() as session:
        return session.scalars(select(Announcement)).one()


@pytest.mark.parametrize("command", ["/today", "/announce", "/noshow", "/announce Come to us"])
def test_who_is_not_staff_gets_the_ordinary_answer(desk_talk: Talk, command: str) -> None:
    assert whole(write(desk_talk, command, "a")) == whole(write(desk_talk, command.removeprefix("/"), "b"))
    with desk_talk.database.read() as session:
        assert session.scalars(select(Announcement)).all() == []


def test_who_was_switched_off_is_not_staff_any_more(desk_talk: Talk) -> None:
    with desk_talk.database.write() as session:
        member = staff.find(session, "Nino")
        assert member is not None
        staff.switch_off(session, member, "system")
    assert "Gia" not in whole(write(desk_talk, "/today"))


def test_linking_tells_the_commands(desk_talk: Talk, chakvi: Center) -> None:
    said = whole(enlist(desk_talk, "Keti", "keti", chakvi))
    assert all(command in said for command in ("/today", "/announce", "/noshow"))


def test_today_has_the_requests_with_their_buttons(desk_talk: Talk) -> None:
    said, number = write(desk_talk, "/today"), the_booking(desk_talk).id
    assert "Waiting for an answer: 1" in whole(said)
    assert "election meeting" in whole(said)
    assert values(said) == [f"desk:confirm:{number}", f"desk:decline:{number}"]
    assert "is confirmed" in whole(press(desk_talk, values(said)[0]))
    assert "Nobody waits for an answer" in whole(write(desk_talk, "/today"))


def test_several_requests_are_told_apart_by_their_reference(desk_talk: Talk) -> None:
    for text in (ANOTHER, "1", "1", "Lia", "1"):
        desk_talk.say("sms", "lia", text)
    said = write(desk_talk, "/today")
    assert "Waiting for an answer: 2" in whole(said)
    labels = [choice.label for choice in said.reply.choices]
    assert len(labels) == len(set(labels)) == 4
    with desk_talk.database.read() as session:
        references = session.scalars(select(Booking.reference).order_by(Booking.id)).all()
    assert labels[0] == f"Confirm {references[0]}"


def test_today_has_what_takes_place(desk_talk: Talk) -> None:
    press(desk_talk, f"desk:confirm:{the_booking(desk_talk).id}")
    with clock.fixed(the_booking(desk_talk).starts_at - timedelta(hours=4)):
        said = whole(write(desk_talk, "/today"))
    assert "Today, Friday, 27 November:" in said
    assert "15:00-17:00 election meeting - Chakvi (Kobuleti), confirmed" in said


def test_another_centres_day_is_not_shown(desk_talk: Talk, neighbour: Neighbour) -> None:
    enlist(desk_talk, "Keti", "keti", neighbour.knowledge.current.centers_by_slug["kachreti"])
    assert "Nobody waits for an answer" in whole(write(desk_talk, "/today", "keti"))
    with desk_talk.database.write() as session:
        member = staff.find(session, "Keti")
        assert member is not None
        staff.assign(session, member, [], "system")
    assert "Nobody waits for an answer" in whole(write(desk_talk, "/today", "keti"))


def test_an_announcement_takes_three_steps(desk_talk: Talk) -> None:
    assert "Write the text for the people of Chakvi" in whole(write(desk_talk, "/announce"))
    shown = write(desk_talk, "The library’s open on Sunday. {free}")
    said = whole(shown)
    assert "Chakvi (Kobuleti): 3 people would get it." in said
    assert "SMS, English (people: 3; segments: 1, GSM-7)\nThe library's open on Sunday. {free}" in said
    assert "SMS segments in all: 3." in said
    assert "! No text in Georgian: those who read it (1) get the one in English." in said
    assert "RIGHT SINGLE QUOTATION MARK" in said
    number = the_announcement(desk_talk).id
    assert values(shown) == [f"desk:send:{number}", f"desk:drop:{number}"]
    assert the_announcement(desk_talk).state == "draft"
    assert "It goes to 3 people, from Tuesday, 24 November, 12:00 on." in whole(press(desk_talk, values(shown)[0]))
    kept = the_announcement(desk_talk)
    assert (kept.state, kept.audience, kept.created_by) == ("scheduled", {"centers": ["chakvi"]}, "staff:Nino")
    assert "can no longer be sent" in whole(press(desk_talk, values(shown)[0]))
    with desk_talk.database.read() as session:
        assert session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "announcement")).all() == []


def test_the_text_may_come_with_the_command_and_be_dropped(desk_talk: Talk) -> None:
    shown = write(desk_talk, "/announce Come to the library on Sunday")
    assert "3 people would get it" in whole(shown)
    assert "It is not sent." in whole(press(desk_talk, values(shown)[1]))
    assert the_announcement(desk_talk).state == "cancelled"
    assert "can no longer be sent" in whole(press(desk_talk, values(shown)[0]))


def test_one_can_go_back_from_the_text(desk_talk: Talk) -> None:
    write(desk_talk, "/announce")
    assert "It is not sent." in whole(write(desk_talk, "back"))
    write(desk_talk, "/announce")
    assert "too long" in whole(write(desk_talk, "long " * 400))
    assert "would get it" in whole(write(desk_talk, "Short enough now, please come"))


def test_many_people_need_somebody_else(neighbour: Neighbour, desk_talk: Talk) -> None:
    with desk_talk.database.write() as session:
        village = contacts.find_or_create(session, "sms", "+995599100000").resident.home_place_id
        assert village is not None
        for number in range(neighbour.settings.approval_from):
            contacts.set_home(contacts.find_or_create(session, "sms", f"+995597{number:06}"), village)
    shown = write(desk_talk, "/announce Come to the library on Sunday")
    assert "another member of staff has to approve it" in whole(press(desk_talk, values(shown)[0]))
    assert the_announcement(desk_talk).state == "approving"


def test_nobody_announces_for_another_centre(desk_talk: Talk, neighbour: Neighbour, chakvi: Center) -> None:
    known = neighbour.knowledge.current
    enlist(desk_talk, "Keti", "keti", known.centers_by_slug["kachreti"])
    assert "not one of yours" in whole(press(desk_talk, f"desk:announce:{chakvi.id}", "keti"))
    shown = write(desk_talk, "/announce Come to the library on Sunday")
    for value in values(shown):
        assert "can no longer be sent" in whole(press(desk_talk, value, "keti"))
        assert whole(press(desk_talk, value, "thief")) == whole(press(desk_talk, "desk:send:x", "thief"))
    assert the_announcement(desk_talk).state == "draft"


def test_who_has_two_centres_is_asked_and_who_has_none_is_told(desk_talk: Talk, neighbour: Neighbour) -> None:
    known = neighbour.knowledge.current
    two = [known.centers_by_slug["kachreti"], known.centers_by_slug["kabali"]]
    enlist(desk_talk, "Keti", "keti", *two)
    asked = write(desk_talk, "/announce", "keti")
    assert sorted(values(asked)) == sorted(f"desk:announce:{center.id}" for center in two)
    assert "Write the text" in whole(press(desk_talk, values(asked)[0], "keti"))
    with desk_talk.database.write() as session:
        editor = staff.add(session, "Lado", "editor", [], "system", "en")
        code = staff.issue_code(session, editor, "system")
    write(desk_talk, f"/start staff_{code}", "lado")
    assert "No centre is assigned to you" in whole(write(desk_talk, "/announce", "lado"))
    assert "Gia" in whole(write(desk_talk, "/today", "lado"))


def test_who_did_not_come_is_chosen_and_asked_about_once_more(desk_talk: Talk) -> None:
    assert "No confirmed booking has begun in the last 7 days." in whole(write(desk_talk, "/noshow"))
    press(desk_talk, f"desk:confirm:{the_booking(desk_talk).id}")
    booking = the_booking(desk_talk)
    assert "No confirmed booking" in whole(write(desk_talk, "/noshow"))
    with clock.fixed(booking.ends_at + timedelta(hours=1)):
        offered = write(desk_talk, "/noshow")
        assert [choice.label for choice in offered.reply.choices] == [
            "Fri 27.11 15:00-17:00, Chakvi: election meeting"
        ]
        asked = press(desk_talk, values(offered)[0])
        assert "Did really nobody come?" in whole(asked)
        assert "nothing is changed" in whole(press(desk_talk, values(asked)[1]))
        assert the_booking(desk_talk).state == "confirmed"
        assert "is marked: nobody came" in whole(press(desk_talk, values(asked)[0]))
        assert the_booking(desk_talk).state == "no_show"
        assert "already" in whole(press(desk_talk, values(asked)[0]))


def test_a_booking_is_offered_as_long_as_it_can_be_marked(desk_talk: Talk, neighbour: Neighbour) -> None:
    press(desk_talk, f"desk:confirm:{the_booking(desk_talk).id}")
    booking = the_booking(desk_talk)
    enlist(desk_talk, "Keti", "keti", neighbour.knowledge.current.centers_by_slug["kachreti"])
    with clock.fixed(booking.ends_at + timedelta(hours=1)):
        assert values(write(desk_talk, "/noshow", "keti")) == []
        assert "not one of yours" in whole(press(desk_talk, f"desk:noshow:{booking.id}", "keti"))
    with clock.fixed(booking.ends_at + life.NO_SHOW_WITHIN + timedelta(minutes=1)):
        assert values(write(desk_talk, "/noshow")) == []
    assert the_booking(desk_talk).state == "confirmed"


@pytest.mark.parametrize("locale", BASE_LOCALES)
def test_every_step_is_said_in_the_members_language(desk_talk: Talk, locale: BaseLocale) -> None:
    with desk_talk.database.write() as session:
        member = staff.find(session, "Nino")
        assert member is not None
        member.locale = locale
    said = [whole(write(desk_talk, command)) for command in ("/today", "/noshow", "/announce")]
    shown = write(desk_talk, "The library’s open on Sunday")
    said += [whole(shown), whole(press(desk_talk, values(shown)[0]))]
    assert all(said)
    assert len(set(said)) == len(said)
