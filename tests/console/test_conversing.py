"""Talks without a channel: through the code of the real ones, each sender apart, and nothing kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.bootstrap import Neighbour
from console.conversing import Talk, as_json
from desk.messages import Channel
from sms_gateway.segments import measure
from sms_gateway.settings import SmsSettings


@pytest.fixture
def talk(neighbour: Neighbour) -> Iterator[Talk]:
    made = Talk(neighbour.assistant)
    yield made
    made.close()


def test_a_text_message_is_measured(talk: Talk) -> None:
    said = talk.say("sms", "a", "sad aris uaxloesi centri kachretshi")
    (shown,) = said.shown
    assert (said.segments, said.encoding) == (measure(shown).count, measure(shown).encoding)
    assert said.encoding == "GSM-7"
    assert said.ms > 0


def test_a_chat_message_is_shown_without_tags_and_not_measured(talk: Talk) -> None:
    said = talk.say("telegram", "a", "nearest centre in Kachreti")
    assert (said.segments, said.encoding) == (0, None)
    assert "Kachreti" in "".join(said.shown)
    assert not any(sign in text for text in said.shown for sign in ("<b>", "</b>", "&amp;", "&lt;"))


@pytest.mark.parametrize("channel", ["sms", "telegram", "whatsapp"])
def test_senders_do_not_hear_one_another(talk: Talk, neighbour: Neighbour, channel: Channel) -> None:
    slugs = neighbour.knowledge.current.centers_by_slug
    talk.say(channel, "a", "nearest centre in Kachreti")
    talk.say(channel, "b", "help")
    assert talk.say(channel, "a", "and the phone?").understanding.center_id == slugs["kachreti"].id
    assert talk.say(channel, "b", "and the phone?").understanding.center_id is None


def test_talks_do_not_hear_one_another(neighbour: Neighbour, talk: Talk) -> None:
    talk.say("sms", "a", "nearest centre in Kachreti")
    other = Talk(neighbour.assistant)
    assert other.say("sms", "a", "and the phone?").understanding.center_id is None
    other.close()


def test_the_same_text_twice_is_two_messages(talk: Talk) -> None:
    assert talk.say("sms", "a", "help").shown == talk.say("sms", "a", "help").shown


def test_a_choice_and_its_number_are_the_same(talk: Talk) -> None:
    asked = talk.say("telegram", "a", "Akhalsopeli")
    assert len(asked.reply.choices) > 1
    pressed = talk.say("telegram", "a", choice=asked.reply.choices[0].value)
    talk.say("telegram", "b", "Akhalsopeli")
    typed = talk.say("telegram", "b", "1")
    assert pressed.understanding.place_id == typed.understanding.place_id is not None


def test_a_location_needs_no_name(talk: Talk, neighbour: Neighbour) -> None:
    said = talk.say("telegram", "a", location=(41.8275, 46.2749))
    assert said.understanding.intent == "nearest_center"
    assert said.reply.pins


def test_the_settings_of_the_gateway_hold(neighbour: Neighbour) -> None:
    talk = Talk(neighbour.assistant, SmsSettings(replies_per_hour=2))
    shown = [talk.say("sms", "a", f"nearest centre in Kachreti {number}").shown for number in range(6)]
    talk.close()
    assert all(shown[:2])
    assert shown[-1] == ()


def test_as_json_names_things_in_english(talk: Talk, neighbour: Neighbour) -> None:
    said = talk.say("telegram", "a", "სად არის უახლოესი ცენტრი კაჭრეთში")
    told = as_json(said, neighbour.knowledge.current)
    kachreti = {"name_en": "Kachreti", "municipality_en": "Gurjaani"}
    assert (told["place"], told["center"]) == (kachreti, kachreti)
    asked = as_json(talk.say("telegram", "b", "Akhalsopeli"), neighbour.knowledge.current)
    assert [text for text in asked["reply"] if text.startswith("[") and text.endswith("]")]
