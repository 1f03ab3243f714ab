"""Topics are data in five languages, and their words are understood in each."""

from __future__ import annotations

import pytest

from bot.events import reading
from desk.events.topics import topics
from knowledge.scripts import words
from knowledge.types import BASE_LOCALES


def test_every_topic_has_a_name_and_words_in_every_language() -> None:
    for code, topic in topics().items():
        assert len(code) <= 20
        for locale in BASE_LOCALES:
            assert topic.names[locale].strip()
            assert topic.words[locale]


@pytest.mark.parametrize("code", list(topics()))
def test_a_topic_is_understood_by_its_own_name(code: str) -> None:
    for locale in BASE_LOCALES:
        assert code in reading.topics_in(words(topics()[code].names[locale]))
