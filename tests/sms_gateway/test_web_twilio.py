"""Twilio's webhooks through Flask, signed by Twilio's own validator."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from desk import contacts, outbox
from desk.intake import InboundMessage
from sms_gateway.front import SmsFront
from sms_gateway.settings import SmsSettings
from sms_gateway.web import BODY_LIMIT, blueprint
from store.database import Database
from tests import yardstick
from tests.sms_gateway.scripted import NUMBER, SETTINGS, ScriptedAssistant, reply

PUBLIC = SETTINGS.public_url
LEASE = ("me", timedelta(minutes=1))


def application(
    database: Database, assistant: ScriptedAssistant | None = None, settings: SmsSettings = SETTINGS
) -> Flask:
    app = Flask("test")
    front = SmsFront(database, assistant or ScriptedAssistant(), settings)
    app.register_blueprint(blueprint(front, settings, database))
    return app


def form(body: str = "Kachreti", sid: str = "SM" + "a" * 32, **more: str) -> dict[str, str]:
    return {
        "ToCountry": "US",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "SmsStatus": "received",
        "Body": body,
        "To": SETTINGS.from_,
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": SETTINGS.account_sid,
        "From": NUMBER,
        "ApiVersion": "2010-04-01",
        **more,
    }


def post(app: Flask, path: str, data: Mapping[str, str], *, token: str = SETTINGS.auth_token) -> TestResponse:
    signature = RequestValidator(token).compute_signature(PUBLIC + path, data)
    # As behind a TLS proxy: the request that arrives is http, for another host.
    return app.test_client().post(
        path, data=data, headers={"X-Twilio-Signature": signature}, base_url="http://127.0.0.1:8080"
    )


def messages(response: TestResponse) -> list[str]:
    assert response.status_code == 200
    assert response.mimetype == "text/xml"
    return [str(element.text) for element in ElementTree.fromstring(response.data).iter("Message")]


def test_a_signed_message_is_answered_as_twiml(database: Database) -> None:
    response = post(application(database), "/sms/inbound", form("<კაჩრეთი> & \x0b\x1b“me”"))
    assert messages(response) == ['You wrote: <კაჩრეთი> & "me"']


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "bm9uc2Vuc2U="}])
def test_without_a_right_signature_nothing_happens(sqlite_database: Database, headers: dict[str, str]) -> None:
    assistant = ScriptedAssistant()
    app = application(sqlite_database, assistant)
    for path in ("/sms/inbound", "/sms/status"):
        assert app.test_client().post(path, data=form(), headers=headers).status_code == 403
    assert post(app, "/sms/inbound", form(), token="another").status_code == 403
    assert assistant.asked == []


def test_a_changed_field_breaks_the_signature(sqlite_database: Database) -> None:
    signature = RequestValidator(SETTINGS.auth_token).compute_signature(PUBLIC + "/sms/inbound", form())
    response = (
        application(sqlite_database)
        .test_client()
        .post("/sms/inbound", data=form("Stop"), headers={"X-Twilio-Signature": signature})
    )
    assert response.status_code == 403


def test_without_a_token_nobody_gets_in(sqlite_database: Database) -> None:
    app = application(sqlite_database, settings=replace(SETTINGS, auth_token=""))
    assert post(app, "/sms/inbound", form(), token="").status_code == 403


def test_a_message_without_its_parts_is_refused(sqlite_database: Database) -> None:
    assert post(application(sqlite_database), "/sms/inbound", {"Body": "x"}).status_code == 400
    assert post(application(sqlite_database), "/sms/status", {"MessageSid": "SM1"}).status_code == 400


def test_too_long_a_request_is_refused(sqlite_database: Database) -> None:
    assert post(application(sqlite_database), "/sms/inbound", form("x" * BODY_LIMIT)).status_code == 413


def test_the_same_message_delivered_eight_times_at_once_is_answered_once(database: Database) -> None:
    assistant = ScriptedAssistant()
    app, answers = application(database, assistant), []
    ready = threading.Barrier(8)

    def deliver() -> None:
        ready.wait()
        answers.append(messages(post(app, "/sms/inbound", form())))

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [["You wrote: Kachreti"]] * 8
    with database.read() as session:
        assert session.scalar(select(func.count(InboundMessage.id))) == 1


def test_opt_out_type_is_answered_with_an_empty_response(sqlite_database: Database) -> None:
    app = application(sqlite_database)
    assert messages(post(app, "/sms/inbound", form("STOP", OptOutType="STOP"))) == []
    assert messages(post(app, "/sms/inbound", form("Kachreti", sid="SMother"))) == []


def test_a_short_code_gets_an_empty_response(sqlite_database: Database) -> None:
    assert messages(post(application(sqlite_database), "/sms/inbound", form(From="8555"))) == []


def test_whatsapp_media_location_and_buttons(sqlite_database: Database) -> None:
    assistant = ScriptedAssistant(lambda inbound: reply(str(len(assistant.asked))))
    app = application(sqlite_database, assistant)
    whatsapp = f"whatsapp:{NUMBER}"
    post(app, "/sms/inbound", form("", sid="1", From=whatsapp, Latitude="41.7", Longitude="44.8"))
    post(app, "/sms/inbound", form("", sid="2", NumMedia="1", MediaContentType0="image/jpeg"))
    post(app, "/sms/inbound", form("Yes", sid="3", From=whatsapp, ButtonPayload="as:hours"))
    place, photo, button = assistant.asked
    assert (place.channel, place.address, place.location) == ("whatsapp", NUMBER, (41.7, 44.8))
    assert (photo.channel, photo.media, photo.location) == ("sms", "photo", None)
    assert button.choice == "as:hours"


def test_a_query_in_the_address_is_part_of_the_signature(sqlite_database: Database) -> None:
    assert messages(post(application(sqlite_database), "/sms/inbound?key=%20a", form())) != []


def test_while_the_database_is_down_twilio_is_asked_to_come_again(sqlite_database: Database) -> None:
    broken = Database("sqlite:////proc/nowhere.db")
    response = post(application(broken), "/sms/inbound", form())
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"


def sent_message(database: Database) -> str:
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", NUMBER)
        row = outbox.enqueue(session, contact, "notice", "key", ["text"], lease=LEASE)
        assert row is not None
        return row.message_id


def test_receipts_move_the_message_forward(database: Database) -> None:
    app, message_id = application(database), sent_message(database)
    path = f"/sms/status?id={message_id}"
    for status in ("queued", "sent", "delivered", "sent", "delivered", "undelivered", "nonsense"):
        response = post(app, path, {"MessageSid": "SM1", "MessageStatus": status})
        assert response.status_code == 204
    with database.read() as session:
        row = outbox.by_provider_id(session, "SM1")
        assert row is not None
        assert (row.state, row.message_id) == ("delivered", message_id)


def test_a_failed_receipt_says_why(sqlite_database: Database) -> None:
    app, message_id = application(sqlite_database), sent_message(sqlite_database)
    path = f"/sms/status?id={message_id}"
    post(app, path, {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"})
    with sqlite_database.read() as session:
        row = outbox.by_provider_id(session, "SM1")
        assert row is not None
        assert (row.state, row.error_words) == ("failed", "no handset has this number, or not any more")


def test_unknown_receipts_are_taken_and_ignored(sqlite_database: Database) -> None:
    data = {"MessageSid": "SMunknown", "MessageStatus": "delivered"}
    assert post(application(sqlite_database), "/sms/status", data).status_code == 204


def test_an_answer_takes_a_small_part_of_the_limit(sqlite_database: Database) -> None:
    app = application(sqlite_database, settings=replace(SETTINGS, replies_per_hour=1_000))
    numbers = count()

    def ask() -> None:
        number = next(numbers)
        data = form(f"question {number}", sid=f"SM{number:032x}", From=f"+99555{number % 50:07d}")
        assert messages(post(app, "/sms/inbound", data))

    assert yardstick.units(ask, rounds=50) < 50
