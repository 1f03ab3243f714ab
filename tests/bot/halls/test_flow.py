"""The form: everything at once or one by one, corrections, going back, questions in between, and giving up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from console.conversing import Exchange, Talk
from desk.halls.bookings import Booking
from desk.messages import Channel
from store import clock
from store.clock import TBILISI
from tests.bot.conftest import TUESDAY_NOON
from tests.bot.halls.conftest import Heard

Bookings = Callable[[], list[Booking]]

ALL_AT_ONCE = "I'd like the hall in Chakvi on Friday at 3 for two hours, beekeeping training, 20 people"


def wall(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TBILISI).astimezone(UTC)


def say(talk: Talk, *texts: str, channel: Channel = "sms", sender: str = "nino") -> Exchange:
    return [talk.say(channel, sender, text) for text in texts][-1]


def test_what_is_said_at_once_is_not_asked_again(hall_talk: Talk, booked: Bookings, heard: Heard) -> None:
    asked = [say(hall_talk, ALL_AT_ONCE), say(hall_talk, "1"), say(hall_talk, "1"), say(hall_talk, "Nino")]
    assert [one.reply.choices[0].value if one.reply.choices else "" for one in asked] == [
        "hall:who:resident",
        "hall:gear:none",
        "",
        "hall:yes",
    ]
    done = say(hall_talk, "1")
    (booking,) = booked()
    assert booking.reference in done.shown[0]
    assert (booking.starts_at, booking.ends_at) == (wall(27, 15), wall(27, 17))
    assert (booking.subject, booking.people, booking.contact_name) == ("beekeeping training", 20, "Nino")
    assert (booking.state, booking.applicant, booking.equipment) == ("tentative", "resident", [])
    assert heard.kinds == ["requested"]


def test_everything_is_asked_for_one_by_one(hall_talk: Talk, booked: Bookings) -> None:
    say(hall_talk, "მინდა დარბაზი ჩაქვში", "პარასკევს", "11-ზე", "2", "სოფლის კრება", "ოცი კაცი", "მოსახლე")
    say(hall_talk, "2 4", "ნინო")
    assert booked() == []
    say(hall_talk, "კი")
    (booking,) = booked()
    assert (booking.starts_at, booking.ends_at) == (wall(27, 11), wall(27, 13))
    assert (booking.people, booking.equipment) == (20, ["projector", "conference_call"])


def test_buttons_fill_the_form_as_words_do(hall_talk: Talk, booked: Bookings) -> None:
    shown = say(hall_talk, "book the hall in Chakvi", channel="telegram")
    for wanted in ("hall:day:2026-11-30", "hall:start:10:30", "hall:minutes:60"):
        assert wanted in [choice.value for choice in (*shown.reply.choices, *shown.reply.offers)]
        shown = hall_talk.say("telegram", "nino", choice=wanted)
    say(hall_talk, "English course", "12", channel="telegram")
    for wanted in ("hall:who:legal_entity", "hall:gear:sound"):
        hall_talk.say("telegram", "nino", choice=wanted)
    say(hall_talk, "Keti", channel="telegram")
    hall_talk.say("telegram", "nino", choice="hall:yes")
    (booking,) = booked()
    assert (booking.starts_at, booking.ends_at, booking.applicant) == (
        wall(30, 10, 30),
        wall(30, 11, 30),
        "legal_entity",
    )


@pytest.mark.parametrize(
    ("correction", "starts_at", "people"),
    [
        ("no, Thursday", wall(26, 15), 20),
        ("no, at 4", wall(27, 16), 20),
        ("no, 35 people", wall(27, 15), 35),
        ("30 november at 10", wall(30, 10), 20),
    ],
)
def test_the_summary_can_be_corrected(
    correction: str, starts_at: datetime, people: int, hall_talk: Talk, booked: Bookings
) -> None:
    say(hall_talk, ALL_AT_ONCE, "1", "1", "Nino", correction, "1")
    (booking,) = booked()
    assert (booking.starts_at, booking.people) == (starts_at, people)


def test_a_no_asks_what_is_wrong(hall_talk: Talk, booked: Bookings) -> None:
    asked = say(hall_talk, ALL_AT_ONCE, "1", "1", "Nino", "no")
    assert [choice.value for choice in asked.reply.choices][:2] == ["hall:change:day", "hall:change:start"]
    say(hall_talk, "4", "cheese making", "1")
    (booking,) = booked()
    assert booking.subject == "cheese making"


def test_back_asks_the_question_before(hall_talk: Talk) -> None:
    first = say(hall_talk, ALL_AT_ONCE, "1")
    again = say(hall_talk, "1", "back")
    assert again.reply.choices == first.reply.choices


def test_the_weekday_and_the_date_are_named_before_anything_is_booked(hall_talk: Talk, booked: Bookings) -> None:
    summary = say(hall_talk, ALL_AT_ONCE, "1", "1", "Nino", channel="telegram")
    assert "Friday, 27 November, 15:00-17:00" in "\n".join(summary.shown)
    assert booked() == []


def test_a_question_in_between_is_answered_and_the_form_goes_on(hall_talk: Talk, booked: Bookings) -> None:
    between = say(hall_talk, ALL_AT_ONCE, "where is the nearest centre to Lagodekhi?", channel="telegram")
    said = "\n".join(between.shown)
    assert between.understanding.intent == "nearest_center"
    assert "Kabali" in said
    assert "Who needs the hall?" in said
    say(hall_talk, "1", "1", "Nino", "1", channel="telegram")
    assert len(booked()) == 1


def test_another_village_changes_the_hall(hall_talk: Talk, booked: Bookings) -> None:
    said = say(hall_talk, ALL_AT_ONCE, "no, the hall in Kachreti", channel="telegram")
    assert "Kachreti" in "\n".join(said.shown)


@pytest.mark.parametrize(
    "word", ["never mind", "აღარ მინდა", "agar minda", "передумал", "istəmirəm", "չեմ ուզում"]
)
def test_giving_up_books_nothing(word: str, hall_talk: Talk, booked: Bookings) -> None:
    say(hall_talk, ALL_AT_ONCE, "1", word)
    after = say(hall_talk, "hello")
    assert after.understanding.intent == "greeting"
    assert "?" not in after.shown[0].split("\n")[-1] or "equipment" not in after.shown[0]
    assert booked() == []


def test_stop_is_obeyed_in_the_middle_of_the_form(hall_talk: Talk, booked: Bookings) -> None:
    say(hall_talk, ALL_AT_ONCE, "STOP")
    assert say(hall_talk, "1").shown == ()
    assert booked() == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("the hall in Chakvi tomorrow at 3", "business days"),
        ("the hall in Chakvi on Saturday at 11", "closed"),
        ("the hall in Chakvi on 7 January at 11", "public holiday"),
        ("the hall in Chakvi on Friday at 20:00", "09:00-18:00"),
        ("the hall in Chakvi on Friday at 15:10", "half hour"),
        ("the hall in Chakvi on 5 June at 11", "latest"),
    ],
)
def test_a_time_that_cannot_be_had_gets_the_reason_and_others(text: str, says: str, hall_talk: Talk) -> None:
    refused = say(hall_talk, text, channel="telegram")
    assert says in "\n".join(refused.shown)
    values = [choice.value for choice in refused.reply.choices]
    assert len(values) == 3
    assert all(value.startswith(("hall:at:", "hall:day:")) for value in values)
    after = hall_talk.say("telegram", "nino", choice=values[0])
    assert not any(choice.value.startswith("hall:at:") for choice in after.reply.choices)


def test_a_length_beyond_the_day_is_asked_for_again(hall_talk: Talk) -> None:
    refused = say(hall_talk, "the hall in Chakvi on Friday at 9 for 10 hours")
    assert "at most 9 hours" in refused.shown[0]
    assert [choice.value for choice in refused.reply.choices][:2] == ["hall:minutes:60", "hall:minutes:120"]


def test_a_taken_time_offers_others_and_the_waiting_list(hall_talk: Talk, booked: Bookings, heard: Heard) -> None:
    say(hall_talk, ALL_AT_ONCE, "1", "1", "Nino", "1")
    refused = say(hall_talk, "the hall in Chakvi on Friday at 4pm for an hour", sender="keti")
    assert [choice.value for choice in refused.reply.choices] == [
        "hall:at:2026-11-27T17:00",
        "hall:at:2026-11-27T14:00",
        "hall:at:2026-11-27T13:30",
        "hall:wait",
    ]
    said = say(hall_talk, "4", "chess club", "10", "1", "1", "Keti", "1", sender="keti")
    assert "number 1" in said.shown[0]
    reference = booked()[0].reference
    say(hall_talk, "cancel my booking", "1")
    assert heard.kinds == ["requested", "cancelled", "offered"]
    offered = booked()[1]
    assert (offered.state, offered.starts_at) == ("tentative", wall(27, 16))
    shown = say(hall_talk, offered.reference, sender="keti")
    assert [choice.value for choice in shown.reply.choices] == [
        f"booking:{offered.reference}:take",
        f"booking:{offered.reference}:cancelled",
    ]
    say(hall_talk, "1", sender="keti")
    assert heard.kinds[-1] == "requested"
    assert reference != offered.reference


def test_a_time_lost_at_the_last_moment_is_answered_with_others(hall_talk: Talk, booked: Bookings) -> None:
    say(hall_talk, ALL_AT_ONCE, "1", "1", "Nino")
    say(hall_talk, ALL_AT_ONCE, "1", "1", "Keti", "1", sender="keti")
    lost = say(hall_talk, "1")
    assert len(booked()) == 1
    assert lost.reply.choices[0].value.startswith("hall:at:")
    say(hall_talk, "1", "1")
    assert len(booked()) == 2


def test_an_unclear_day_is_asked_about(hall_talk: Talk, booked: Bookings) -> None:
    asked = say(hall_talk, "the hall in Chakvi next Friday at 3 for two hours, chess, 10 people")
    assert [choice.value for choice in asked.reply.choices] == [
        "hall:at:2026-12-04T15:00",
        "hall:at:2026-11-27T15:00",
    ]


def test_a_purpose_that_looks_forbidden_is_flagged_and_not_refused(hall_talk: Talk, booked: Bookings) -> None:
    say(
        hall_talk,
        "the hall in Chakvi on Friday at 3 for two hours, 20 people",
        "election meeting",
        "1",
        "1",
        "Gia",
        "1",
    )
    (booking,) = booked()
    assert (booking.flagged, booking.flag_reasons) == (True, ["election"])


def test_at_most_two_open_bookings(hall_talk: Talk, booked: Bookings) -> None:
    for hour in ("9", "12"):
        say(
            hall_talk,
            f"the hall in Chakvi on Monday at {hour} for an hour, chess club, 10 people",
            "1",
            "1",
            "Gia",
            "1",
        )
    refused = say(hall_talk, ALL_AT_ONCE)
    assert "2 bookings" in refused.shown[0]
    assert len(booked()) == 2


def test_the_form_waits_a_day_for_a_text_message_and_half_an_hour_for_a_chat(hall_talk: Talk) -> None:
    say(hall_talk, ALL_AT_ONCE)
    say(hall_talk, ALL_AT_ONCE, channel="telegram")
    with clock.fixed(TUESDAY_NOON + timedelta(minutes=31)):
        assert say(hall_talk, "1").reply.choices[0].value == "hall:gear:none"
        ended = say(hall_talk, "hello", channel="telegram")
    assert "earlier talk has ended" in ended.shown[0]
    with clock.fixed(TUESDAY_NOON + timedelta(hours=25)):
        assert "earlier talk has ended" in say(hall_talk, "hello").shown[0]


def test_a_button_of_a_closed_form_says_so(hall_talk: Talk, booked: Bookings) -> None:
    gone = hall_talk.say("telegram", "nino", choice="hall:yes")
    assert "დარბაზი" in gone.shown[0]
    for nonsense in (
        "hall:day:never",
        "hall:start:99:99",
        "hall:minutes:x",
        "hall:gear:rocket",
        "hall:",
        "booking:",
        "wait:x",
    ):
        assert hall_talk.say("telegram", "nino", choice=nonsense).shown
    say(hall_talk, ALL_AT_ONCE, channel="telegram")
    for nonsense in (
        "hall:day:never",
        "hall:start:99:99",
        "hall:minutes:x",
        "hall:minutes:-5",
        "hall:at:x",
        "hall:who:king",
    ):
        assert hall_talk.say("telegram", "nino", choice=nonsense).shown
    assert booked() == []
