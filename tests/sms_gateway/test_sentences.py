"""Every sentence is there in every language, fits two segments, and never asks for an answer by "reply"."""

from __future__ import annotations

import pytest

from knowledge.types import LOCALES
from sms_gateway.segments import measure
from sms_gateway.sentences import locale_of, say
from sms_gateway.tables import table


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("sentence", sorted(table("sentences")))
def test_each_sentence_fits(sentence: str, locale: str) -> None:
    words = say(sentence, locale)  # type: ignore[arg-type]
    assert measure(words).count <= 2
    assert "{" not in words
    assert "reply" not in words.lower()
    if locale in {"ka-Latn", "en"}:
        assert measure(words).encoding == "GSM-7"
        assert measure(words).count == 1


def test_sentences_with_the_hotline_name_the_official_number() -> None:
    for sentence in ("help", "limit", "fault"):
        assert all("2 405 505" in say(sentence, locale) for locale in LOCALES)  # type: ignore[arg-type]


def test_latin_georgian_is_romanised_with_capitals() -> None:
    assert say("no_more", "ka-Latn").startswith("Es k")
    assert ". M" in say("no_more", "ka-Latn")


def test_the_language_to_speak() -> None:
    assert locale_of("hy", "ru", "hello") == "hy"
    assert locale_of(None, "ru", "hello") == "ru"
    assert locale_of(None, None, "привет") == "ru"
    assert locale_of(None, None, "բարև") == "hy"
    assert locale_of(None, None, "hello") == "ka-Latn"
    assert locale_of(None, None, "2") == "ka"
