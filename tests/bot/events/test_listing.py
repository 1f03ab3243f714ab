"""Events and news."""

from __future__ import annotations

import pytest

from console.conversing import Exchange, Talk
from knowledge.snapshot import Snapshot


def chat(talk: Talk, *texts: str) -> Exchange:
    return [talk.say("telegram", "resident", text) for text in texts][-1]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("are there any events in Kachreti?", "events"),
        ("subscribe me to the news", "subscribe"),
        ("unsubscribe me from the news", "unsubscribe"),
    ],
)
def test_each_wish_is_understood_and_answered(text: str, intent: str, talk: Talk) -> None:
    exchange = chat(talk, text)
    assert exchange.understanding.intent == intent
    assert exchange.shown[0].strip()


def test_no_event_is_made_up(talk: Talk, snapshot: Snapshot) -> None:
    said = chat(talk, "what events are there in Kachreti?").shown[0]
    assert "I know of no announced event" in said
    assert snapshot.hotline.display in said
