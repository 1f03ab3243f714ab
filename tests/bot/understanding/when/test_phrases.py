"""Every language is read as its people write it: the table of phrases, with the words that said it."""

from __future__ import annotations

import pytest

from bot.understanding.when import read
from tests.bot.understanding.when.table import Phrase, phrases

PHRASES = tuple(phrases())
LANGUAGES = ("ka", "ka-Latn", "en", "ru", "az", "hy")
RIGHT = 0.97


def test_the_table_is_large_and_has_every_language() -> None:
    assert len(PHRASES) >= 250
    assert {phrase.language for phrase in PHRASES} == set(LANGUAGES)
    assert all(sum(phrase.language == language for phrase in PHRASES) >= 80 for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_read_right(language: str) -> None:
    own = [phrase for phrase in PHRASES if phrase.language == language]
    wrong = [phrase.text for phrase in own if not phrase.is_read(read(phrase.text, phrase.now))]
    assert len(wrong) <= len(own) * (1 - RIGHT), wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_say_when_are_told_and_no_others(language: str) -> None:
    own = [phrase for phrase in PHRASES if phrase.language == language]
    wrong = [phrase.text for phrase in own if read(phrase.text, phrase.now).covered != phrase.covered]
    assert len(wrong) <= len(own) * (1 - RIGHT), wrong


@pytest.mark.parametrize("phrase", [phrase for phrase in PHRASES if phrase.ambiguous], ids=lambda one: one.text)
def test_of_several_readings_the_first_is_the_one_that_was_taken(phrase: Phrase) -> None:
    when = read(phrase.text, phrase.now)
    assert len(set(when.ambiguous)) == len(when.ambiguous) > 1
    first = when.ambiguous[0]
    assert first.date in {None, when.date}
    assert first.start in {None, when.start}


@pytest.mark.parametrize("language", LANGUAGES)
def test_capitals_and_signs_around_a_phrase_change_nothing(language: str) -> None:
    for phrase in PHRASES:
        if phrase.language == language and language != "ka-Latn":  # in "saRamos" capitals are letters
            plain = read(phrase.text, phrase.now)
            assert read(f"  {phrase.text}!! ", phrase.now) == plain
            assert phrase.is_read(read(phrase.text.upper(), phrase.now)), phrase.text
