"""``mezobeli evaluate`` and ``transcript``: reports and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import transcript
from app.transcript import Transcript
from tests.app.cli.conftest import Mezobeli

RIGHT = {"text": "nearest centre in Kachreti", "intent": "nearest_center", "place": "Kachreti", "language": "en"}
WRONG = {"text": "nearest centre in Kachreti", "intent": "thanks", "language": "en"}


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, (RIGHT, RIGHT, RIGHT, WRONG))), encoding="utf-8")
    return path


def test_the_report_is_printed_and_written(answering: Mezobeli, questions: Path, tmp_path: Path) -> None:
    ended = answering("evaluate", "--out", tmp_path / "report.md", questions, questions)
    assert ended.exit_code == 0
    assert "- right:  75.0% (3/4)" in ended.stdout
    assert "| thanks | nearest_center | 1 |" in ended.stdout
    assert "ms for 99 %" in ended.stdout
    written = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert written.startswith("# How well questions are understood\n")
    assert written.count("## questions.jsonl (4 questions)") == 2
    assert "| en |  75.0% (3/4) |" in written


@pytest.mark.parametrize(("minimum", "code"), [("0.75", 0), ("0.76", 1)])
def test_below_the_minimum_it_fails(answering: Mezobeli, questions: Path, minimum: str, code: int) -> None:
    ended = answering("evaluate", "--min", minimum, questions)
    assert ended.exit_code == code
    assert ("below 76.0%" in ended.stderr) is bool(code)


def test_one_bad_file_of_two_fails(answering: Mezobeli, questions: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.jsonl"
    good.write_text(json.dumps(RIGHT), encoding="utf-8")
    assert answering("evaluate", "--min", "1", good).exit_code == 0
    assert answering("evaluate", "--min", "1", questions, good).exit_code == 1


def test_a_line_that_is_no_question_is_one_sentence(mezobeli: Mezobeli, questions: Path) -> None:
    questions.write_text(json.dumps(RIGHT) + "\n{}\n", encoding="utf-8")
    ended = mezobeli("evaluate", questions)  # known before anything is built
    assert ended.exit_code == 2
    assert ended.stdout == ""
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith("questions.jsonl: line 2: expected")


@pytest.mark.parametrize(
    "arguments", [[], ["--min", "2", "--places", "1"], ["--places", "-1"], ["--places", "some"], ["nowhere.jsonl"]]
)
def test_wrong_arguments_are_refused(mezobeli: Mezobeli, arguments: list[str]) -> None:
    ended = mezobeli("evaluate", *arguments)
    assert ended.exit_code == 2
    assert "Usage:" in ended.stderr


def test_places_are_tried_on_their_own(answering: Mezobeli, tmp_path: Path) -> None:
    ended = answering("evaluate", "--places", "3", "--min", "0.5", "--out", tmp_path / "report.md")
    assert ended.exit_code == 0, ended.output
    assert "## Understanding places" in ended.stdout
    assert "| **all** |" in ended.stdout
    assert "p99" in ended.stdout
    written = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "## Understanding places" in written
    assert "### Most frequent confusions" in written
    assert [line for line in written.splitlines() if line.startswith("# ")] == [
        "# How well questions are understood"
    ]


def test_places_and_questions_share_a_report(answering: Mezobeli, questions: Path, tmp_path: Path) -> None:
    ended = answering("evaluate", questions, "--places", "1", "--out", tmp_path / "report.md")
    assert ended.exit_code == 0
    written = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert written.index("## questions.jsonl") < written.index("## Understanding places")


def test_the_transcript_is_printed_or_written(
    answering: Mezobeli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Transcript("One", tmp_path / "script.yaml")
    monkeypatch.setattr(transcript, "TRANSCRIPTS", (one,))
    one.script.write_text('[{title: Asking, channel: sms, says: ["help"]}]', encoding="utf-8")
    printed = answering("transcript")
    assert "## 1. Asking (sms)" in printed.stdout
    assert not one.page.exists()
    assert answering("transcript", "--write").stdout == f"1 exchanges written to {one.page}\n"
    assert one.page.read_text(encoding="utf-8") + "\n" == printed.stdout
