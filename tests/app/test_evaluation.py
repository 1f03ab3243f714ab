"""Counting how well questions are understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app import evaluation
from app.bootstrap import Neighbour
from app.evaluation import BadQuestions, Labelled, Share
from bot.understanding import learning


def written(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_questions_are_read_line_by_line(tmp_path: Path) -> None:
    path = written(
        tmp_path / "questions.jsonl",
        {"text": "help", "intent": "help"},
        "",
        {"text": "passport", "intent": "service", "service": "passport", "place": None, "note": "mine"},
    )
    assert evaluation.read_questions(path) == [
        Labelled("help", "help"),
        Labelled("passport", "service", service="passport"),
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "line 2: expected"),
        ("[1]", "line 2: expected"),
        ({"text": "help"}, "line 2: expected"),
        ({"text": 5, "intent": "help"}, "line 2: expected texts"),
        ({"text": "help", "intent": "dance"}, "line 2: 'dance' is no intent; known are nearest_center"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: Any, said: str) -> None:
    path = written(tmp_path / "questions.jsonl", {"text": "help", "intent": "help"}, row)
    with pytest.raises(BadQuestions) as caught:
        evaluation.read_questions(path)
    assert str(caught.value).startswith(said)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadQuestions, match="UTF-8"):
        evaluation.read_questions(path)


def test_shares_and_percentiles() -> None:
    share = Share()
    assert share.value == 1.0
    share.add(True)
    share.add(False)
    assert (share.value, str(share)) == (0.5, " 50.0% (1/2)")
    assert evaluation.percentile([], 0.5) == 0.0
    assert evaluation.percentile([1, 2, 3, 4], 0.5) == 3
    assert evaluation.percentile([1, 2, 3, 4], 1.0) == 4


def test_answers_are_counted_by_language_and_intent(neighbour: Neighbour) -> None:
    questions = [
        Labelled("სად არის უახლოესი ცენტრი კაჭრეთში?", "nearest_center", place="Kachreti", language="ka"),
        Labelled("what do I need for a passport", "service", service="passport", language="en"),
        Labelled("what do I need for a passport", "thanks", language="ru"),
    ]
    report = evaluation.evaluate(neighbour.reader, neighbour.knowledge.current, questions)
    assert (report.overall.right, report.overall.all) == (2, 3)
    assert (report.by_language["ka"].value, report.by_language["ru"].value) == (1.0, 0.0)
    assert (report.place.value, report.service.value) == (1.0, 1.0)
    assert report.confusions == {("thanks", "service"): 1}
    assert report.sure_and_wrong.right == 1
    assert report.language.right == 2
    assert report.milliseconds == sorted(report.milliseconds)
    page = evaluation.lines(report, "three")
    assert page[0] == "## three"
    assert "| thanks | service | 1 |" in page


def test_the_shipped_questions_can_be_read_and_none_is_a_phrase() -> None:
    root = Path(__file__).parents[2]
    held_out = sorted((root / "bot" / "data" / "held_out").glob("*.jsonl"))
    assert {file.stem for file in held_out} == {"ka", "en", "ru", "az", "hy"}
    learned = {phrase.text for phrase in learning.read_phrases(learning.PHRASES)}
    kept_aside = [question for file in held_out for question in evaluation.read_questions(file)]
    blind = sorted((root / "evaluation").glob("*.jsonl"))
    assert blind
    assert all(map(evaluation.read_questions, blind))
    assert not learned & {question.text for question in kept_aside}
    assert len(learned) + len(kept_aside) >= 2_000
