"""What people really write in the middle of the form, and what came of it when it was first tried by them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from console.conversing import Exchange, Talk
from desk.halls.bookings import Booking
from tests.bot.halls.test_flow import ALL_AT_ONCE, say, wall

Bookings = Callable[[], list[Booking]]

TO_LENGTH = "the hall in Chakvi on Monday at 10"
TO_SUBJECT = "the hall in Chakvi on Monday at 10 for two hours"
TO_PEOPLE = "the hall in Chakvi on Monday at 10 for two hours, chess club"
TO_APPLICANT = "the hall in Chakvi on Monday at 10 for two hours, chess club, 10 people"


def asked(exchange: Exchange) -> str:
    """The last line of a text message that is no choice."""
    return [line for line in exchange.shown[0].split("\n") if not line[:1].isdigit()][-1]


def finished(talk: Talk, booked: Bookings, *texts: str) -> Booking:
    """The booking after those texts and a yes to the summary."""
    say(talk, *texts, "yes")
    (booking,) = booked()
    return booking


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("20-25", 25),
        ("ოცი-ოცდახუთი", 25),
        ("ასამდე", 100),
        ("მოსული იქნება სამასი კაცი", 300),
        ("ase 20", 20),
        ("ocamde", 20),
        ("well, maybe twenty or so", 20),
        ("ну человек двадцать, может больше", 20),
        ("yüzə yaxın", 100),
        ("մոտ քսան", 20),
        ("up to 30", 30),
    ],
)
def test_a_number_of_people_is_no_hour_and_no_village(
    text: str, people: int, hall_talk: Talk, booked: Bookings
) -> None:
    booking = finished(hall_talk, booked, TO_PEOPLE, text, "1", "1", "Nino")
    assert booking.people == people
    assert booking.starts_at == wall(30, 10)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("часа два наверное", 120),
        ("3 часа", 180),
        ("about two hours I guess", 120),
        ("ასე ორი საათი", 120),
        ("до 12", 120),
        ("1-მდე", 180),
        ("until one", 180),
    ],
)
def test_how_long_is_told_in_hours_or_by_the_end(
    text: str, minutes: int, hall_talk: Talk, booked: Bookings
) -> None:
    booking = finished(hall_talk, booked, TO_LENGTH, text, "chess", "10", "1", "1", "Nino")
    assert booking.duration == timedelta(minutes=minutes)
    assert booking.starts_at == wall(30, 10)


@pytest.mark.parametrize("text", ["me", "just us, the family", "მე ვარ", "я", "biz ailəyik", "ես", "villagers"])
def test_who_says_me_is_a_resident(text: str, hall_talk: Talk, booked: Bookings) -> None:
    assert finished(hall_talk, booked, TO_APPLICANT, text, "1", "Nino").applicant == "resident"


@pytest.mark.parametrize("name", ["Анна", "Անի", "Maka", "ნინო"])
def test_the_name_of_a_person_does_not_change_the_village(
    name: str, hall_talk: Talk, booked: Bookings, chakvi: object
) -> None:
    say(hall_talk, TO_APPLICANT, name)
    booking = finished(hall_talk, booked, "1", "1", name)
    assert (booking.contact_name, booking.center_id) == (name, chakvi.id)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "name"),
    [("my name is Nino", "Nino"), ("меня зовут Ольга", "Ольга"), ("მე მქვია ნანა ბებია", "ნანა ბებია")],
)
def test_a_name_is_kept_without_the_words_that_lead_to_it(
    text: str, name: str, hall_talk: Talk, booked: Bookings
) -> None:
    assert finished(hall_talk, booked, TO_APPLICANT, "1", "1", text).contact_name == name


@pytest.mark.parametrize("text", ["no wait, 30 people", "wait", "დაველოდები"])
def test_nobody_stands_in_line_for_a_free_time(text: str, hall_talk: Talk, booked: Bookings) -> None:
    say(hall_talk, TO_APPLICANT, text)
    summary = say(hall_talk, "1", "1", "Nino")
    assert "Waiting list" not in summary.shown[0]
    assert finished(hall_talk, booked).state == "tentative"


@pytest.mark.parametrize(
    "subject", ["Climate change", "chess", "pension information meeting", "Back pain club", "toy"]
)
def test_a_subject_may_hold_any_words(subject: str, hall_talk: Talk, booked: Bookings) -> None:
    assert finished(hall_talk, booked, TO_SUBJECT, subject, "10", "1", "1", "Nino").subject == subject


@pytest.mark.parametrize("text", ["yes", "no", "კი", "да"])
def test_yes_and_no_are_no_subject(text: str, hall_talk: Talk) -> None:
    assert "about?" in asked(say(hall_talk, TO_SUBJECT, text))


def test_what_corrects_the_form_is_not_taken_for_a_name(hall_talk: Talk, booked: Bookings) -> None:
    booking = finished(hall_talk, booked, TO_APPLICANT, "1", "1", "projector", "no, Tuesday at 11", "Nino")
    assert (booking.contact_name, booking.equipment, booking.starts_at) == (
        "Nino",
        ["projector"],
        wall(1, 11, month=12),
    )


def test_another_day_or_length_in_between_is_noted_aloud(hall_talk: Talk, booked: Bookings) -> None:
    assert say(hall_talk, TO_LENGTH, "actually Tuesday at 11").shown[0].startswith("Noted: Tue 01.12 11:00.")
    assert say(hall_talk, "2", "actually make it 3 hours").shown[0].startswith("Noted.")
    booking = finished(hall_talk, booked, "chess", "10", "1", "1", "Nino")
    assert (booking.starts_at, booking.ends_at) == (wall(1, 11, month=12), wall(1, 14, month=12))


@pytest.mark.parametrize(("text", "first"), [("დილით", "09:00-11:30"), ("после обеда", "12:00-17:30")])
def test_a_part_of_the_day_narrows_the_hours_that_are_offered(text: str, first: str, hall_talk: Talk) -> None:
    assert first in say(hall_talk, "the hall in Chakvi on Monday", text).shown[0]


@pytest.mark.parametrize(
    "text", ["how much is it?", "სკოლისთვის რა ღირს?", "сколько стоит?", "qiyməti nə qədərdir?"]
)
def test_no_fee_is_made_up(text: str, hall_talk: Talk) -> None:
    said = say(hall_talk, TO_PEOPLE, text)
    assert "2 405 505" in said.shown[0]
    assert asked(said) == say(hall_talk, TO_PEOPLE, sender="gia").shown[0].split("\n")[-1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("wrong name", ""),
        ("სახელი არასწორია", ""),
        ("change the equipment", "hall:gear:none"),
        ("не так", "hall:change:day"),
    ],
)
def test_what_is_wrong_in_the_summary_is_asked_for_again(text: str, value: str, hall_talk: Talk) -> None:
    said = say(hall_talk, TO_APPLICANT, "1", "1", "Nino", text)
    assert (said.reply.choices[0].value if said.reply.choices else "") == value


@pytest.mark.parametrize(
    ("text", "starts_at", "hours"),
    [("change the time to 11", wall(30, 11), 2), ("until 11", wall(30, 10), 1), ("no, 4 to 6", wall(30, 16), 2)],
)
def test_the_hours_of_the_summary_are_corrected(
    text: str, starts_at: datetime, hours: int, hall_talk: Talk, booked: Bookings
) -> None:
    booking = finished(hall_talk, booked, TO_APPLICANT, "1", "1", "Nino", text)
    assert (booking.starts_at, booking.duration) == (starts_at, timedelta(hours=hours))


def test_a_message_that_is_not_understood_gets_help_then_ways_out_then_an_end(
    hall_talk: Talk, booked: Bookings
) -> None:
    shown = [say(hall_talk, text).shown[0] for text in (TO_APPLICANT, "hm", "hmm", "hmmm", "mm")]
    assert shown[1].startswith("Please choose a number.")
    assert '"back"' in shown[2]
    assert "2 405 505" in shown[4]
    assert say(hall_talk, "my bookings").shown[0] == "I have no booking of yours."
    assert booked() == []


def test_the_number_of_a_choice_counts_after_the_ways_out_were_told(hall_talk: Talk, booked: Bookings) -> None:
    assert finished(hall_talk, booked, TO_APPLICANT, "hm", "hmm", "4", "1", "Nino").applicant == "legal_entity"


def test_answers_go_on_after_a_question_that_was_misunderstood_in_between(
    hall_talk: Talk, booked: Bookings
) -> None:
    say(hall_talk, TO_PEOPLE, "where is it?", "is there a bus?")
    assert finished(hall_talk, booked, "12", "1", "1", "Nino").people == 12


def test_the_rules_are_told_to_whoever_asks_for_them(hall_talk: Talk) -> None:
    said = say(hall_talk, TO_APPLICANT, "1", "1", "Nino", "rules")
    assert "voluntary" in " ".join(said.reply.texts)
    assert said.reply.choices[0].value == "hall:yes"


@pytest.mark.parametrize(
    "text", ["gadavitanot samshabats 11ze", "move it to Tuesday at 11", "перенеси на вторник в 11"]
)
def test_a_few_words_move_the_only_booking(text: str, hall_talk: Talk, booked: Bookings) -> None:
    say(hall_talk, TO_APPLICANT, "1", "1", "Nino", "yes")
    assert finished(hall_talk, booked, text).starts_at == wall(1, 11, month=12)


@pytest.mark.parametrize(
    ("text", "starts_at"),
    [
        ("move it to 11", wall(30, 11)),
        ("перенеси на вторник", wall(1, 10, month=12)),
        ("გადავიტანოთ 12-ზე", wall(30, 12)),
    ],
)
def test_of_day_and_hour_the_one_that_is_not_said_stays(
    text: str, starts_at: datetime, hall_talk: Talk, booked: Bookings
) -> None:
    say(hall_talk, TO_APPLICANT, "1", "1", "Nino", "yes")
    assert finished(hall_talk, booked, text).starts_at == starts_at


def test_giving_up_a_move_keeps_the_booking(hall_talk: Talk, booked: Bookings) -> None:
    say(hall_talk, TO_APPLICANT, "1", "1", "Nino", "yes")
    said = say(hall_talk, "another time", "never mind")
    assert "stays as it is" in said.shown[0]
    assert booked()[0].starts_at == wall(30, 10)


def test_a_weekday_that_is_too_soon_is_offered_a_week_later(hall_talk: Talk) -> None:
    for text in ("the hall in Chakvi on Wednesday", "the hall in Chakvi on Wednesday at 11"):
        values = [choice.value for choice in say(hall_talk, text).reply.choices]
        assert any("2026-12-02" in value for value in values), text


def test_of_a_day_that_cannot_be_had_the_same_hour_of_others_is_offered(hall_talk: Talk) -> None:
    refused = say(hall_talk, "the hall in Chakvi tomorrow at 3")
    values = [choice.value for choice in refused.reply.choices]
    assert values == ["hall:at:2026-11-26T15:00", "hall:at:2026-11-27T15:00", "hall:at:2026-12-02T15:00"]


def test_the_opening_said_again_asks_the_same_question(hall_talk: Talk) -> None:
    first = say(hall_talk, TO_LENGTH)
    assert "For how long" in say(hall_talk, TO_LENGTH).shown[0]
    assert first.reply.choices


def test_a_yes_from_an_older_button_brings_the_summary_and_books_nothing(
    hall_talk: Talk, booked: Bookings
) -> None:
    say(hall_talk, ALL_AT_ONCE, "1", "1", "Nino", "1", sender="gia", channel="telegram")
    say(hall_talk, TO_APPLICANT, "1", "1", "Nino", "no, Friday at 3", channel="telegram")
    hall_talk.say("telegram", "nino", choice="hall:yes")
    assert len(booked()) == 1
