"""Learning from phrases: the same phrases, the same models, and learned only once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.understanding import learning
from bot.understanding.learning import learn, mistyped, models
from bot.understanding.phrases import Phrase
from bot.understanding.reader import Reader
from knowledge.service_index import ServiceIndex
from knowledge.snapshot import Snapshot
from knowledge.types import Locale

FEW: list[tuple[str, str, Locale]] = [
    ("when is the centre open", "hours", "en"),
    ("opening hours please", "hours", "en"),
    ("are you open on friday", "hours", "en"),
    ("როდის არის ღია", "hours", "ka"),
    ("რომელ საათზე იხსნება", "hours", "ka"),
    ("what is the telephone number", "contact", "en"),
    ("give me the phone number", "contact", "en"),
    ("ტელეფონის ნომერი მომეცი", "contact", "ka"),
    ("telefonis nomeri minda", "contact", "ka-Latn"),
    ("will it rain tomorrow", "none", "en"),
    ("who won the football", "none", "en"),
    ("ამინდი როგორია", "none", "ka"),
]
PHRASES = [Phrase(text, intent, locale) for text, intent, locale in FEW] * 2
SERVICES = ("passport", "id-card", "library")
PASSPORT = Phrase("i want a new passport", "service", "en", service="passport")


@pytest.fixture(scope="module", name="snapshot")
def small_catalogue(snapshot: Snapshot) -> Snapshot:
    """The knowledge with three services only, so that learning takes no time."""
    services = {slug: snapshot.services[slug] for slug in SERVICES}
    return replace(snapshot, services=services, service_index=ServiceIndex(services.values()))


def test_a_few_phrases_are_enough_to_learn_from(snapshot: Snapshot) -> None:
    reader = Reader(learn([*PHRASES, PASSPORT, PASSPORT], snapshot))
    assert reader.read("when is it open", snapshot).intent == "hours"
    assert reader.read("the phone number please", snapshot).intent == "contact"
    assert reader.read("football tomorrow", snapshot).intent == "none"
    assert reader.read("i want a passport", snapshot).service == "passport"


def test_the_same_phrases_teach_the_same(snapshot: Snapshot) -> None:
    one, two = Reader(learn(PHRASES, snapshot)), Reader(learn(PHRASES, snapshot))
    for text in ("when is it open", "რა ნომერია", "pizza"):
        assert one.read(text, snapshot) == two.read(text, snapshot)


def test_a_service_that_is_not_in_the_catalogue_is_not_learned(snapshot: Snapshot) -> None:
    made_up = Phrase("unicorn licence", "service", "en", service="unicorn-licence")
    assert "unicorn-licence" not in learn([*PHRASES, made_up], snapshot).services.labels


def test_the_catalogue_alone_teaches_every_service_that_has_words(snapshot: Snapshot) -> None:
    assert set(learn(PHRASES, snapshot).services.labels) == set(SERVICES)


def test_nothing_to_learn_from_is_an_error(snapshot: Snapshot) -> None:
    with pytest.raises(ValueError, match="nothing to learn"):
        learn([], snapshot)


@pytest.mark.parametrize("word", ["passport", "საბუთები", "паспорт", "centre"])
def test_a_hurried_hand_writes_a_word_the_same_wrong_way_each_time(word: str) -> None:
    assert mistyped(word) == mistyped(word)
    assert abs(len(mistyped(word)) - len(word)) <= 1
    assert mistyped(word)[0] == word[0]


def test_what_was_learned_is_kept_and_not_learned_again(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "read_phrases", lambda _: PHRASES)
    first = models(snapshot, tmp_path)
    monkeypatch.setattr(learning, "read_phrases", lambda _: pytest.fail("learned a second time"))
    second = models(snapshot, tmp_path)
    one, two = Reader(first), Reader(second)
    assert one.read("when is it open", snapshot).intent == two.read("when is it open", snapshot).intent


def test_a_damaged_cache_is_learned_anew(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "read_phrases", lambda _: PHRASES)
    models(snapshot, tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / "intents.npz").write_bytes(b"PK\x03\x04 cut off in the middle")
    assert "hours" in models(snapshot, tmp_path).intents.labels
    shutil.rmtree(folder)
    assert "hours" in models(snapshot, tmp_path).intents.labels


def test_without_a_place_to_keep_it_learning_still_works(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "read_phrases", lambda _: PHRASES)
    blocked = tmp_path / "a file and no folder"
    blocked.write_text("")
    assert "hours" in models(snapshot, blocked).intents.labels
    assert "hours" in models(snapshot, None).intents.labels


def test_other_words_make_another_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = tmp_path / "bot" / "data"
    shutil.copytree(learning.DATA, copied)
    for code in learning._CODE:
        source, target = learning.DATA.parents[1] / code, tmp_path / code
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    monkeypatch.setattr(learning, "DATA", copied)
    before = learning.fingerprint()
    assert before == learning.fingerprint()
    (copied / "yes_no.yaml").write_text("'yes': {en: [aye]}\n")
    assert learning.fingerprint() != before
