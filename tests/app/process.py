"""``mezobeli`` as a real process: on a free port, in a folder of its own, with no settings but those given."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator

from app.settings import PREFIX
from tests.app.test_settings import PUBLIC, TWILIO
from tests.conftest import ROOT

COMMAND = (sys.executable, "-c", "from app.cli import main; main()")
START_SECONDS = 90


def free_port() -> int:
    """A port on loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**given: str) -> dict[str, str]:
    """The environment of a process: none of our settings but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**kept, "PYTHONPATH": str(ROOT), **{PREFIX + name.upper(): value for name, value in given.items()}}


def command(
    folder: Path, *arguments: str, input: str | None = None, **given: str
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(**given),
        input=input,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )


@dataclass
class Served:
    """A process that serves; ``log`` is what it wrote."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def ask(
        self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """One request; a status that says no is an answer, too. Raises OSError where nobody answers."""
        request = Request(f"http://127.0.0.1:{self.port}{path}", body, dict(headers or {}))
        try:
            with urlopen(request, timeout=20) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def text(self, body: str, sid: str, sender: str = "+995555123456") -> list[str]:
        """A text message as Twilio delivers it, and the answer's messages."""
        form = {
            "MessageSid": sid,
            "AccountSid": TWILIO["twilio_account_sid"],
            "From": sender,
            "To": TWILIO["twilio_from"],
            "Body": body,
            "NumMedia": "0",
        }
        url = PUBLIC["public_url"] + "/sms/inbound"
        signature = RequestValidator(TWILIO["twilio_auth_token"]).compute_signature(url, form)
        status, answer = self.ask("/sms/inbound", urlencode(form).encode(), {"X-Twilio-Signature": signature})
        assert status == 200, (status, answer)
        return [str(message.text) for message in ElementTree.fromstring(answer).iter("Message")]

    def try_out(self, **said: Any) -> dict[str, Any]:
        """What the page to try gets for a message."""
        status, answer = self.ask("/try/say", json.dumps(said).encode(), {"Content-Type": "application/json"})
        assert status == 200, (status, answer)
        made: dict[str, Any] = json.loads(answer)
        return made

    def kill(self) -> None:
        """Ends it and all its children at once, as a loss of power would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def terminate(self) -> float:
        """Asks it to end; how many seconds that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return time.monotonic() - began


@contextmanager
def serving(folder: Path, cache: Path, *arguments: str) -> Iterator[Served]:
    """``mezobeli run`` with a Twilio account, ready to answer; killed at the end if it still lives."""
    port = free_port()
    given = {"port": str(port), "cache_dir": str(cache), "sms_replies_per_hour": "1000", **TWILIO, **PUBLIC}
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*COMMAND, *(arguments or ("run",))],
            cwd=folder,
            env=environment(**given),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    served = Served(process, folder, port)
    try:
        _wait(served)
        yield served
    finally:
        if process.poll() is None:
            served.kill()


def _wait(served: Served) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and served.process.poll() is None:
        try:
            if served.ask("/readyz")[0] == 200:
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"not ready: {served.log[-2000:]}")
