"""The committed conversations: enough of them, and as the assistant answers today."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from app.bootstrap import Neighbour
from app.transcript import NOTHING, TRANSCRIPTS, Transcript, written

LOCALES = {"ka", "ka-Latn", "en", "ru", "az", "hy"}
CONVERSATIONS, BOOKINGS = TRANSCRIPTS


def marks(page: str) -> list[list[str]]:
    """Language, intent and size under each answer."""
    return [line.strip("`").split() for line in page.splitlines() if line.startswith("`") and line.endswith("`")]


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda one: one.script.stem)
def test_the_transcript_is_up_to_date(transcript: Transcript, neighbour: Neighbour) -> None:
    now = written(neighbour, transcript)
    assert transcript.page.read_text(encoding="utf-8") == now, "run: mezobeli transcript --write"


def test_there_are_conversations_enough_in_all_languages_on_both_channels() -> None:
    assert CONVERSATIONS.exchanges() >= 60
    assert {scene.channel for scene in CONVERSATIONS.scenes()} >= {"sms", "telegram"}
    found = marks(CONVERSATIONS.page.read_text(encoding="utf-8"))
    assert {mark[0] for mark in found} >= LOCALES
    assert "none" in {mark[1] for mark in found}  # refusals among them


def test_there_is_a_booking_in_each_language_on_each_channel() -> None:
    scenes = BOOKINGS.page.read_text(encoding="utf-8").split("\n## ")[1:]
    assert len(scenes) == 12
    booked = []
    for scene in scenes:
        channel = scene.splitlines()[0].rpartition("(")[2].rstrip(")")
        assert "*(the centre: " in scene
        assert NOTHING not in scene
        languages = [mark[0] for mark in marks(scene)]
        booked.append((max(set(languages), key=languages.count), channel))
    assert sorted(booked) == sorted((locale, channel) for locale in LOCALES for channel in ("sms", "telegram"))


def test_every_text_message_of_a_booking_is_of_two_segments_at_most() -> None:
    sizes = [mark[2] for mark in marks(BOOKINGS.page.read_text(encoding="utf-8")) if len(mark) > 3]
    assert sizes
    assert set(sizes) <= {"1", "2"}


def test_a_script_is_replayed_with_the_clock_standing_still(neighbour: Neighbour, tmp_path: Path) -> None:
    script = [
        {"title": "A text", "channel": "sms", "says": ["centre in Kachreti", "1"]},
        {
            "title": "A chat",
            "channel": "telegram",
            "says": ["help", {"location": [41.8275, 46.2749]}, {"choice": "as:help", "text": ""}],
        },
    ]
    made = Transcript("Talks", tmp_path / "script.yaml")
    made.script.write_text(yaml.safe_dump(script, allow_unicode=True), encoding="utf-8")
    assert made.exchanges() == 5
    page = written(neighbour, made)
    assert page == written(neighbour, made)
    assert "## 1. A text (sms)" in page
    assert "**centre in Kachreti**" in page
    assert "**(location [41.8275, 46.2749])**" in page
    assert "`en nearest_center, " in page
