"""What staff taught is known by the keys of its words, in every process."""

from __future__ import annotations

import pytest

from knowledge import snapshot, taught
from knowledge.live import LiveKnowledge
from knowledge.taught import Taught
from store.database import Database


@pytest.mark.parametrize(
    ("one", "other"), [("სად ხართ?", "sad xart"), ("ID  Karte!", "id karte"), ("Лагодехи", "ლაგოდეხი")]
)
def test_spelling_and_signs_do_not_matter(one: str, other: str) -> None:
    assert taught.keys_of(one) == taught.keys_of(other) != ""


def test_what_is_taught_is_in_the_next_snapshot_and_what_is_taken_back_is_not(sqlite_database: Database) -> None:
    live = LiveKnowledge(sqlite_database)
    with sqlite_database.write() as session:
        taught.teach(session, Taught("ვირის ტაქსი", "ka", "none"), "staff:Nino")
        row = taught.teach(session, Taught("Viris taksi!", "ka-Latn", "service", "id-card"), "staff:Keti")
    assert live.refresh()
    assert live.current.taught == {row.keys: Taught("Viris taksi!", "ka-Latn", "service", "id-card")}
    with sqlite_database.write() as session:
        assert [one.actor for one in taught.listed(session)] == ["staff:Keti"]
        assert taught.forget(session, row.id) is not None
        assert taught.forget(session, row.id) is None
    with sqlite_database.read() as session:
        assert snapshot.build(session).taught == {}


@pytest.mark.parametrize("text", ["", "?!", "a" * 501])
def test_what_has_no_words_cannot_be_taught(sqlite_database: Database, text: str) -> None:
    with sqlite_database.write() as session, pytest.raises(ValueError, match="expected a text"):
        taught.teach(session, Taught(text, "en", "none"), "staff:Nino")
