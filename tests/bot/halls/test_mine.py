"""A person's own bookings: seeing them, cancelling, moving them, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from console.conversing import Exchange, Talk
from desk.halls import life
from desk.halls.bookings import Booking
from store import clock
from tests.bot.conftest import TUESDAY_NOON
from tests.bot.halls.conftest import Heard
from tests.bot.halls.test_flow import say, wall

Bookings = Callable[[], list[Booking]]


def book(talk: Talk, when: str = "Friday at 3 for two hours", sender: str = "nino") -> Exchange:
    return say(talk, f"the hall in Chakvi on {when}, chess club, 10 people", "1", "1", "Nino", "1", sender=sender)


def test_one_booking_is_shown_at_once_with_what_can_be_done(hall_talk: Talk, booked: Bookings) -> None:
    book(hall_talk)
    shown = say(hall_talk, "my bookings", channel="sms")
    (booking,) = booked()
    assert booking.reference in shown.shown[0]
    assert "waiting for the centre" in shown.shown[0]
    assert [choice.value for choice in shown.reply.choices] == [
        f"booking:{booking.reference}:cancel",
        f"booking:{booking.reference}:move",
    ]


def test_several_bookings_are_listed(hall_talk: Talk, booked: Bookings) -> None:
    book(hall_talk)
    book(hall_talk, "Monday at 10 for an hour")
    listed = say(hall_talk, "my bookings")
    assert [choice.value for choice in listed.reply.choices] == [f"booking:{one.reference}" for one in booked()]
    assert booked()[1].reference in say(hall_talk, "2").shown[0]


@pytest.mark.parametrize("answer", ["1", "yes", "კი"])
def test_cancelling_is_asked_about_once(answer: str, hall_talk: Talk, booked: Bookings, heard: Heard) -> None:
    book(hall_talk)
    asked = say(hall_talk, "cancel my booking")
    assert booked()[0].reference in asked.shown[0]
    assert booked()[0].state == "tentative"
    say(hall_talk, answer)
    assert booked()[0].state == "cancelled"
    assert heard.kinds == ["requested", "cancelled"]


@pytest.mark.parametrize("answer", ["2", "no", "არა"])
def test_a_no_keeps_the_booking(answer: str, hall_talk: Talk, booked: Bookings) -> None:
    book(hall_talk)
    say(hall_talk, "cancel my booking", answer)
    assert booked()[0].state == "tentative"


def test_which_one_is_asked_where_there_are_several(hall_talk: Talk, booked: Bookings) -> None:
    book(hall_talk)
    book(hall_talk, "Monday at 10 for an hour")
    say(hall_talk, "cancel my booking", "2", "1")
    assert [one.state for one in booked()] == ["tentative", "cancelled"]


def test_cancelling_late_says_what_it_costs(hall_talk: Talk, booked: Bookings) -> None:
    book(hall_talk)
    with hall_talk.database.write() as session:
        life.confirm(session, booked()[0], "nino", lambda *_: None)
    with clock.fixed(wall(27, 10)):
        asked = say(hall_talk, "cancel my booking", channel="sms")
        assert "11.12" in asked.shown[0]
        said = say(hall_talk, "1")
        assert "closed to you" in said.shown[0]
        refused = say(hall_talk, "the hall in Chakvi on 3 December at 11")
    assert "closed to you" in refused.shown[0]


def test_another_time_keeps_the_reference_and_asks_the_centre_again(
    hall_talk: Talk, booked: Bookings, heard: Heard
) -> None:
    book(hall_talk)
    reference = booked()[0].reference
    with hall_talk.database.write() as session:
        life.confirm(session, booked()[0], "nino", lambda *_: None)
    say(hall_talk, "my bookings", "2", "monday at 10")
    said = say(hall_talk, "1")
    (booking,) = booked()
    assert (booking.reference, booking.state) == (reference, "tentative")
    assert (booking.starts_at, booking.ends_at) == (wall(30, 10), wall(30, 12))
    assert reference in said.shown[0]
    assert heard.kinds[-1] == "time_changed"


def test_a_reference_alone_shows_the_booking_and_moves_it(hall_talk: Talk, booked: Bookings) -> None:
    book(hall_talk)
    reference = booked()[0].reference
    assert reference in say(hall_talk, reference.lower().replace("-", " ")).shown[0]
    asked = say(hall_talk, f"move {reference} to Monday at 11")
    assert "Mon 30.11 11:00" in asked.shown[0]


def test_nobody_sees_or_cancels_the_booking_of_somebody_else(hall_talk: Talk, booked: Bookings) -> None:
    book(hall_talk)
    reference = booked()[0].reference
    assert "10 people" not in say(hall_talk, reference, sender="gia").shown[0]
    for action in ("", ":cancelled", ":move", ":file", ":take"):
        shown = hall_talk.say("telegram", "gia", choice=f"booking:{reference}{action}")
        assert reference not in "".join(shown.shown)
        assert shown.reply.files == ()
    assert booked()[0].state == "tentative"


def test_leaving_the_line(hall_talk: Talk) -> None:
    book(hall_talk)
    book_in_line = ("the hall in Chakvi on Friday at 3 for two hours", "4", "chess", "9", "1", "1", "Gia", "1")
    say(hall_talk, *book_in_line, sender="gia")
    shown = say(hall_talk, "my bookings", sender="gia")
    assert "Waiting list" in shown.shown[0]
    assert "off the waiting list" in say(hall_talk, "1", sender="gia").shown[0]
    assert "no booking" in say(hall_talk, "my bookings", sender="gia").shown[0]


def test_on_telegram_the_calendar_file_is_at_hand(hall_talk: Talk, booked: Bookings) -> None:
    say(hall_talk, "the hall in Chakvi on Friday at 3 for two hours, chess club, 10 people", channel="telegram")
    for answer in ("1", "1", "Nino", "1"):
        say(hall_talk, answer, channel="telegram")
    (booking,) = booked()
    shown = hall_talk.say("telegram", "nino", choice=f"booking:{booking.reference}:file")
    (file,) = shown.reply.files
    assert (file.name, file.media_type) == (f"{booking.reference}.ics", "text/calendar")
    assert b"DTSTART:20261127T110000Z" in file.content


def test_who_has_nothing_is_told_so(hall_talk: Talk) -> None:
    assert "no booking" in say(hall_talk, "my bookings").shown[0]
    assert "no booking" in say(hall_talk, "cancel my booking").shown[0]


def test_an_offer_that_lapsed_is_not_taken(hall_talk: Talk, booked: Bookings) -> None:
    book(hall_talk)
    line = ("the hall in Chakvi on Friday at 3 for two hours", "4", "chess", "9", "1", "1", "Gia", "1")
    say(hall_talk, *line, sender="gia")
    say(hall_talk, "cancel my booking", "1")
    offer = booked()[1]
    with clock.fixed(TUESDAY_NOON + timedelta(hours=30)):
        said = hall_talk.say("sms", "gia", choice=f"booking:{offer.reference}:take")
    assert "lapsed" in said.shown[0]
