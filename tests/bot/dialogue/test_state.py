"""The state of a conversation survives the database, and does not outlive its memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.state import IDLE, MEMORY, Pending, State
from desk.messages import Channel

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
IDS = st.integers(1, 2**53)
WORDS = st.text(max_size=60)

PENDINGS = st.builds(
    Pending,
    kind=st.sampled_from(["place", "intent", "service", "forget", "home", "language"]),
    text=WORDS,
    intent=st.none() | WORDS,
    service=st.none() | WORDS,
    candidates=st.lists(IDS, max_size=20),
)
STATES = st.builds(
    State,
    place=st.none() | IDS,
    center=st.none() | IDS,
    service=st.none() | WORDS,
    intent=st.none() | WORDS,
    language=st.none() | st.sampled_from(["ka", "ka-Latn", "en", "ru", "az", "hy"]),
    choices=st.lists(WORDS, max_size=20),
    pending=st.none() | PENDINGS,
    failures=st.integers(0, 9),
)


@given(STATES)
def test_a_state_comes_back_from_json_as_it_was(state: State) -> None:
    stored = json.loads(json.dumps(state.to_json()))
    assert State.from_json(stored, NOW, NOW, "sms") == state


def test_an_empty_state_is_empty_json() -> None:
    assert State().to_json() == {}
    assert State.from_json({}, NOW, NOW, "sms") == State()


@pytest.mark.parametrize(
    ("channel", "idle"),
    [
        ("sms", timedelta(0)),
        ("sms", timedelta(hours=24)),
        ("whatsapp", MEMORY),
        ("telegram", timedelta(minutes=30)),
    ],
)
def test_while_a_question_is_not_idle_everything_counts(channel: Channel, idle: timedelta) -> None:
    state = State(
        place=1, center=2, intent="hours", pending=Pending("place", "text"), failures=1, form={"center": 2}
    )
    assert State.from_json(state.to_json(), NOW, NOW + idle, channel) == state


def test_a_question_lapses_before_what_was_talked_about() -> None:
    state = State(center=2, choices=["hall:yes"], pending=Pending("yes_no"), form={"center": 2})
    late = NOW + IDLE["telegram"] + timedelta(seconds=1)
    assert State.from_json(state.to_json(), NOW, late, "telegram") == State(center=2, lapsed=True)


def test_without_a_question_nothing_lapses() -> None:
    state = State(center=2, choices=["center:kachreti"])
    assert State.from_json(state.to_json(), NOW, NOW + MEMORY, "telegram") == state


@pytest.mark.parametrize("channel", ["telegram", "sms", "whatsapp"])
def test_after_the_memory_only_the_language_is_left(channel: Channel) -> None:
    state = State(place=1, center=2, language="ru", choices=["lang:ka"], failures=1)
    late = NOW + max(MEMORY, IDLE[channel]) + timedelta(seconds=1)
    assert State.from_json(state.to_json(), NOW, late, channel) == State(language="ru")


def test_a_lapse_is_told_once_and_not_kept() -> None:
    assert "lapsed" not in State(lapsed=True).to_json()


def test_what_another_version_wrote_is_passed_over() -> None:
    assert State.from_json({"place": 7, "mood": "cheerful"}, NOW, NOW, "sms") == State(place=7)
