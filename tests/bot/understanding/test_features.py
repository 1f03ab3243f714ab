"""What a classifier sees of a text does not depend on how the text is spelt."""

from __future__ import annotations

from bot.understanding import features
from knowledge.scripts import words


def test_georgian_and_latin_georgian_give_the_same_tokens() -> None:
    assert features.tokens_of(words("სად არის"), {}) == features.tokens_of(words("sad aris"), {})


def test_a_number_is_any_number() -> None:
    assert features.tokens_of(words("20 30"), {}) == ["<number>"]


def test_the_words_of_a_place_are_one_slot() -> None:
    said = words("hall in Upper Somewhere please")
    tokens = features.tokens_of(said, {2: "<place>", 3: "<place>"})
    assert tokens.count("<place>") == 1
    assert len(tokens) == 4


def test_a_slot_has_no_pieces() -> None:
    found = features.of_words(["<place>"])
    assert "w:<place>" in found
    assert not any("place" in feature for feature in found if not feature.startswith(("w:", "b:")))


def test_pieces_make_a_misspelt_word_look_like_the_right_one() -> None:
    right, wrong = set(features.of_words(["pasport"])), set(features.of_words(["passport"]))
    assert len(right & wrong) > len(right) / 3


def test_marks_stand_for_the_whole_text() -> None:
    assert "m:day" in features.of_words(["ra"], ["day"])


def test_an_empty_text_still_has_features() -> None:
    assert features.of_words([])


def test_a_very_long_text_is_read_at_its_beginning() -> None:
    tokens = [f"word{number}" for number in range(500)]
    found = features.of_words(tokens)
    assert f"w:word{features.MAX_WORDS - 1}" in found
    assert f"w:word{features.MAX_WORDS}" not in found
