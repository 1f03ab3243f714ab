"""Twilio and the phone, on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from sms_gateway.settings import SmsSettings
from tests.sms_gateway import twilio_server
from tests.sms_gateway.scripted import SETTINGS
from tests.sms_gateway.twilio_server import TwilioServer


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    """A Twilio that takes messages of the account of SETTINGS."""
    with twilio_server.running(SETTINGS.account_sid, SETTINGS.auth_token) as server:
        yield server


@dataclass
class Phone:
    """SMS Gateway for Android: takes a message once under its id; ``answer_with`` are statuses to answer next."""

    url: str
    sent: list[dict[str, Any]] = field(default_factory=list)
    answer_with: list[int | str] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        if request.authorization is None or request.authorization.password != SETTINGS.password:
            return _json(401, {"message": "Unauthorized"})
        message = request.get_json()
        status = self.answer_with.pop(0) if self.answer_with else 202
        if any(known["id"] == message["id"] for known in self.sent):
            return _json(409, {"message": "message already exists"})
        if status == "nonsense":
            self.sent.append(message)
            return Response("taken", 202)
        if status != 202:
            return _json(int(status), {"message": "no device found" if status == 400 else "refused"})
        self.sent.append(message)
        recipients = [{"phoneNumber": number, "state": "Pending"} for number in message["phoneNumbers"]]
        state = {"id": message["id"], "state": "Pending", "recipients": recipients, "isHashed": False}
        return _json(202, {**state, "isEncrypted": False, "states": {}, "deviceId": "phone"})


def _json(status: int, content: dict[str, Any]) -> Response:
    return Response(json.dumps(content), status, content_type="application/json")


@pytest.fixture
def phone(httpserver: HTTPServer) -> Phone:
    """A phone that sends what it is given."""
    made = Phone(httpserver.url_for("").rstrip("/"))
    httpserver.expect_request("/messages", method="POST").respond_with_handler(made)
    return made


@pytest.fixture
def phone_settings(phone: Phone) -> SmsSettings:
    """Settings that send SMS over the phone."""
    return replace(SETTINGS, provider="smsgate", smsgate_url=phone.url, send_timeout=2.0)
