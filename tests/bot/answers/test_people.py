"""Greetings, help, a human being."""

from __future__ import annotations

import pytest

from bot import wording
from console.conversing import Talk
from knowledge.snapshot import Snapshot
from knowledge.types import Locale


@pytest.mark.parametrize(
    ("text", "locale"),
    [("hello", "en"), ("გამარჯობა", "ka"), ("gamarjoba", "ka-Latn"), ("Здравствуйте", "ru"), ("Բարև", "hy")],
)
def test_a_greeting_is_returned_with_what_can_be_asked(text: str, locale: Locale, talk: Talk) -> None:
    exchange = talk.say("telegram", "resident", text)
    assert exchange.reply.texts == (wording.say(locale, "greeting"),)
    assert {"intent:nearest_center", "intent:help"} <= {choice.value for choice in exchange.reply.offers}
    assert exchange.reply.asks_location


def test_somebody_whose_village_is_known_is_not_asked_for_it(talk: Talk) -> None:
    talk.say("telegram", "resident", "I live in Lagodekhi")
    assert not talk.say("telegram", "resident", "hello").reply.asks_location


def test_thanks_are_answered(talk: Talk) -> None:
    assert talk.say("telegram", "resident", "thank you").reply.texts == (wording.say("en", "thanks"),)


@pytest.mark.parametrize("text", ["what can you do?", "რა შეგიძლია?", "что ты умеешь?"])
def test_help_gives_examples_and_the_hotline(text: str, talk: Talk, snapshot: Snapshot) -> None:
    exchange = talk.say("telegram", "resident", text)
    assert exchange.understanding.intent == "help"
    assert wording.say(exchange.reply.locale, "help.examples") in exchange.reply.texts
    assert snapshot.hotline.display in "\n".join(exchange.shown)


def test_the_examples_of_the_help_are_understood(talk: Talk) -> None:
    for text, intent in [
        ("Kachreti", "nearest_center"),
        ("what do I need for a passport", "service"),
        ("are you open on Saturday?", "hours"),
    ]:
        assert text in wording.say("en", "help.examples")
        assert talk.say("telegram", text, text).understanding.intent == intent


def test_a_human_being_is_the_hotline(talk: Talk, snapshot: Snapshot) -> None:
    exchange = talk.say("telegram", "resident", "I want to talk to a person")
    assert exchange.understanding.intent == "human"
    assert snapshot.hotline.display in exchange.shown[0]


def test_what_is_offered_leads_somewhere(talk: Talk) -> None:
    for offer in talk.say("telegram", "resident", "hello").reply.offers:
        assert wording.say("en", "choice.gone") not in talk.say("telegram", "other", choice=offer.value).shown[0]
