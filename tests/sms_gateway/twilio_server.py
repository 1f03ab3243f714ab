"""A Twilio on loopback: sending a message and looking messages up, answered as Twilio answers them."""

from __future__ import annotations

import base64
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from store import clock

MESSAGES: dict[int, tuple[int, str]] = {
    21211: (400, "Invalid 'To' Phone Number: {to}"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21614: (400, "To number: {to}, is not a mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21635: (400, "'To' number cannot be a landline"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    30003: (400, "Unreachable destination handset"),
    30005: (400, "Unknown destination handset"),
    30006: (400, "Landline or unreachable carrier"),
    30007: (400, "Message filtered"),
    20003: (401, "Authenticate"),
}


@dataclass
class TwilioServer:
    """``fail_with`` holds one entry for each message to take: an error code, seconds of delay, None, "hangup",
    which takes the message and says nothing, "late", which takes it and answers after ``patience`` seconds, or
    "reset", which does not even take it. ``messages`` are those that were taken, the latest first."""

    account: str
    token: str
    url: str = ""
    sent: list[dict[str, str]] = field(default_factory=list)
    fail_with: list[int | float | str | None] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    messages: list[dict[str, Any]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    patience: float = 0.0

    def fault_for(self, form: dict[str, str]) -> int | float | str | None:
        """What goes wrong with this message."""
        return self.fail_with.pop(0) if self.fail_with else None

    def took(self, form: dict[str, str], made: dict[str, Any]) -> None:
        """Notes a message that was taken."""
        self.sent.append(form)
        self.messages.insert(0, made)


Twilio = TypeVar("Twilio", bound=TwilioServer)


class _Http(ThreadingHTTPServer):
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """A client that gave up waiting, or was killed, is no news."""


def _handler(twilio: TwilioServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            expected = base64.b64encode(f"{twilio.account}:{twilio.token}".encode()).decode()
            if self.headers.get("Authorization") != f"Basic {expected}":
                return self.fail(20003, form)
            if self.path != f"/2010-04-01/Accounts/{twilio.account}/Messages.json":
                return self.answer(404, {"code": 20404, "message": "not found", "status": 404})
            return self.create(form, twilio.fault_for(form))

        def create(self, form: dict[str, str], fault: int | float | str | None) -> None:
            if isinstance(fault, float):
                time.sleep(fault)
            elif fault == "hangup":
                self.take(form)
                return self.connection.shutdown(socket.SHUT_RDWR)
            elif fault == "reset":
                return self.connection.shutdown(socket.SHUT_RDWR)
            elif fault == "late":
                made = self.take(form)
                time.sleep(twilio.patience)
                return self.answer(201, made)
            elif fault == "nonsense":
                return self.answer(201, {})
            elif isinstance(fault, int):
                return self.fail(fault, form)
            if len(form.get("Body", "")) > 1600:
                return self.fail(21617, form)
            return self.answer(201, self.take(form))

        def take(self, form: dict[str, str]) -> dict[str, Any]:
            made = _message(twilio.account, f"SM{next(twilio.numbers):032x}", form)
            twilio.took(form, made)
            return made

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            twilio.looked_up.append(query["To"])
            found = [one for one in twilio.messages if one["to"] == query["To"]][: int(query["PageSize"])]
            self.answer(200, {"messages": found, "page": 0, "page_size": 50, "next_page_uri": None})

        def fail(self, code: int, form: dict[str, str]) -> None:
            status, words = MESSAGES[code]
            link = f"https://www.twilio.com/docs/errors/{code}"
            words = words.format(to=form.get("To", ""))
            self.answer(status, {"code": code, "message": words, "more_info": link, "status": status})

        def answer(self, status: int, content: dict[str, Any]) -> None:
            payload = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            for name, value in twilio.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    return Handler


def _message(account: str, sid: str, form: dict[str, str]) -> dict[str, Any]:
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": form.get("Body"),
        "date_created": format_datetime(clock.now()),
        "date_sent": None,
        "date_updated": "Tue, 24 Nov 2026 08:00:00 +0000",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": form.get("From"),
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "sid": sid,
        "status": "queued",
        "subresource_uris": {"media": f"/2010-04-01/Accounts/{account}/Messages/{sid}/Media.json"},
        "to": form.get("To"),
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}.json",
    }


@contextmanager
def running(account: str, token: str, kind: Callable[[str, str], Twilio] = TwilioServer) -> Iterator[Twilio]:  # type: ignore[assignment]
    """A server on a free port, for as long as the block lasts."""
    twilio = kind(account, token)
    server = _Http(("127.0.0.1", 0), _handler(twilio))
    twilio.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield twilio
    server.shutdown()
    server.server_close()
