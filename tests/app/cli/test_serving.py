"""``run``, ``web``, ``bot`` and ``worker``: what each refuses, and that the long-running ones end when told."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from app.bootstrap import Neighbour
from tests.app import process
from tests.app.cli.conftest import Mezobeli
from tests.app.conftest import SetUp
from tests.app.test_settings import TOKEN, WEBHOOK


def test_the_bot_needs_a_token(mezobeli: Mezobeli) -> None:
    ended = mezobeli("bot")
    assert ended.exit_code == 1
    assert "MEZOBELI_TELEGRAM_TOKEN is not set" in ended.stderr


@pytest.mark.parametrize("command", ["bot", "worker"])
def test_a_port_for_metrics_that_is_taken_is_one_friendly_sentence(
    mezobeli: Mezobeli, set_up: SetUp, command: str
) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen(1)
        port = somebody.getsockname()[1]
        set_up(telegram_token=TOKEN, metrics_port=str(port))
        ended = mezobeli(command)
    assert ended.exit_code == 2
    (sentence,) = ended.stderr.splitlines()
    assert f"port {port} of 127.0.0.1 is taken" in sentence
    assert "MEZOBELI_METRICS_PORT to another port" in sentence


def test_nothing_polls_in_webhook_mode(mezobeli: Mezobeli, set_up: SetUp) -> None:
    set_up(**WEBHOOK)
    ended = mezobeli("bot")
    assert ended.exit_code == 1
    assert "nothing polls" in ended.stderr


@pytest.mark.parametrize("workers", ["0", "-1", "many"])
def test_workers_are_counted_from_one(mezobeli: Mezobeli, workers: str) -> None:
    assert mezobeli("web", "--workers", workers).exit_code == 2


@pytest.mark.parametrize("role", ["bot", "worker"])
def test_a_process_without_pages_tells_its_metrics_and_ends_when_told(
    neighbour: Neighbour, cache_dir: Path, tmp_path: Path, role: str
) -> None:
    port = process.free_port()
    given = {"telegram_token": TOKEN, "telegram_api_base": "http://127.0.0.1:1", "cache_dir": str(cache_dir)}
    given["metrics_port"] = str(port)
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(
            [*process.COMMAND, role], cwd=tmp_path, env=process.environment(**given), stderr=log
        )
    try:
        until = time.monotonic() + process.START_SECONDS
        while b"started" not in (tmp_path / "log").read_bytes():
            assert running.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as response:
            told = response.read().decode()
        assert "mezobeli_database_up 1.0" in told
        assert ("mezobeli_tick_leading 1.0" in told) is (role == "worker")
        began = time.monotonic()
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0
        assert time.monotonic() - began < 8
    finally:
        running.kill()
    written = (tmp_path / "log").read_text(encoding="utf-8")
    assert "Traceback" not in written
    assert TOKEN not in written


def test_many_processes_serve_one_port(neighbour: Neighbour, cache_dir: Path, tmp_path: Path) -> None:
    with process.serving(tmp_path, cache_dir, "web", "--workers", "2") as served:
        answers = [served.text("help", f"SM{number}", f"+99555500{number:04}") for number in range(20)]
        assert all(answers)
        assert served.text("something else", "SM3", "+995555000003") == answers[3]
        assert served.terminate() < 8
        assert "Traceback" not in served.log
