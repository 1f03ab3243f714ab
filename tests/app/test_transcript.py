"""The committed conversations: enough of them, and as the assistant answers today."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from app import transcript
from app.bootstrap import Neighbour

LOCALES = {"ka", "ka-Latn", "en", "ru", "az", "hy"}


def test_the_transcript_is_up_to_date(neighbour: Neighbour) -> None:
    now = transcript.written(neighbour)
    assert transcript.WRITTEN.read_text(encoding="utf-8") == now, "run: mezobeli transcript --write"


def test_there_are_conversations_enough_in_all_languages_on_both_channels() -> None:
    assert transcript.exchanges() >= 60
    assert {scene.channel for scene in transcript.scenes()} >= {"sms", "telegram"}
    page = transcript.WRITTEN.read_text(encoding="utf-8")
    marks = [line.strip("`").split() for line in page.splitlines() if line.startswith("`") and line.endswith("`")]
    assert {mark[0] for mark in marks} >= LOCALES
    assert "none" in {mark[1] for mark in marks}  # refusals among them


def test_a_script_is_replayed_with_the_clock_standing_still(
    neighbour: Neighbour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = [
        {"title": "A text", "channel": "sms", "says": ["centre in Kachreti", "1"]},
        {
            "title": "A chat",
            "channel": "telegram",
            "says": ["help", {"location": [41.8275, 46.2749]}, {"choice": "as:help", "text": ""}],
        },
    ]
    monkeypatch.setattr(transcript, "SCRIPT", tmp_path / "script.yaml")
    transcript.SCRIPT.write_text(yaml.safe_dump(script, allow_unicode=True), encoding="utf-8")
    assert transcript.exchanges() == 5
    page = transcript.written(neighbour)
    assert page == transcript.written(neighbour)
    assert "## 1. A text (sms)" in page
    assert "**centre in Kachreti**" in page
    assert "**(location [41.8275, 46.2749])**" in page
    assert "`en nearest_center, " in page
