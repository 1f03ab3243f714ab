"""The load generator, a process of its own: ``python -m bench.load PORT CONNECTIONS FILE``.

FILE holds whole HTTP requests (see ``write``), built and signed beforehand. Each keep-alive connection sends one,
waits for its answer and sends the next. Prints a JSON line: seconds, the seconds of each request, the processor
seconds that the generator itself used, and how many answers were not 200. Only the standard library, no threads:
it must not be what limits the server.
"""

from __future__ import annotations

import json
import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_SIZE = struct.Struct("<I")
_WAIT_SECONDS = 60


class ServerSilent(RuntimeError):
    """The server closed a connection or did not answer for a minute."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run of the generator found."""

    seconds: float
    latencies: list[float]
    own_seconds: float
    refused: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds

    @property
    def own_share(self) -> float:
        """The share of one processor that the generator used; near 1 it was itself the limit."""
        return self.own_seconds / self.seconds


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)


def write(path: Path, requests: Iterable[bytes]) -> None:
    """Writes requests for the generator to send."""
    with path.open("wb") as file:
        for request in requests:
            file.write(_SIZE.pack(len(request)) + request)


def read(path: Path) -> list[bytes]:
    """Reads what ``write`` wrote."""
    content, at = path.read_bytes(), 0
    found: list[bytes] = []
    while at < len(content):
        (size,) = _SIZE.unpack_from(content, at)
        found.append(content[at + _SIZE.size : at + _SIZE.size + size])
        at += _SIZE.size + size
    return found


def run(port: int, connections: int, requests: list[bytes]) -> Outcome:
    """Sends all requests to the server on loopback. Raises ServerSilent."""
    waiting, refused = iter(requests), 0
    latencies: list[float] = []
    with selectors.DefaultSelector() as selector:
        opened = [_Connection(_connect(port)) for _ in range(min(connections, len(requests)))]
        began, own = time.perf_counter(), time.process_time()
        for connection in opened:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            _send(connection, next(waiting))
        while len(latencies) < len(requests):
            ready = selector.select(_WAIT_SECONDS)
            if not ready:
                raise ServerSilent("no answer for a minute")
            for chosen, _ in ready:
                connection = chosen.data
                status = _receive(connection)
                if status is None:
                    continue
                latencies.append(time.perf_counter() - connection.sent_at)
                refused += status != 200
                request = next(waiting, None)
                if request is None:
                    selector.unregister(connection.socket)
                else:
                    _send(connection, request)
        outcome = Outcome(time.perf_counter() - began, latencies, time.process_time() - own, refused)
        for connection in opened:
            connection.socket.close()
    return outcome


def _connect(port: int) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def _send(connection: _Connection, request: bytes) -> None:
    connection.received.clear()
    connection.sent_at = time.perf_counter()
    connection.socket.sendall(request)


def _receive(connection: _Connection) -> int | None:
    """The status of the answer once all of it is here; None while some is missing."""
    arrived = connection.socket.recv(65536)
    if not arrived:
        raise ServerSilent("the server closed a connection")
    connection.received += arrived
    head, found, body = bytes(connection.received).partition(b"\r\n\r\n")
    if not found:
        return None
    lines = head.lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
    return int(lines[0].split()[1]) if len(body) >= length else None


def main(arguments: list[str]) -> int:
    """Runs the generator from the command line."""
    port, connections, path = int(arguments[0]), int(arguments[1]), Path(arguments[2])
    outcome = run(port, connections, read(path))
    json.dump(
        {
            "seconds": outcome.seconds,
            "latencies": outcome.latencies,
            "own_seconds": outcome.own_seconds,
            "refused": outcome.refused,
        },
        sys.stdout,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
