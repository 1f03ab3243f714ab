"""The phone's webhook through Flask: signed as the app signs, answered through the outbox."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from desk import traffic
from desk.intake import InboundMessage
from desk.outbox import OutboxMessage
from desk.traffic import Count
from sms_gateway.dispatch import ReplyDispatcher
from sms_gateway.front import SmsFront
from sms_gateway.providers import ways
from sms_gateway.settings import SmsSettings
from sms_gateway.smsgate_webhook import sign
from sms_gateway.web import BODY_LIMIT, blueprint
from store import clock
from store.database import Database
from tests.sms_gateway.conftest import Phone
from tests.sms_gateway.scripted import NUMBER, SETTINGS, ScriptedAssistant


@pytest.fixture
def dispatcher(database: Database, phone_settings: SmsSettings) -> Iterator[ReplyDispatcher]:
    """Sends over the phone on loopback."""
    made = ReplyDispatcher(database, ways(phone_settings)["sms"][0])
    yield made
    made.close()


def application(database: Database, settings: SmsSettings, dispatcher: ReplyDispatcher | None = None) -> Flask:
    app = Flask("test")
    front = SmsFront(database, ScriptedAssistant(), settings)
    app.register_blueprint(blueprint(front, settings, database, dispatcher))
    return app


def event(kind: str = "sms:received", **payload: Any) -> dict[str, Any]:
    content = {"messageId": "same", "simNumber": 1, "phoneNumber": "555 12 34 56", "message": "Kachreti"}
    content |= {"receivedAt": "2026-11-24T12:00:00.000+04:00", **payload}
    return {"deviceId": "phone", "event": kind, "id": "event", "payload": content, "webhookId": "hook"}


def post(
    app: Flask, content: object, *, key: str = SETTINGS.signing_key, age: float = 0, **headers: str
) -> TestResponse:
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    timestamp = str(int(clock.now().timestamp() - age))
    signed = {"X-Timestamp": timestamp, "X-Signature": sign(key, body, timestamp), **headers}
    return app.test_client().post("/sms/smsgate", data=body, content_type="application/json", headers=signed)


def wait_for(database: Database, state: str) -> OutboxMessage:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with database.read() as session:
            row = session.scalar(select(OutboxMessage).where(OutboxMessage.state == state))
        if row is not None:
            return row
        time.sleep(0.02)
    raise AssertionError(f"no message became {state}")


def test_the_answer_goes_out_at_once_over_the_phone(
    database: Database, phone: Phone, phone_settings: SmsSettings, dispatcher: ReplyDispatcher
) -> None:
    app = application(database, phone_settings, dispatcher)
    assert post(app, event()).status_code == 204
    row = wait_for(database, "sent")
    assert phone.sent[0]["textMessage"] == {"text": "You wrote: Kachreti"}
    assert phone.sent[0]["id"] == row.message_id == row.provider_id
    assert phone.sent[0]["phoneNumbers"] == [NUMBER]
    for kind, state in (("sms:delivered", "delivered"), ("sms:sent", "delivered"), ("sms:failed", "delivered")):
        assert post(app, event(kind, messageId=row.message_id, reason="late")).status_code == 204
        wait_for(database, state)


def test_a_phone_that_is_busy_is_tried_again_by_the_delivery_loop(
    database: Database, phone: Phone, phone_settings: SmsSettings, dispatcher: ReplyDispatcher
) -> None:
    phone.answer_with = [503]
    post(application(database, phone_settings, dispatcher), event())
    assert wait_for(database, "queued").not_before > clock.now() + timedelta(seconds=30)


def test_the_same_message_is_known_by_sender_time_and_text(sqlite_database: Database) -> None:
    app = application(sqlite_database, replace(SETTINGS, provider="smsgate"))
    same_moment = "2026-11-24T08:00:00.000Z"
    for content in (event(), event(messageId="another"), event(receivedAt=same_moment, sender=NUMBER)):
        assert post(app, content).status_code == 204
    assert post(app, event(receivedAt="2026-11-24T12:00:01.000+04:00")).status_code == 204
    assert post(app, event(message="Lagodekhi")).status_code == 204
    with sqlite_database.read() as session:
        assert session.scalar(select(func.count(InboundMessage.id))) == 3
        assert traffic.depth(session) == [Count("sms", "queued", 3)]


def test_without_a_dispatcher_the_answer_waits_in_the_outbox(sqlite_database: Database) -> None:
    post(application(sqlite_database, SETTINGS), event())
    assert wait_for(sqlite_database, "queued").texts == ["You wrote: Kachreti"]


def test_wrong_old_and_missing_signatures_are_refused(sqlite_database: Database) -> None:
    app = application(sqlite_database, SETTINGS)
    assert post(app, event(), key="another").status_code == 403
    assert post(app, event(), age=301).status_code == 403
    assert post(app, event(), age=-301).status_code == 403
    assert post(app, event(), age=290).status_code == 204
    assert post(app, event(), **{"X-Signature": "ü"}).status_code == 403
    assert post(app, event(), **{"X-Timestamp": "soon"}).status_code == 403
    assert app.test_client().post("/sms/smsgate", json=event()).status_code == 403
    nobody = application(sqlite_database, replace(SETTINGS, signing_key=""))
    assert post(nobody, event(), key="").status_code == 403


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"[]",
        b"{}",
        b'{"event": "sms:received", "payload": 1}',
        event(message=None),
        event(receivedAt="yesterday"),
        event(phoneNumber=None),
        event("sms:sent", messageId=None),
    ],
)
def test_what_lacks_its_parts_is_refused(sqlite_database: Database, content: object) -> None:
    assert post(application(sqlite_database, SETTINGS), content).status_code == 400


def test_too_long_a_request_is_refused(sqlite_database: Database) -> None:
    assert post(application(sqlite_database, SETTINGS), b"x" * (BODY_LIMIT + 1)).status_code == 413


def test_other_events_are_taken_and_ignored(sqlite_database: Database) -> None:
    app = application(sqlite_database, SETTINGS)
    for kind in ("system:ping", "app:started", "mms:downloaded", "sms:unheard-of"):
        assert post(app, event(kind)).status_code == 204
    assert post(app, event("sms:delivered", messageId="unknown")).status_code == 204


def test_batches_and_pictures(sqlite_database: Database) -> None:
    app = application(sqlite_database, SETTINGS)
    first, second = event()["payload"], event(message="Lagodekhi")["payload"]
    batch = {**event("sms:batch:received"), "payload": {"messages": [first, second]}}
    assert post(app, batch).status_code == 204
    assert post(app, event("mms:received", message=None, subject=None)).status_code == 204
    with sqlite_database.read() as session:
        texts = session.scalars(select(InboundMessage.text).order_by(InboundMessage.id)).all()
    assert texts == ["Kachreti", "Lagodekhi", "<other>"]


def test_names_and_short_codes_are_recorded_and_not_answered(sqlite_database: Database) -> None:
    post(application(sqlite_database, SETTINGS), event(phoneNumber="MAGTI"))
    with sqlite_database.read() as session:
        assert session.scalar(select(func.count(InboundMessage.id))) == 1
        assert traffic.depth(session) == []
