"""``mezobeli ask`` and ``chat``: the contract that checks outside the project rely on."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Neighbour
from bot.understanding.parse import INTENTS
from knowledge.types import LOCALES
from tests.app import process
from tests.app.cli.conftest import Mezobeli

KEYS = [
    "text",
    "language",
    "intent",
    "confidence",
    "place",
    "service",
    "center",
    "reply",
    "segments",
    "encoding",
    "ms",
]

KACHRETI = {"name_en": "Kachreti", "municipality_en": "Gurjaani"}


def batch(path: Path, *rows: dict[str, Any] | str) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def answers(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_real_process_answers_in_one_line_of_json(neighbour: Neighbour, cache_dir: Path, tmp_path: Path) -> None:
    text = "სად არის უახლოესი ცენტრი კაჭრეთში"
    ended = process.command(tmp_path, "ask", "--json", text, cache_dir=str(cache_dir))
    assert (ended.returncode, ended.stderr) == (0, "")
    (answer,) = answers(ended.stdout)
    assert list(answer) == KEYS
    assert answer["text"] == text
    assert (answer["language"], answer["intent"]) == ("ka", "nearest_center")
    assert (answer["place"], answer["center"]) == (KACHRETI, KACHRETI)
    assert "კაჭრეთ" in answer["reply"][0]
    assert "კაჭრეთ" in ended.stdout  # as letters, not as codes


QUESTIONS = [
    "სად არის უახლოესი ცენტრი კაჭრეთში",
    "pasporti ra ghirs",
    "where can I get a passport near Lagodekhi",
    "Где ближайший центр в Качрети?",
    "Marneulidə mərkəz haradadır",
    "Ախալքալաքում կենտրոնը որտեղ է",
    "what is the weather like",
    "Akhalsopeli",
    "",
    "?!",
    "😀" * 200,
    "a" * 5_000,
    "\ud83d half a letter",
]


@pytest.mark.parametrize("channel", ["sms", "telegram", "whatsapp"])
def test_every_answer_has_exactly_the_keys_of_the_contract(
    answering: Mezobeli, tmp_path: Path, channel: str
) -> None:
    path = batch(tmp_path / "batch.jsonl", *(json.dumps({"text": text}) for text in QUESTIONS))
    ended = answering("ask", "--json", "--channel", channel, "--batch", path)
    assert ended.exit_code == 0, ended.output
    given = answers(ended.stdout)
    assert len(given) == len(QUESTIONS)
    for answer in given:
        assert list(answer) == KEYS
        assert answer["language"] in LOCALES
        assert answer["intent"] in INTENTS
        assert 0 <= answer["confidence"] <= 1
        for thing in (answer["place"], answer["center"]):
            assert thing is None or set(thing) == {"name_en", "municipality_en"}
        assert answer["service"] is None or isinstance(answer["service"], str)
        assert all(isinstance(text, str) and text for text in answer["reply"])
        assert answer["ms"] > 0
        if channel != "sms":
            assert (answer["segments"], answer["encoding"]) == (0, None)
        elif answer["reply"]:
            assert answer["encoding"] in {"GSM-7", "UCS-2"}
            assert 1 <= answer["segments"] <= 2


def test_lines_of_one_sender_are_one_conversation(answering: Mezobeli, tmp_path: Path) -> None:
    path = batch(
        tmp_path / "batch.jsonl",
        {"text": "nearest centre in Kachreti", "from": "Nino"},
        {"text": "nearest centre in Lagodekhi", "from": 7},
        {"text": "and the phone?", "from": "Nino"},
        {"text": "and the phone?", "from": 7},
        {"text": "and the phone?"},
        {"text": "and the phone?", "from": "line 5"},
        {"text": "nearest centre in Kachreti", "from": 0},
        {"text": "and the phone?", "from": 0},
    )
    ended = answering("ask", "--json", "--batch", path)
    centers = [answer["center"] and answer["center"]["name_en"] for answer in answers(ended.stdout)]
    assert centers[0] == centers[2] == "Kachreti"
    assert centers[1] == centers[3] != "Kachreti"
    assert centers[4] is None
    assert centers[5] is None
    assert centers[6] == centers[7] == "Kachreti"


def test_a_batch_comes_from_the_standard_input_too(answering: Mezobeli) -> None:
    ended = answering("ask", "--json", "--batch", "-", input='{"text": "help"}\n\n{"text": "thanks"}\n')
    assert [answer["intent"] for answer in answers(ended.stdout)] == ["help", "thanks"]


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '"text"', "7", "null", "{}", '{"text": null}', '{"text": 5}', '{"question": "help"}', "[" * 9_000],
)
def test_a_bad_line_is_one_sentence(answering: Mezobeli, line: str) -> None:
    ended = answering("ask", "--json", "--batch", "-", input=f'{{"text": "help"}}\n{line}\n')
    assert ended.exit_code == 2
    assert len(answers(ended.stdout)) == 1
    (sentence,) = ended.stderr.splitlines()
    assert sentence.startswith('line 2 is not a JSON object with a "text": ')


def test_a_batch_that_is_no_text_is_one_sentence(answering: Mezobeli, tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_bytes(b'{"text": "\xff"}\n')
    ended = answering("ask", "--batch", path)
    assert (ended.exit_code, ended.stderr) == (2, "the batch is not UTF-8 text\n")


@pytest.mark.parametrize("arguments", [[], ["help", "--batch", "-"], ["--channel", "pigeon", "help"]])
def test_wrong_arguments_are_refused(answering: Mezobeli, arguments: list[str]) -> None:
    ended = answering("ask", *arguments)
    assert ended.exit_code == 2
    assert "Usage:" in ended.stderr


def test_a_file_that_is_not_there_is_refused(answering: Mezobeli) -> None:
    ended = answering("ask", "--batch", "nowhere.jsonl")
    assert ended.exit_code != 0
    assert "nowhere.jsonl" in ended.stderr
    assert "Traceback" not in ended.output


def test_for_people_only_the_answer_is_printed(answering: Mezobeli) -> None:
    text = answering("ask", "nearest centre in Kachreti")
    chat = answering("ask", "--channel", "telegram", "Akhalsopeli")
    assert "Kachreti" in text.stdout
    assert "{" not in text.stdout
    assert "  1. [" in chat.stdout


def test_chat_talks_until_an_empty_line(answering: Mezobeli) -> None:
    ended = answering("chat", input="nearest centre in Kachreti\nand the phone?\n\nnever read\n")
    assert ended.exit_code == 0
    assert ended.stdout.count("[en ") == 2
    assert "segment(s) GSM-7" in ended.stdout
    assert "never" not in ended.stdout


def test_chat_ends_at_the_end_of_the_input(answering: Mezobeli) -> None:
    ended = answering("chat", "--channel", "telegram", input="help\n")
    assert ended.exit_code == 0
    assert "segment(s)" not in ended.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are bytes only on POSIX")
def test_an_argument_that_is_no_text_is_answered(answering: Mezobeli) -> None:
    ended = answering("ask", "--json", "\udcff")
    assert ended.exit_code == 0, ended.output
    assert len(answers(ended.stdout)) == 1
