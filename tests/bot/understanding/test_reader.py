"""Reading a text with what shipped: intent, place, service, day and aspects at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bootstrap import Neighbour
from bot.understanding.parse import INTENTS, Parse
from bot.understanding.reader import READ_LIMIT, Reader
from knowledge.service_index import ServiceIndex
from knowledge.snapshot import Snapshot
from knowledge.types import Place
from store import clock
from tests.bot.conftest import TUESDAY_NOON


@pytest.fixture(scope="module")
def reader(neighbour: Neighbour) -> Reader:
    return neighbour.reader


def place_of(parse: Parse) -> str | None:
    return parse.place.place.name_en if parse.place.place is not None else None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Where is the nearest community centre?", "nearest_center"),
        ("სად არის უახლოესი ცენტრი?", "nearest_center"),
        ("sad aris uaxloesi centri", "nearest_center"),
        ("Где ближайший центр?", "nearest_center"),
        ("Ən yaxın mərkəz haradadır?", "nearest_center"),
        ("Որտեղ է մոտակա կենտրոնը", "nearest_center"),
        ("რა საბუთები მჭირდება პასპორტისთვის", "service"),
        ("какие документы нужны для паспорта", "service"),
        ("რომელ საათამდე მუშაობთ?", "hours"),
        ("telefonis nomeri momeciT", "contact"),
        ("I want to book the hall on Friday at 3", "book_room"),
        ("забудьте меня, удалите мои данные", "forget_me"),
        ("answer in English please", "language"),
        ("გმადლობთ", "thanks"),
        ("Salam", "greeting"),
    ],
)
def test_plain_questions_are_understood(text: str, intent: str, reader: Reader, snapshot: Snapshot) -> None:
    parse = reader.read(text, snapshot)
    assert parse.intent == intent
    assert parse.confidence >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "What is the weather tomorrow?",
        "Who won the football match?",
        "ხვალ იწვიმებს?",
        "дайте рецепт борща",
        "Can you lend me 500 lari until Friday?",
        "dollarin mezennesi nece oldu",
    ],
)
def test_what_is_none_of_our_business_is_not_taken_for_a_service(
    text: str, reader: Reader, snapshot: Snapshot
) -> None:
    parse = reader.read(text, snapshot)
    assert parse.intent == "none" or parse.confidence < 0.6


def test_place_and_service_are_found_in_one_text(reader: Reader, snapshot: Snapshot) -> None:
    parse = reader.read("where can I get a passport near Lagodekhi", snapshot)
    assert place_of(parse) == "Lagodekhi"
    assert parse.service == "passport"


def test_place_day_and_intent_are_found_in_one_text(reader: Reader, snapshot: Snapshot) -> None:
    with clock.fixed(TUESDAY_NOON):
        parse = reader.read("book the hall in Chakvi on Friday at 3", snapshot)
    assert (parse.intent, place_of(parse)) == ("book_room", "Chakvi")
    assert parse.day is not None
    assert parse.day.day == date(2026, 11, 27)


@pytest.mark.parametrize("text", ["Kachreti", "კაჭრეთი", "Качрети", "კაჭრეთში", "kachretshi", "Կաճրեթի"])
def test_a_bare_name_asks_for_the_nearest_centre(text: str, reader: Reader, snapshot: Snapshot) -> None:
    parse = reader.read(text, snapshot)
    assert (parse.intent, parse.bare, place_of(parse)) == ("nearest_center", True, "Kachreti")


@pytest.mark.parametrize("text", ["what about Kachreti?", "და კაჭრეთი?", "а в Качрети?", "bəs Kaçreti?"])
def test_a_name_that_takes_up_what_was_said_is_bare_and_follows(
    text: str, reader: Reader, snapshot: Snapshot
) -> None:
    parse = reader.read(text, snapshot)
    assert parse.bare
    assert parse.follows


def test_a_municipality_beside_a_name_leaves_the_text_bare(reader: Reader, snapshot: Snapshot) -> None:
    parse = reader.read("ახალსოფელი ყვარელი", snapshot)
    assert parse.bare
    assert parse.place.certain


def test_the_saved_home_breaks_ties(reader: Reader, snapshot: Snapshot, somewhere: dict[str, Place]) -> None:
    home = somewhere["Akhalsopeli, Kvareli"]
    assert not reader.read("Akhalsopeli", snapshot).place.certain
    parse = reader.read("Akhalsopeli", snapshot, home=home)
    assert parse.place.certain
    assert parse.place.place == home


def test_aspects_come_in_any_language(reader: Reader, snapshot: Snapshot) -> None:
    assert "fee" in reader.read("how much does a passport cost", snapshot).aspects
    assert "bring" in reader.read("რა საბუთები მჭირდება", snapshot).aspects
    assert "time" in reader.read("сколько дней делают паспорт", snapshot).aspects


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("რა ღირს დაბადების მოწმობა", ("fee",)),
        ("რა ღირს პირადობის მოწმობა დაჩქარებულად?", ("fee", "time")),
        ("რა საბუთებია საჭირო დაბადების მოწმობისთვის", ("bring",)),
        ("сколько стоит свидетельство о рождении", ("fee",)),
        ("որտեղ կարող եմ ստանալ ծննդյան վկայական", ()),
        ("ով կարող է ստանալ ծննդյան վկայական", ("who",)),
    ],
)
def test_the_paper_that_is_asked_for_is_not_what_is_to_be_brought(
    text: str, aspects: tuple[str, ...], reader: Reader, snapshot: Snapshot
) -> None:
    assert reader.read(text, snapshot).aspects == aspects


@pytest.mark.parametrize(
    "text", ["უმუშევარი ვარ", "umushevari var", "გაყრა მინდა ცოლთან", "გაყრა", "я бедная вдова", "əliləm"]
)
def test_who_somebody_is_and_what_they_want_is_no_village(text: str, reader: Reader, snapshot: Snapshot) -> None:
    assert place_of(reader.read(text, snapshot)) is None


@pytest.mark.parametrize("text", ["ვინ ხარ შენ?", "VIN xar shen"])
def test_a_phrase_whose_meaning_was_written_down_means_that(text: str, reader: Reader, snapshot: Snapshot) -> None:
    parse = reader.read(text, snapshot)
    assert parse.intent == "help"
    assert parse.confidence >= 0.6


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("English please", "en"), ("ქართულად", "ka"), ("по-русски", "ru"), ("հայերեն", "hy"), ("hello", None)],
)
def test_the_language_asked_for_is_found(
    text: str, wanted: str | None, reader: Reader, snapshot: Snapshot
) -> None:
    assert reader.read(text, snapshot).wanted_language == wanted


def test_two_languages_named_are_no_choice(reader: Reader, snapshot: Snapshot) -> None:
    assert reader.read("English or Russian", snapshot).wanted_language is None


def test_a_long_text_is_read_at_its_beginning(reader: Reader, snapshot: Snapshot) -> None:
    asked = "where is the nearest centre to Lagodekhi? "
    parse = reader.read(asked + "x" * 5_000, snapshot)
    assert place_of(parse) == "Lagodekhi"
    assert len(parse.text) > READ_LIMIT


def test_staff_are_told_why(reader: Reader, snapshot: Snapshot) -> None:
    reasons = reader.read("passport in Lagodekhi", snapshot).reasons
    assert any("passport" in reason for reason in reasons)
    assert any("place Lagodekhi" in reason for reason in reasons)


def test_a_service_that_was_removed_is_not_spoken_of(reader: Reader, snapshot: Snapshot) -> None:
    services = {slug: service for slug, service in snapshot.services.items() if slug != "passport"}
    without = replace(snapshot, services=services, service_index=ServiceIndex(services.values()))
    assert all(hit.slug in services for hit in reader.read("I need a new passport", without).services)


@settings(max_examples=60)
@given(text=st.text(max_size=200))
def test_any_text_has_an_intent_and_a_probability(text: str, reader: Reader, snapshot: Snapshot) -> None:
    parse = reader.read(text, snapshot)
    assert parse.intent in INTENTS
    assert 0.0 <= parse.confidence <= 1.0
    assert [p for _, p in parse.ranking] == sorted((p for _, p in parse.ranking), reverse=True)
