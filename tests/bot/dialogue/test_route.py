"""What a message means in its conversation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.bootstrap import Neighbour
from bot import wording
from bot.dialogue.state import MEMORY
from console.conversing import Exchange, Talk
from knowledge.snapshot import Snapshot
from knowledge.types import Locale, Place
from store import clock
from tests.bot.conftest import TUESDAY_NOON


def chat(talk: Talk, *texts: str) -> Exchange:
    """Texts of one resident over Telegram; the last exchange."""
    return [talk.say("telegram", "resident", text) for text in texts][-1]


def shown(exchange: Exchange) -> str:
    return "\n".join(exchange.shown)


def center_of(exchange: Exchange, snapshot: Snapshot) -> str | None:
    number = exchange.understanding.center_id
    return snapshot.centers[number].name_en if number is not None else None


FIRST = {
    "en": "Where is the nearest centre to Lagodekhi?",
    "ka": "სად არის უახლოესი ცენტრი ლაგოდეხში?",
    "ka-Latn": "sad aris uaxloesi centri lagodexshi?",
    "ru": "Где ближайший центр в Лагодехи?",
    "az": "Laqodexidə ən yaxın mərkəz haradadır?",
    "hy": "Որտեղ է մոտակա կենտրոնը Լագոդեխիում",
}


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "and the phone?"),
        ("ka", "და ტელეფონი?"),
        ("ka-Latn", "da telefoni?"),
        ("ru", "а телефон?"),
        ("az", "bəs telefon?"),
        ("hy", "իսկ հեռախոսը՞"),
    ],
)
def test_and_the_phone_is_the_phone_of_the_centre_just_named(
    locale: Locale, text: str, talk: Talk, snapshot: Snapshot
) -> None:
    exchange = chat(talk, FIRST[locale], text)
    assert exchange.understanding.intent == "contact"
    assert center_of(exchange, snapshot) == "Kabali"
    assert snapshot.hotline.display in shown(exchange)


@pytest.mark.parametrize(
    ("locale", "text", "answer"),
    [
        ("en", "on Saturday?", "Saturday, 28 November: closed."),
        ("ka", "შაბათს?", "შაბათი, 28 ნოემბერი: დაკეტილია."),
        ("ka-Latn", "shabats?", "Shabati, 28 noemberi: Daketilia."),
        ("ru", "в субботу?", "28 ноября: закрыто."),
        ("az", "şənbə günü?", "28 noyabr: bağlıdır."),
    ],
)
def test_a_day_alone_asks_when_the_centre_just_named_is_open(
    locale: Locale, text: str, answer: str, talk: Talk, snapshot: Snapshot
) -> None:
    exchange = chat(talk, FIRST[locale], text)
    assert answer in shown(exchange)
    assert center_of(exchange, snapshot) == "Kabali"


def test_a_day_alone_goes_on_about_the_hours_in_general(talk: Talk) -> None:
    assert "Wednesday, 25 November: open 09:00-18:00." in shown(chat(talk, "When are you open?", "tomorrow?"))


@pytest.mark.parametrize(
    ("locale", "text"),
    [("en", "what about Kachreti?"), ("ka", "და კაჭრეთი?"), ("ru", "а в Качрети?"), ("az", "bəs Kaçreti?")],
)
def test_another_village_asks_the_same_again(locale: Locale, text: str, talk: Talk, snapshot: Snapshot) -> None:
    asked = {"en": "hours?", "ka": "როდის მუშაობს?", "ru": "часы работы?", "az": "nə vaxt açıqdır?"}
    exchange = chat(talk, FIRST[locale], asked[locale], text)
    assert exchange.understanding.intent == "hours"
    assert center_of(exchange, snapshot) == "Kachreti"


def test_another_village_after_a_service_asks_where_that_service_is(talk: Talk, snapshot: Snapshot) -> None:
    exchange = chat(talk, "what do I need for a passport in Lagodekhi?", "and in Kachreti?")
    assert exchange.understanding.service == "passport"
    assert center_of(exchange, snapshot) == "Kachreti"


def test_a_short_question_goes_on_about_the_service(talk: Talk) -> None:
    exchange = chat(talk, "what documents do I need for a passport?", "how much is it?")
    assert exchange.understanding.service == "passport"
    assert exchange.shown[0].find("Fee:") < exchange.shown[0].find("Bring:")


def test_the_weather_is_not_a_follow_up(talk: Talk) -> None:
    assert chat(talk, FIRST["en"], "and the weather tomorrow?").understanding.intent == "none"


# A name that several settlements bear


def test_a_name_of_several_settlements_asks_which_municipality(talk: Talk) -> None:
    exchange = chat(talk, "ახალსოფელი")
    labels = [choice.label for choice in exchange.reply.choices]
    assert len(labels) > 9
    assert "ყვარელი" in labels
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("text", ["ყვარელი", "ყვარელში", "yvareli", "Кварели", "ყვარლის მუნიციპალიტეტი"])
def test_the_municipality_answers(text: str, talk: Talk, snapshot: Snapshot) -> None:
    exchange = chat(talk, "ახალსოფელი", text)
    assert center_of(exchange, snapshot) == "Kabali"
    assert not exchange.reply.choices


@pytest.mark.parametrize("text", ["2", "the second one", "მეორე", "второй", "ikinci", "երկրորդը"])
def test_a_number_answers(text: str, talk: Talk) -> None:
    first = chat(talk, "ახალსოფელი")
    second = chat(talk, text)
    assert first.reply.choices[1].label == "ლანჩხუთი"
    assert second.understanding.place_id == int(first.reply.choices[1].value.removeprefix("place:"))


def test_a_button_answers(talk: Talk, somewhere: dict[str, Place]) -> None:
    chat(talk, "Akhalsopeli")
    place = somewhere["Akhalsopeli, Kvareli"]
    exchange = talk.say("telegram", "resident", choice=f"place:{place.id}")
    assert exchange.understanding.place_id == place.id
    assert "Kabali" in shown(exchange)


def test_a_municipality_in_the_first_text_leaves_nothing_to_ask(talk: Talk, somewhere: dict[str, Place]) -> None:
    exchange = chat(talk, "ახალსოფელი ყვარელი")
    assert exchange.understanding.place_id == somewhere["Akhalsopeli, Kvareli"].id


def test_what_was_asked_goes_on_once_the_village_is_known(talk: Talk, snapshot: Snapshot) -> None:
    exchange = chat(talk, "is the centre in Akhalsopeli open on Saturday?", "Kvareli")
    assert exchange.understanding.intent == "hours"
    assert "28 November: closed." in shown(exchange)
    assert center_of(exchange, snapshot) == "Kabali"


def test_another_question_leaves_the_open_one(talk: Talk) -> None:
    exchange = chat(talk, "Akhalsopeli", "thank you very much")
    assert exchange.understanding.intent == "thanks"
    assert chat(talk, "2").understanding.place_id is None


def test_a_single_guess_is_not_called_several_places(talk: Talk) -> None:
    exchange = chat(talk, "сброс")
    if len(exchange.reply.choices) == 1:
        assert exchange.reply.texts == (wording.say("ru", "place.did_you_mean"),)


# The three bands


def test_an_unsure_text_asks_what_was_meant_and_the_pick_is_answered(talk: Talk, vague: str) -> None:
    exchange = chat(talk, vague)
    assert exchange.reply.texts == (wording.say("en", "unsure"),)
    values = [choice.value for choice in exchange.reply.choices]
    assert values[-1] == "as:none"
    assert 2 <= len(values) <= 4
    picked = talk.say("telegram", "resident", choice=values[0])
    assert picked.understanding.intent == values[0].removeprefix("as:")


def test_something_else_is_no_guess_any_more(talk: Talk, vague: str) -> None:
    chat(talk, vague)
    exchange = talk.say("telegram", "resident", choice="as:none")
    assert exchange.understanding.intent == "none"
    assert not exchange.reply.choices


def test_no_idea_says_so_with_the_hotline_and_what_can_be_asked(talk: Talk, snapshot: Snapshot) -> None:
    exchange = chat(talk, "Who won the football match yesterday?")
    assert exchange.understanding.intent == "none"
    assert wording.say("en", "none") in shown(exchange)
    assert snapshot.hotline.display in shown(exchange)
    assert exchange.reply.offers


def test_after_two_failures_it_gives_up_with_the_hotline_and_the_centre(talk: Talk, snapshot: Snapshot) -> None:
    exchange = chat(talk, FIRST["en"], "Who won the football?", "What is the weather tomorrow?")
    assert "A person will help you better" in shown(exchange)
    assert snapshot.hotline.display in shown(exchange)
    assert "Kabali" in shown(exchange)
    assert not exchange.reply.choices


def test_an_answer_in_between_begins_the_count_anew(talk: Talk) -> None:
    exchange = chat(talk, "Who won the football?", "Kachreti", "What is the weather tomorrow?")
    assert "A person will help you better" not in shown(exchange)


# Choices that are out of date, and values nobody offered


@pytest.mark.parametrize(
    "value",
    [
        "",
        ":",
        "place:",
        "place:-1",
        "place:²",
        "place:999999999",
        "place:" + "9" * 54,
        "home:abc",
        "home:999999999",
    ]
    + ["center:nowhere", "service:unicorn", "category:unicorn", "intent:unicorn", "as:hours", "as:", "lang:xx"]
    + ["hello:", "forget:perhaps", "unknown:thing", "\x00", "🙂", "PLACE:1"],
)
def test_a_value_that_means_nothing_is_called_out_of_date(value: str, talk: Talk) -> None:
    chat(talk, "hello")
    exchange = talk.say("telegram", "resident", choice=value)
    assert exchange.reply.texts == (wording.say("en", "choice.gone"),)


def test_a_number_after_the_memory_picks_nothing(neighbour: Neighbour, talk: Talk) -> None:
    chat(talk, "Akhalsopeli")
    with clock.fixed(TUESDAY_NOON + MEMORY + timedelta(minutes=1)):
        exchange = chat(talk, "2")
    assert exchange.understanding.place_id is None


def test_after_the_memory_a_follow_up_has_nothing_to_follow(talk: Talk) -> None:
    chat(talk, FIRST["en"])
    with clock.fixed(TUESDAY_NOON + MEMORY + timedelta(minutes=1)):
        assert chat(talk, "and the phone?").understanding.center_id is None


def test_the_language_outlives_the_memory(talk: Talk) -> None:
    chat(talk, "Где ближайший центр?")
    with clock.fixed(TUESDAY_NOON + MEMORY * 2):
        assert chat(talk, "2").reply.locale == "ru"


def test_two_residents_do_not_share_a_conversation(talk: Talk) -> None:
    talk.say("telegram", "one", "Akhalsopeli")
    assert talk.say("telegram", "two", "2").understanding.place_id is None


def test_one_sender_on_two_channels_has_two_conversations(talk: Talk) -> None:
    talk.say("telegram", "one", "Akhalsopeli")
    assert talk.say("sms", "one", "2").understanding.place_id is None
