"""What staff teach is kept, settles its questions, and can be taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk import audit, questions, teaching
from knowledge import history, taught
from knowledge.models import PlaceRow, ServiceRow
from knowledge.taught import Taught
from store.database import Database

BY = audit.staff("Nino")


def test_a_synonym_and_a_name_are_facts_with_their_history(seeded_database: Database) -> None:
    with seeded_database.write() as session:
        questions.keep(session, "red book where", "en", "sms", "none")
        questions.keep(session, "blue book where", "en", "sms", "none")
        place = session.scalars(select(PlaceRow).limit(1)).one()
        teaching.teach_service(session, "passport", "en", " red |  book ", ["red book where"], BY)
        teaching.teach_place(session, place.id, "Old Mill", [], BY)
        assert "red book" in session.get_one(ServiceRow, "passport").synonyms["en"]
        assert "Old Mill" in session.get_one(PlaceRow, place.id).alt_names
        assert history.of(session, "services", "passport")[0].actor == BY
        assert [one.text for one in questions.most_asked(session, 1)] == ["blue book where"]
        assert questions.count(session, 1) == 1
        for unknown in ("nothing", "none"):
            with pytest.raises(LookupError):
                teaching.teach_service(session, unknown, "en", "x", [], BY)
        with pytest.raises(LookupError):
            teaching.teach_place(session, 10**8, "x", [], BY)


def test_a_taught_text_settles_its_questions_until_it_is_taken_back(database: Database) -> None:
    with database.write() as session:
        for text in ("Donkey taxi?", "donkey TAXI", "something else"):
            questions.keep(session, text, "en", "telegram", "none")
        meaning = Taught("Donkey taxi?", "en", "none")
        teaching.teach_texts(session, [meaning], ["Donkey taxi?", "donkey TAXI"], BY)
        assert [one.text for one in questions.most_asked(session, 1)] == ["something else"]
    with database.read() as session:
        (row,) = taught.listed(session)
        assert audit.last(session, "taught_phrase", row.id).details == {"intent": "none"}  # type: ignore[union-attr]
    with database.write() as session:
        assert teaching.forget(session, row.id, BY)
        assert not teaching.forget(session, row.id, BY)
        assert {one.text for one in questions.most_asked(session, 1)} == {
            "Donkey taxi?",
            "donkey TAXI",
            "something else",
        }
