"""Staff in the chat: a request comes with buttons, is confirmed or declined, and the person is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.bootstrap import Neighbour
from console.conversing import Exchange, Talk
from desk import contacts, staff
from desk.halls import life
from desk.halls.bookings import Booking
from desk.outbox import OutboxMessage
from knowledge.types import Center
from store import clock
from tests.bot.conftest import TUESDAY_NOON

ASKS = ("the hall in Chakvi on Friday at 3 for two hours, election meeting, 20 people", "1", "1", "Gia", "1")


@pytest.fixture
def desk_talk(neighbour: Neighbour) -> Iterator[Talk]:
    """A talk in which the real news goes out, with Nino of Chakvi linked as the sender ``nino``."""
    talk = Talk(neighbour.assistant)
    chakvi = neighbour.knowledge.current.centers_by_slug["chakvi"]
    with clock.fixed(TUESDAY_NOON):
        enlist(talk, "Nino", "nino", chakvi)
        for text in ASKS:
            talk.say("sms", "gia", text)
        yield talk
    talk.close()


def enlist(talk: Talk, name: str, sender: str, *centers: Center) -> Exchange:
    with talk.database.write() as session:
        member = staff.add(session, name, "staff", [center.id for center in centers], "system", "en")
        code = staff.issue_code(session, member, "system")
    return talk.say("telegram", sender, f"/start staff_{code}")


def the_booking(talk: Talk) -> Booking:
    with talk.database.read() as session:
        return session.scalars(select(Booking)).one()


def sent(talk: Talk, channel: str) -> list[OutboxMessage]:
    with talk.database.read() as session:
        rows = select(OutboxMessage).where(OutboxMessage.channel == channel, OutboxMessage.kind == "notice")
        return list(session.scalars(rows.order_by(OutboxMessage.id)))


def press(talk: Talk, value: str, sender: str = "nino") -> Exchange:
    return talk.say("telegram", sender, choice=value)


def test_linking_greets_by_name(desk_talk: Talk, neighbour: Neighbour) -> None:
    said = enlist(desk_talk, "Keti", "keti", neighbour.knowledge.current.centers_by_slug["kachreti"])
    assert "Hello, Keti!" in said.shown[0]
    assert "no longer valid" not in said.shown[0]


def test_a_wrong_code_links_nobody(desk_talk: Talk) -> None:
    assert desk_talk.say("telegram", "thief", "/start staff_wrong").shown
    assert press(desk_talk, f"desk:confirm:{the_booking(desk_talk).id}", "thief").shown
    assert the_booking(desk_talk).state == "tentative"


def test_a_request_comes_with_all_that_is_known_and_two_buttons(desk_talk: Talk) -> None:
    (row,) = sent(desk_talk, "telegram")
    booking = the_booking(desk_talk)
    said = "\n".join(row.texts)
    for part in (
        booking.reference,
        "Friday, 27 November, 15:00-17:00",
        "election meeting",
        "20",
        "Gia",
        "elections",
    ):
        assert part in said
    assert [choice["value"] for choice in row.payload["choices"]] == [
        f"desk:confirm:{booking.id}",
        f"desk:decline:{booking.id}",
    ]


def test_confirming_tells_the_person_at_once(desk_talk: Talk) -> None:
    said = press(desk_talk, f"desk:confirm:{the_booking(desk_talk).id}")
    assert "is confirmed" in said.shown[0]
    assert the_booking(desk_talk).state == "confirmed"
    (row,) = sent(desk_talk, "sms")
    assert "Confirmed" in row.texts[0]


def test_declining_asks_for_the_reason(desk_talk: Talk) -> None:
    number = the_booking(desk_talk).id
    asked = press(desk_talk, f"desk:decline:{number}")
    assert f"desk:because:{number}:repairs" in [choice.value for choice in asked.reply.choices]
    assert the_booking(desk_talk).state == "tentative"
    press(desk_talk, f"desk:because:{number}:repairs")
    assert (the_booking(desk_talk).state, the_booking(desk_talk).decline_reason) == ("declined", "repairs")
    assert "repaired" in sent(desk_talk, "sms")[0].texts[0]


def test_a_reason_in_own_words_reaches_the_person(desk_talk: Talk) -> None:
    press(desk_talk, f"desk:decline:{the_booking(desk_talk).id}")
    desk_talk.say("telegram", "nino", "The choir sings then, sorry!")
    assert the_booking(desk_talk).decline_reason == "The choir sings then, sorry!"
    assert "The choir sings then" in sent(desk_talk, "sms")[0].texts[0]


def test_one_can_go_back_from_the_reason(desk_talk: Talk) -> None:
    number = the_booking(desk_talk).id
    press(desk_talk, f"desk:decline:{number}")
    shown = press(desk_talk, f"desk:show:{number}")
    assert [choice.value for choice in shown.reply.choices] == [f"desk:confirm:{number}", f"desk:decline:{number}"]
    desk_talk.say("telegram", "nino", "where is the centre in Kachreti?")
    assert the_booking(desk_talk).state == "tentative"


@pytest.mark.parametrize("word", ["back", "უკან", "назад", "never mind"])
def test_a_word_to_go_back_is_no_reason(word: str, desk_talk: Talk) -> None:
    number = the_booking(desk_talk).id
    press(desk_talk, f"desk:decline:{number}")
    shown = desk_talk.say("telegram", "nino", word)
    assert the_booking(desk_talk).state == "tentative"
    assert [choice.value for choice in shown.reply.choices] == [f"desk:confirm:{number}", f"desk:decline:{number}"]


def test_nobody_is_asked_for_a_reason_too_late(desk_talk: Talk) -> None:
    booking = the_booking(desk_talk)
    with desk_talk.database.write() as session:
        life.cancel(session, booking, "resident", lambda *_: None)
    said = press(desk_talk, f"desk:decline:{booking.id}")
    assert "already cancelled (the person" in said.shown[0]
    assert not said.reply.choices


def test_the_slower_of_two_is_told_who_was_quicker(desk_talk: Talk) -> None:
    booking = the_booking(desk_talk)
    with desk_talk.database.write() as session:
        life.decline(session, booking, "Eka", lambda *_: None, "repairs")
    said = press(desk_talk, f"desk:confirm:{booking.id}")
    assert "already declined" in said.shown[0]
    assert "Eka" in said.shown[0]
    assert the_booking(desk_talk).state == "declined"


def test_staff_of_another_centre_may_not(desk_talk: Talk, neighbour: Neighbour) -> None:
    enlist(desk_talk, "Keti", "keti", neighbour.knowledge.current.centers_by_slug["kachreti"])
    number = the_booking(desk_talk).id
    for action in ("confirm", "decline", "show", "because"):
        said = press(desk_talk, f"desk:{action}:{number}:repairs", "keti")
        assert "not one of yours" in said.shown[0]
    assert the_booking(desk_talk).state == "tentative"


@pytest.mark.parametrize(
    "value", ["desk:", "desk:confirm", "desk:confirm:x", "desk:because:1:nonsense", "desk:fly:1"]
)
def test_nonsense_does_nothing(value: str, desk_talk: Talk) -> None:
    assert press(desk_talk, value).shown
    assert the_booking(desk_talk).state == "tentative"


def test_a_resident_is_no_member_of_staff(desk_talk: Talk) -> None:
    assert press(desk_talk, f"desk:confirm:{the_booking(desk_talk).id}", "somebody").shown
    assert the_booking(desk_talk).state == "tentative"
    with desk_talk.database.read() as session:
        assert contacts.find(session, "telegram", "0000000") is not None
