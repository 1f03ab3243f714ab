"""STOP, START and HELP as whole messages, in Twilio's words and the five languages."""

from __future__ import annotations

import pytest

from sms_gateway import keywords

STOP_WORDS = """
STOP stopall Unsubscribe CANCEL end Quit stop. "STOP" სტოპ სტოპი! შეწყვიტეთ Стоп!!! отписаться dayandır DAYANDIR
ստոպ Դադարեցրեք
"""


@pytest.mark.parametrize("word", [*STOP_WORDS.split(), "opt out", " STOP 🙏"])
def test_stop(word: str) -> None:
    keyword = keywords.read(word)
    assert keyword is not None
    assert keyword.meaning == "stop"


@pytest.mark.parametrize("word", ["START", "unstop", "/start", "სტარტ", "старт", "başla", "սկսել"])
def test_start(word: str) -> None:
    keyword = keywords.read(word)
    assert keyword is not None
    assert keyword.meaning == "start"


@pytest.mark.parametrize("word", ["HELP", "info", "დახმარება", "помощь", "KÖMƏK", "komek", "օգնություն"])
def test_help(word: str) -> None:
    keyword = keywords.read(word)
    assert keyword is not None
    assert keyword.meaning == "help"


@pytest.mark.parametrize("text", ["stop the bus", "cancel my booking", "bus stop", "", "no", "კი", "1"])
def test_a_keyword_within_a_sentence_is_none(text: str) -> None:
    assert keywords.read(text) is None


def test_a_word_of_one_language_tells_the_language() -> None:
    assert keywords.read("стоп") == keywords.Keyword("stop", "ru")
    assert keywords.read("stop") == keywords.Keyword("stop", None)


def test_what_twilio_says() -> None:
    assert keywords.of_opt_out_type("STOP") == keywords.Keyword("stop", None)
    assert keywords.of_opt_out_type("START") == keywords.Keyword("start", None)
    assert keywords.of_opt_out_type("") is None
    assert keywords.of_opt_out_type("start_if_stopped") is None
