"""The phrases that ship: enough, labelled rightly, and a fifth of them never learned from."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.understanding.parse import INTENTS
from bot.understanding.phrases import DATA, PHRASES, Phrase, common_words, read_phrases
from knowledge.scripts import normalise
from knowledge.snapshot import Snapshot
from knowledge.spelling import key
from knowledge.types import LOCALES

HELD_OUT = DATA / "held_out"


@pytest.fixture(scope="module")
def learned() -> list[Phrase]:
    return read_phrases(PHRASES)


@pytest.fixture(scope="module")
def held_out() -> list[Phrase]:
    return read_phrases(HELD_OUT)


def folded(phrases: list[Phrase]) -> set[str]:
    return {" ".join(normalise(phrase.text).split()) for phrase in phrases}


def test_there_are_at_least_two_thousand(learned: list[Phrase]) -> None:
    assert len(folded(learned)) >= 2_000


def test_about_a_fifth_is_held_out(learned: list[Phrase], held_out: list[Phrase]) -> None:
    assert 0.17 <= len(held_out) / (len(held_out) + len(learned)) <= 0.23


def test_nothing_that_is_held_out_is_learned_from(learned: list[Phrase], held_out: list[Phrase]) -> None:
    assert folded(learned) & folded(held_out) == set()


def test_every_phrase_has_a_known_intent(learned: list[Phrase], held_out: list[Phrase]) -> None:
    assert {phrase.intent for phrase in learned + held_out} <= set(INTENTS)


def test_every_intent_is_taught_and_examined_in_every_locale(
    learned: list[Phrase], held_out: list[Phrase]
) -> None:
    taught = Counter((phrase.intent, phrase.locale) for phrase in learned)
    examined = Counter(phrase.intent for phrase in held_out)
    assert [(intent, locale) for intent in INTENTS for locale in LOCALES if taught[intent, locale] < 5] == []
    assert [intent for intent in INTENTS if examined[intent] < 5] == []


def test_every_service_named_is_in_the_catalogue(
    learned: list[Phrase], held_out: list[Phrase], snapshot: Snapshot
) -> None:
    named = {phrase.service for phrase in learned + held_out if phrase.service is not None}
    assert named - set(snapshot.services) == set()


def test_no_phrase_is_labelled_twice_in_different_ways(learned: list[Phrase]) -> None:
    labels: dict[str, set[str]] = {}
    for phrase in learned:
        labels.setdefault(phrase.text, set()).add(phrase.intent)
    assert {text for text, intents in labels.items() if len(intents) > 1} == set()


def test_georgian_without_georgian_letters_is_latin_georgian(tmp_path: Path) -> None:
    file = tmp_path / "ka.jsonl"
    rows = [{"text": "სად არის", "intent": "hours"}, {"text": "sad aris", "intent": "hours", "place": "Kabali"}]
    file.write_text("\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    first, second = read_phrases(file)
    assert (first.locale, second.locale, second.place) == ("ka", "ka-Latn", "Kabali")
    assert read_phrases(tmp_path) == [first, second]


def test_common_words_are_those_that_people_use_and_not_villages() -> None:
    assert {key("ტელეფონი"), key("passport")} <= common_words()
    assert key("კაჭრეთი") not in common_words()
