"""The SMS webhook under load beside an empty Flask route, on one process, in the same run.

Every request is a signed Twilio form with a MessageSid of its own. "New senders" write for the first time:
resident, contact, conversation and message are all stored. "Known senders" write again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench import load, processes, texts
from bench.figures import Latency, latency, middle
from bench.load import Outcome
from bench.processes import Kind
from bench.serving import PROFILE

PATH = "/sms/inbound"
CONNECTIONS = 8
"""As many as the server has threads (the default of MEZOBELI_THREADS)."""

_FIRST_NUMBER = 555_000_000
_WARM_UP = 300
_EMPTY = b"GET /bench/empty HTTP/1.1\r\nHost: bench\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Round:
    """One round: the empty route, the webhook for new senders, the webhook for known senders."""

    empty: Outcome
    new: Outcome
    known: Outcome

    @property
    def ratio(self) -> float:
        """The webhook's requests a second in terms of the empty route's; new senders."""
        return self.new.rate / self.empty.rate

    @property
    def known_ratio(self) -> float:
        """The same for known senders."""
        return self.known.rate / self.empty.rate


@dataclass(frozen=True, slots=True)
class Throughput:
    """All rounds on one kind of database; ``alone`` is the webhook's latency when one request comes at a time."""

    kind: Kind
    rounds: tuple[Round, ...]
    alone: Latency
    megabytes: float

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios, for new senders."""
        return statistics.median(one.ratio for one in self.rounds)

    @property
    def under_load(self) -> Latency:
        """The webhook's latency with all connections busy; new senders."""
        return middle([latency(one.new.latencies) for one in self.rounds])

    @property
    def generator_share(self) -> float:
        """The most of a processor that the load generator used; near 1 it would be the limit."""
        return max(one.empty.own_share for one in self.rounds)


class Posts:
    """Signed requests, each with its own MessageSid; ``senders`` counts up from number to number."""

    def __init__(self) -> None:
        self._texts = itertools.cycle(texts.questions())
        self._sid = itertools.count(1)
        self._number = _FIRST_NUMBER

    def from_new(self, count: int) -> list[bytes]:
        """Requests of people who have never written."""
        self._number += count
        return [self._post(number) for number in range(self._number - count, self._number)]

    def from_known(self, count: int) -> list[bytes]:
        """Requests of the people who wrote in the last ``from_new``."""
        return [self._post(number) for number in range(self._number - count, self._number)]

    def _post(self, number: int) -> bytes:
        sid = f"SM{next(self._sid):032x}"
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": processes.ACCOUNT_SID,
            "MessagingServiceSid": "MG" + "0" * 32,
            "From": f"+995{number}",
            "To": processes.SENDER,
            "Body": next(self._texts),
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "FromCountry": "GE",
            "ApiVersion": "2010-04-01",
        }
        body = urlencode(form).encode()
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {signature(form)}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def signature(form: dict[str, str]) -> str:
    """Twilio's signature: HMAC-SHA1 over the public address and the sorted form."""
    signed = processes.PUBLIC_URL + PATH + "".join(name + form[name] for name in sorted(form))
    digest = hmac.new(processes.AUTH_TOKEN.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def measure(kind: Kind, folder: Path, cache: Path, requests: int, rounds: int) -> Throughput:
    """Measures the webhook on one kind of database. Raises RuntimeError where an answer is not 200."""
    with _serving(kind, folder, cache) as port:
        posts = Posts()
        _send(port, folder, [_EMPTY] * _WARM_UP)
        _send(port, folder, posts.from_new(min(requests, _WARM_UP)))
        measured = tuple(_round(port, folder, posts, requests) for _ in range(rounds))
        alone = _send(port, folder, posts.from_new(requests), connections=1)
        megabytes = float(processes.fetch(port, "/bench/memory")[1])
    return Throughput(kind, measured, latency(alone.latencies), megabytes)


def profile(kind: Kind, folder: Path, cache: Path, requests: int, target: Path) -> None:
    """Writes a cProfile of the worker's webhook requests (new senders) to ``target``."""
    with _serving(kind, folder, cache, {PROFILE: str(target.absolute())}) as port:
        _send(port, folder, Posts().from_new(requests))
        processes.fetch(port, "/bench/profile")


@contextmanager
def _serving(kind: Kind, folder: Path, cache: Path, more: Mapping[str, str] | None = None) -> Iterator[int]:
    port = processes.free_port()
    with processes.database(kind, folder) as url:
        environ = {**processes.environment(folder, url, cache, port), **(more or {})}
        with processes.server(["-m", "bench.serving"], folder, environ, port):
            yield port


def _round(port: int, folder: Path, posts: Posts, requests: int) -> Round:
    return Round(
        empty=_send(port, folder, [_EMPTY] * requests * 2),
        new=_send(port, folder, posts.from_new(requests)),
        known=_send(port, folder, posts.from_known(requests)),
    )


def _send(port: int, folder: Path, requests: list[bytes], connections: int = CONNECTIONS) -> Outcome:
    path = folder / "requests.bin"
    load.write(path, requests)
    command = [sys.executable, "-m", "bench.load", str(port), str(connections), str(path)]
    done = subprocess.run(command, cwd=texts.ROOT, check=True, capture_output=True, text=True)
    outcome = Outcome(**json.loads(done.stdout))
    if outcome.refused:
        raise RuntimeError(f"{outcome.refused} of {len(requests)} answers were not 200: see the server's log")
    return outcome
