"""Words that stand for something, in any language and any letters."""

from __future__ import annotations

import pytest

from bot.understanding.lexicon import DATA, Found, Lexicon, read
from knowledge.scripts import words

WHERE = Lexicon(
    lambda: {
        "WHERE": {"ka": ["სად"], "en": ["where"], "az": ["haradadır"]},
        "FRIDAY": {"ka": ["პარასკევ*"], "en": ["friday*"]},
        "AFTER": {"en": ["day after tomorrow"]},
        "TOMORROW": {"en": ["tomorrow"]},
    }
)


@pytest.mark.parametrize("text", ["სად", "sad", "Where", "WHERE?", "haradadır", "haradadir", "ᲡᲐᲓ"])
def test_an_entry_is_found_in_any_letters(text: str) -> None:
    assert WHERE.concepts(words(text)) == {"WHERE"}


@pytest.mark.parametrize("text", ["პარასკევს", "paraskevs", "პარასკევისთვის", "fridays"])
def test_a_star_means_any_ending(text: str) -> None:
    assert WHERE.concepts(words(text)) == {"FRIDAY"}


def test_another_word_is_not_found() -> None:
    assert WHERE.find(words("nothing of the kind")) == []
    assert WHERE.find(words("")) == []


def test_words_of_an_entry_stand_together_and_the_longest_entry_comes_first() -> None:
    hits = WHERE.find(words("where the day after tomorrow"))
    assert hits[:2] == [Found("WHERE", 0, 1), Found("AFTER", 2, 5)]
    assert "AFTER" not in WHERE.concepts(words("day tomorrow after"))


@pytest.mark.parametrize("name", sorted(file.stem for file in DATA.glob("*.yaml")))
def test_every_shipped_lexicon_has_words_in_all_five_languages(name: str) -> None:
    for concept, languages in read(name).items():
        if concept.startswith("X_"):
            continue
        assert set(languages) == {"ka", "en", "ru", "az", "hy"}, concept
        assert all(languages.values()), concept


@pytest.mark.parametrize("name", ["days", "ordinals", "yes_no", "languages", "fillers"])
def test_every_entry_of_a_shipped_lexicon_finds_its_own_concept(name: str) -> None:
    lexicon = Lexicon.load(name)
    for concept, languages in read(name).items():
        for entry in (str(entry) for listed in languages.values() for entry in listed):
            assert str(concept) in lexicon.concepts(words(entry.replace("*", ""))), entry
