"""Log lines carry no telephone number and no resident's text, whoever wrote the line."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from app.logs import mask
from tests.conftest import ROOT

PHONE = "+995555123456"


def masked(**event: Any) -> dict[str, Any]:
    return dict(mask(None, "info", event))


@pytest.mark.parametrize("name", ["address", "phone", "number", "chat", "from_", "to"])
def test_an_address_shows_its_last_two_characters(name: str) -> None:
    assert masked(**{name: PHONE}) == {name: "***********56"}
    assert masked(**{name: 123456789}) == {name: "*******89"}


@pytest.mark.parametrize("name", ["text", "texts", "body", "question"])
def test_of_a_text_only_its_length_shows(name: str) -> None:
    assert masked(**{name: "where is my passport"}) == {name: "<20 characters>"}


def test_numbers_are_masked_wherever_they_turn_up() -> None:
    line = masked(
        event=f"refused {PHONE}",
        words=["ring 599 12-34-56", {"to": PHONE, "text": "hello", "mail": "me@example.org"}],
        error=f"no such number {PHONE}",
    )
    assert line == {
        "event": "refused <number>",
        "words": ["ring <number>", {"to": "***********56", "text": "<5 characters>", "mail": "<mail>"}],
        "error": "no such number <number>",
    }


def test_what_is_no_personal_datum_stays() -> None:
    line = {
        "event": "knowledge_loaded",
        "places": 4248,
        "timestamp": "2026-11-24T07:00:00.000000Z",
        "level": "info",
    }
    assert masked(**line) == line


WRITER = """
import logging
import structlog
from app import logs
from app.settings import Settings

logs.configure(Settings(log_format="{form}", log_level="{level}", _env_file=None))
log = structlog.get_logger()
log.debug("small_talk")
log.info("received", address="{phone}", text="where is my passport")
try:
    raise ValueError("cannot write to {phone}")
except ValueError:
    log.exception("broke")
    logging.getLogger("elsewhere").exception("library broke for %s", "{phone}")
logging.getLogger("elsewhere").warning("told by a library: {phone}")
logging.getLogger("httpx").info("POST /bot123:token/sendMessage {phone}")
logging.getLogger("apscheduler.executors.default").info("job executed, as every five seconds")
"""


def lines_of(form: str, level: str = "info") -> str:
    code = WRITER.format(form=form, level=level, phone=PHONE)
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ended.stdout == ""
    return ended.stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_process_logs_to_stderr_without_personal_data(form: str) -> None:
    written = lines_of(form)
    assert "received" in written
    assert "told by a library" in written
    assert "ValueError: cannot write to <number>" in written
    assert PHONE not in written
    assert "555123" not in written
    assert "where is my passport" not in written
    assert "sendMessage" not in written
    assert "small_talk" not in written


def test_json_lines_are_one_object_each() -> None:
    lines = [json.loads(line) for line in lines_of("json", "debug").splitlines()]
    assert [line["event"] for line in lines][:3] == ["small_talk", "received", "broke"]
    assert all({"level", "timestamp"} <= line.keys() for line in lines)
    assert "Traceback" in lines[2]["exception"]


def test_the_level_holds_for_libraries_too() -> None:
    assert [json.loads(line)["level"] for line in lines_of("json", "error").splitlines()] == ["error", "error"]
