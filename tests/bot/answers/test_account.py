"""What a resident decides about themselves."""

from __future__ import annotations

import pytest

from bot import wording
from bot.answers import account
from console.conversing import Exchange, Talk
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES, BaseLocale


def chat(talk: Talk, *texts: str) -> Exchange:
    return [talk.say("telegram", "resident", text) for text in texts][-1]


def test_a_home_that_is_told_is_remembered_and_used(talk: Talk) -> None:
    said = chat(talk, "I live in Lagodekhi")
    assert said.shown[0].startswith("I will remember")
    assert "Kabali" in said.shown[0]
    assert "Kabali" in chat(talk, "where is the nearest centre?").shown[0]


def test_a_home_with_many_namesakes_is_asked_about_first(talk: Talk, snapshot: Snapshot) -> None:
    asked = chat(talk, "I live in Akhalsopeli")
    assert len(asked.reply.choices) > 9
    assert chat(talk, "Kvareli").shown[0].startswith("I will remember")


def test_the_saved_home_breaks_ties(talk: Talk) -> None:
    chat(talk, "I live in Akhalsopeli, Kvareli")
    exchange = chat(talk, "where is the nearest centre to Akhalsopeli?")
    assert not exchange.reply.choices
    assert "Akhalsopeli (Kvareli)" in exchange.shown[0]


def test_a_wish_to_be_remembered_without_a_village_asks_for_it(talk: Talk) -> None:
    asked = chat(talk, "hello") and talk.say("telegram", "resident", choice="intent:set_home")
    assert asked.reply.texts == (wording.say("en", "home.ask"),)
    assert chat(talk, "Lagodekhi").shown[0].startswith("I will remember")


def test_a_name_that_only_resembles_a_village_is_asked_about(talk: Talk) -> None:
    chat(talk, "remember Kachrti")
    asked = talk.say("telegram", "resident", choice="as:set_home")
    assert asked.reply.texts == (wording.say("en", "home.ask"),)
    assert [choice.label for choice in asked.reply.choices] == ["Kachreti (Gurjaani)"]
    picked = talk.say("telegram", "resident", choice=asked.reply.choices[0].value)
    assert picked.shown[0].startswith("I will remember: Kachreti")


@pytest.mark.parametrize("text", ["меня зовут Ольга", "mənim adım Əlidir", "my name is Kate"])
def test_who_says_their_name_has_said_no_home(talk: Talk, text: str) -> None:
    assert chat(talk, text).understanding.intent == "none"


@pytest.mark.parametrize("text", ["I live in Kachrti", "vcxovrob kachrtshi"])
def test_a_misspelled_home_is_said_back(talk: Talk, text: str) -> None:
    assert "Kachreti (Gurjaani)" in chat(talk, text).shown[0]


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("answer in Russian please", "ru"),
        ("ქართულად მიპასუხე", "ka"),
        ("по-армянски, пожалуйста", "hy"),
        ("speak Azerbaijani with me", "az"),
    ],
)
def test_a_language_asked_for_by_name_is_taken(text: str, locale: BaseLocale, talk: Talk) -> None:
    exchange = chat(talk, text)
    assert exchange.reply.texts == (wording.say(locale, "language.set"),)
    assert chat(talk, "hello").reply.locale == locale


@pytest.mark.parametrize("locale", BASE_LOCALES)
def test_a_language_is_chosen_by_its_button(locale: BaseLocale, talk: Talk) -> None:
    asked = chat(talk, "change the language")
    assert f"lang:{locale}" in [choice.value for choice in asked.reply.choices]
    assert talk.say("telegram", "resident", choice=f"lang:{locale}").reply.locale == locale


def test_a_language_is_chosen_by_its_name_or_number(talk: Talk) -> None:
    assert chat(talk, "change the language", "русский").reply.locale == "ru"
    assert chat(talk, "change the language", "2").reply.locale == "en"


def test_stop_is_obeyed_and_start_brings_the_resident_back(talk: Talk) -> None:
    chat(talk, "hello, good day")
    assert chat(talk, "stop").reply.texts == (wording.say("en", "stop.done", word="START"),)
    assert chat(talk, "start").reply.texts == (wording.say("en", "start.done"),)


def test_start_of_somebody_who_never_stopped_is_a_greeting(talk: Talk) -> None:
    chat(talk, "hello")
    assert chat(talk, "start").reply.texts == (wording.say("en", "greeting"),)


def test_the_first_steps_ask_for_the_language_and_then_the_village(talk: Talk) -> None:
    asked = talk.say("telegram", "resident", choice="intent:start")
    assert [choice.value for choice in asked.reply.choices] == [f"hello:{locale}" for locale in BASE_LOCALES]
    village = talk.say("telegram", "resident", choice="hello:ru")
    assert (village.reply.locale, village.reply.asks_location) == ("ru", True)
    assert "Кабали" in chat(talk, "Лагодехи").shown[0]
    again = talk.say("telegram", "resident", choice="intent:start")
    assert again.reply.texts == (wording.say("ru", "greeting"),)


def test_a_location_shared_at_the_first_steps_is_the_village(talk: Talk) -> None:
    talk.say("telegram", "resident", choice="hello:en")
    located = talk.say("telegram", "resident", location=(41.654, 45.681))
    assert located.reply.texts[0] == wording.say("en", "home.set", place="Kachreti (Gurjaani)")
    assert "Kachreti" in chat(talk, "where is the nearest centre?").shown[0]


def test_a_location_between_villages_is_asked_about(talk: Talk, snapshot: Snapshot) -> None:
    chat(talk, "save my village")
    located = talk.say("telegram", "resident", location=(41.69, 45.70))
    numbers = [choice.value.removeprefix("place:") for choice in located.reply.choices]
    assert 1 < len(numbers) <= account.AROUND
    chosen = snapshot.places[int(numbers[1])]
    assert chat(talk, "2").reply.texts[0].startswith(f"I will remember: {chosen.name_en}")


def test_a_location_outside_georgia_is_no_village_and_the_question_stands(talk: Talk) -> None:
    chat(talk, "save my village")
    assert talk.say("telegram", "resident", location=(48.85, 2.35)).reply.texts == (
        wording.say("en", "place.outside"),
    )
    assert chat(talk, "Lagodekhi").reply.texts[0].startswith("I will remember: Lagodekhi")


def test_a_location_far_from_any_village_tells_the_nearest_centre(talk: Talk) -> None:
    chat(talk, "save my village")
    located = talk.say("telegram", "resident", location=(42.9, 43.35))
    assert located.reply.texts[0] == wording.say("en", "nearest.title.here")


def test_forget_me_asks_once_with_choices(talk: Talk) -> None:
    exchange = chat(talk, "delete all my data")
    assert [choice.value for choice in exchange.reply.choices] == ["forget:yes", "forget:no"]


@pytest.mark.parametrize("answer", ["yes", "1", "კი", "да", "bəli", "այո"])
def test_yes_forgets_the_home(answer: str, talk: Talk) -> None:
    chat(talk, "I live in Lagodekhi", "delete all my data")
    assert wording.say(chat(talk, answer).reply.locale, "forget.done")
    assert "Kabali" not in chat(talk, "where is the nearest centre?").shown[0]


@pytest.mark.parametrize("text", ["და კაჭრეთი?", "როდის არის ღია?", "Kachreti", "what are the opening hours?"])
def test_another_question_forgets_nothing(text: str, talk: Talk) -> None:
    chat(talk, "I live in Lagodekhi", "delete all my data", text)
    exchange = chat(talk, "where is the nearest centre to Akhalsopeli?", "I live in Lagodekhi")
    assert wording.say("en", "forget.done") not in exchange.shown[0]
    assert not chat(talk, "hello").reply.asks_location
