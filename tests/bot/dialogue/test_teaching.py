"""Teaching: a taught text means what staff say, and what a lesson would do is told before."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from app.bootstrap import Neighbour
from bot.dialogue import teaching
from bot.dialogue.teaching import Lesson, outcome
from bot.understanding import learning
from bot.understanding.phrases import Phrase
from bot.understanding.reader import Reader
from knowledge.snapshot import Snapshot
from knowledge.taught import Taught, keys_of

FOOTBALL = "who won the football yesterday"
TAXI = Taught("ვირის ტაქსი", "ka", "contact")


def knowing(snapshot: Snapshot, *meanings: Taught) -> Snapshot:
    return replace(snapshot, taught=MappingProxyType({keys_of(one.text): one for one in meanings}))


@pytest.fixture(scope="module")
def reader(neighbour: Neighbour) -> Reader:
    return neighbour.reader


@pytest.mark.parametrize("text", ["ვირის ტაქსი", "Viris taqsi!", "ВИРИС ТАКСИ?"])
def test_the_very_words_mean_it_in_any_spelling(reader: Reader, snapshot: Snapshot, text: str) -> None:
    parse = reader.read(text, knowing(snapshot, TAXI))
    assert (parse.intent, parse.confidence, parse.taught, outcome(parse)) == ("contact", 1.0, True, "answered")
    assert parse.reasons[0] == "taught contact"
    assert not reader.read(f"{text} სად", knowing(snapshot, TAXI)).taught
    assert not reader.read(text, snapshot).taught


def test_a_text_about_a_service_that_is_gone_is_read_as_before(reader: Reader, snapshot: Snapshot) -> None:
    about = Taught("ვირის ტაქსი", "ka", "service", "passport")
    assert reader.read("ვირის ტაქსი", knowing(snapshot, about)).service == "passport"
    gone = replace(about, service="no-such-thing")
    assert not reader.read("ვირის ტაქსი", knowing(snapshot, gone)).taught


def test_what_is_not_ours_is_settled_though_nothing_is_answered(reader: Reader, snapshot: Snapshot) -> None:
    assert outcome(reader.read(FOOTBALL, snapshot)) == "none"
    known = knowing(snapshot, Taught(FOOTBALL, "en", "none"))
    assert outcome(reader.read(FOOTBALL, known)) == "answered"


def test_taught_texts_are_learned_along_when_models_are_learned(
    reader: Reader, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Phrase] = []
    monkeypatch.setattr(learning, "learn", lambda phrases, _: seen.extend(phrases) or reader._models)
    gone = Taught("donkey bus", "en", "service", "no-such-thing")
    learning.models(knowing(snapshot, TAXI, gone))
    assert Phrase(TAXI.text, "contact", "ka") in seen
    assert len(seen) > 5_000
    assert "donkey bus" not in {one.text for one in seen}


def test_a_synonym_answers_open_questions_and_breaks_nothing(reader: Reader, snapshot: Snapshot) -> None:
    lesson = Lesson("zumbarella", "en", service="passport")
    open_ = ["how do i get a zumbarella", "where is utopia", "I need a zumbarella, what documents"]
    found = teaching.effect(reader, snapshot, lesson, open_, ["what documents for a passport"])
    assert "I need a zumbarella, what documents" in found.answered
    assert "where is utopia" not in found.answered
    assert (found.broken, found.changed) == ((), ())
    assert (found.looked_at > 2_000, found.compared) == (True, 1)
    assert list(found.answered) == teaching.answered(reader, snapshot, lesson, open_)


def test_a_synonym_that_takes_the_words_of_another_service_would_break(reader: Reader, snapshot: Snapshot) -> None:
    lesson, text = Lesson("documents", "en", service="library"), "LLC registration documents"
    found = teaching.effect(reader, snapshot, lesson, [], [text, "hello"])
    assert text in {one.text for one in found.broken}
    assert [one.text for one in found.changed] == [text]


def test_another_name_of_a_place(reader: Reader, snapshot: Snapshot) -> None:
    place = next(one for one in snapshot.places.values() if one.name_en == "Kachreti")
    lesson = Lesson("Zurgovka", "ka", place=place.id)
    found = teaching.effect(reader, snapshot, lesson, ["nearest centre to Zurgovka", "where is utopia"])
    assert found.answered == ("nearest centre to Zurgovka",)
    assert found.broken == ()


def test_a_taught_text_that_contradicts_the_tests_would_break_one(reader: Reader, snapshot: Snapshot) -> None:
    known = next(one for one in teaching._labelled() if one.intent == "hours" and one.locale == "en")
    lesson = Lesson(texts=(Taught(known.text, "en", "none"),))
    found = teaching.effect(reader, snapshot, lesson, [known.text.upper(), "other"])
    assert found.answered == (known.text.upper(),)
    assert [one.meant for one in found.broken] == ["hours"]


def test_what_is_not_there_cannot_be_taught(snapshot: Snapshot) -> None:
    with pytest.raises(KeyError):
        teaching.with_lesson(snapshot, Lesson("x", service="nothing"))
    with pytest.raises(KeyError):
        teaching.with_lesson(snapshot, Lesson("x", place=10**9))
