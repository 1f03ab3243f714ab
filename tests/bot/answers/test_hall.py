"""The hall, events and news."""

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
        ("my bookings", "my_bookings"),
        ("cancel my booking", "cancel_booking"),
        ("subscribe me to the news", "subscribe"),
        ("unsubscribe me from the news", "unsubscribe"),
    ],
)
def test_each_wish_is_understood_and_answered(text: str, intent: str, talk: Talk) -> None:
    exchange = chat(talk, text)
    assert exchange.understanding.intent == intent
    assert exchange.shown[0].strip()


def test_the_rules_of_the_hall_are_told(talk: Talk) -> None:
    said = "\n".join(chat(talk, "I want to book the hall in Kachreti").shown)
    assert "Kachreti (Gurjaani)" in said
    assert "2 business days" in said
    assert "political" in said


def test_a_known_capacity_is_told_and_an_unknown_one_is_not(talk: Talk, snapshot: Snapshot) -> None:
    known = next(one for one in snapshot.centers.values() if one.hall is not None and one.hall.capacity)
    assert known.hall is not None
    said = "\n".join(chat(talk, f"book the hall in {known.name_en}").shown)
    assert f"for {known.hall.capacity} people" in said
    assert "It has a hall for" not in "\n".join(chat(talk, "book the hall in Kachreti").shown)


def test_no_event_is_made_up(talk: Talk, snapshot: Snapshot) -> None:
    said = chat(talk, "what events are there in Kachreti?").shown[0]
    assert "I know of no announced event" in said
    assert snapshot.hotline.display in said


def test_nothing_on_record_is_called_nothing(talk: Talk, snapshot: Snapshot) -> None:
    assert "I have no booking of yours" in chat(talk, "my bookings").shown[0]
