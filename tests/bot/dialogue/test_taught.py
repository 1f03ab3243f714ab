"""A conversation in which a text means what staff taught: it is answered so, and not kept as a question again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.bootstrap import Neighbour
from console.conversing import Talk
from desk.questions import Question
from knowledge import taught
from knowledge.taught import Taught

TEXT = "who won the football yesterday"


@pytest.fixture
def forgotten(neighbour: Neighbour) -> Iterator[None]:
    """Takes back what the test taught: the neighbour is shared by the session."""
    yield
    with neighbour.database.write() as session:
        for row in taught.listed(session):
            taught.forget(session, row.id)
    neighbour.knowledge.refresh()


def teach(neighbour: Neighbour, *meanings: Taught) -> None:
    with neighbour.database.write() as session:
        for one in meanings:
            taught.teach(session, one, "staff:Nino")
    neighbour.knowledge.refresh()


def kept(talk: Talk) -> list[str]:
    with talk.database.read() as session:
        return list(session.scalars(select(Question.text).where(Question.text.icontains("football"))))


@pytest.mark.usefixtures("forgotten")
def test_what_was_taught_is_in_force_and_not_ours_is_not_kept_again(neighbour: Neighbour, talk: Talk) -> None:
    assert talk.say("sms", "Nino", TEXT).understanding.intent == "none"
    assert kept(talk) == [TEXT]
    teach(neighbour, Taught(TEXT, "en", "help"))
    helped = talk.say("sms", "Nino", f"{TEXT.upper()}?!")
    assert "I can tell you" in helped.reply.texts[0]
    assert helped.understanding.reasons[0] == "taught help"
    teach(neighbour, Taught(TEXT, "en", "none"))
    refused = talk.say("sms", "Keti", TEXT)
    assert refused.understanding.intent == "none"
    assert refused.reply.texts != helped.reply.texts
    assert kept(talk) == [TEXT]


@pytest.mark.usefixtures("forgotten")
def test_a_taught_text_about_a_service_is_answered_with_it(neighbour: Neighbour, talk: Talk) -> None:
    plain = talk.say("telegram", "Nino", "what documents for a passport")
    teach(neighbour, Taught("the red book of crossing", "en", "service", "passport"))
    taught_ = talk.say("telegram", "Keti", "The Red Book of crossing")
    assert (taught_.understanding.intent, taught_.understanding.service) == ("service", "passport")
    assert plain.understanding.service == "passport"
