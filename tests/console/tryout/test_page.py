"""``/try``: both channels on one page, limits, and nothing that breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.bootstrap import Neighbour
from console import tryout
from console.tryout import page, talks
from sms_gateway.settings import SmsSettings

Say = Callable[..., TestResponse]


@pytest.fixture
def web(neighbour: Neighbour) -> FlaskClient:
    app = Flask("test")
    app.register_blueprint(tryout.blueprint(neighbour.assistant, SmsSettings(reply_number="+995555000000")))
    return app.test_client()


def say(web: FlaskClient, channel: str = "sms", sender: str = "a", **said: Any) -> dict[str, Any]:
    response = web.post("/try/say", json={"channel": channel, "sender": sender, **said})
    assert response.status_code == 200
    made: dict[str, Any] = response.get_json()
    return made


def test_the_page_needs_nothing_from_elsewhere(web: FlaskClient) -> None:
    shown = web.get("/try")
    assert shown.status_code == 200
    assert "+995555000000" in shown.text
    assert "http://" not in shown.text
    assert "https://" not in shown.text
    assert "<script>" not in shown.text  # the policy of app.web allows none
    assert "onclick" not in shown.text
    assert "style=" not in shown.text
    for name in ("try.css", "phone.css", "try.js"):
        assert f"/try/static/{name}" in shown.text
        assert web.get(f"/try/static/{name}").status_code == 200


def test_a_plain_phone_shows_segments_and_encoding(web: FlaskClient) -> None:
    latin = say(web, text="sad aris uaxloesi centri kachretshi")
    assert (latin["encoding"], latin["characters"]) == ("GSM-7", len(latin["texts"][0]))
    georgian = say(web, sender="b", text="სად არის უახლოესი ცენტრი კაჭრეთში")
    assert georgian["encoding"] == "UCS-2"
    assert 1 <= georgian["segments"] <= 2
    assert georgian["intent"] == "nearest_center"


def test_a_chat_has_buttons_that_work(web: FlaskClient) -> None:
    asked = say(web, "telegram", text="Akhalsopeli")
    assert len(asked["choices"]) > 1
    chosen = say(web, "telegram", choice=asked["choices"][0]["value"])
    assert chosen["pins"]
    assert chosen["intent"] == asked["intent"]
    assert (chosen["segments"], chosen["encoding"]) == (0, None)


def test_a_location_is_answered(web: FlaskClient) -> None:
    assert say(web, "telegram", location=[41.8275, 46.2749])["pins"]


def test_senders_and_channels_do_not_hear_one_another(web: FlaskClient) -> None:
    say(web, "sms", "a", text="nearest centre in Kachreti")
    assert "Kachreti" in say(web, "sms", "a", text="when is it open")["texts"][0]
    for channel, sender in (("sms", "b"), ("telegram", "a"), ("sms", "telegram:a"), ("telegram", "")):
        assert "Kachreti" not in "".join(say(web, channel, sender, text="when is it open")["texts"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"null",
        b"\xff\xfe",
        b"[" * 9_000,
        b"{}",
        b'{"text": "help"}',
        b'{"channel": "pigeon", "text": "help"}',
        b'{"channel": [], "text": "help"}',
        b'{"channel": {}, "text": "help"}',
        b'{"channel": "sms", "location": "here"}',
        b'{"channel": "sms", "location": []}',
        b'{"channel": "sms", "location": [41.7]}',
        b'{"channel": "sms", "location": [41.7, 44.8, 3]}',
        b'{"channel": "sms", "location": {"lat": 41.7, "lon": 44.8}}',
        b'{"channel": "sms", "location": [null, 44.8]}',
        b'{"channel": "sms", "location": [NaN, 44.8]}',
        b'{"channel": "sms", "location": [41.7, Infinity]}',
        b'{"channel": "sms", "location": [91, 44.8]}',
    ],
)
def test_what_is_no_message_is_refused_in_words(web: FlaskClient, body: bytes) -> None:
    response = web.post("/try/say", data=body, content_type="application/json")
    assert response.status_code == 400
    assert response.get_json()["error"]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"text": None},
        {"text": 5},
        {"text": ["help"]},
        {"text": "\ud83d"},
        {"text": "\x00\x1b"},
        {"text": "a" * 5_000},
        {"choice": "no:such:choice"},
        {"choice": "x" * 500},
        {"choice": 7},
        {"location": [0, 0]},
        {"sender": None, "text": "help"},
        {"sender": {"a": 1}, "text": "help"},
    ],
)
@pytest.mark.parametrize("channel", ["sms", "telegram"])
def test_odd_messages_are_answered_all_the_same(web: FlaskClient, channel: str, said: dict[str, Any]) -> None:
    body = json.dumps({"channel": channel, "sender": "odd", **said})
    response = web.post("/try/say", data=body, content_type="application/json")
    assert response.status_code == 200
    assert isinstance(response.get_json()["texts"], list)


def test_only_json_is_taken(web: FlaskClient) -> None:
    assert web.post("/try/say", data={"channel": "sms", "text": "help"}).status_code == 400
    assert web.get("/try/say").status_code == 405


def test_too_long_a_request_is_refused(web: FlaskClient) -> None:
    assert web.post("/try/say", json={"channel": "sms", "text": "x" * page.BODY_LIMIT}).status_code == 413


def test_so_many_a_minute_from_one_address(web: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 60_000.0
    monkeypatch.setattr(talks.time, "monotonic", lambda: moment)
    statuses = [web.post("/try/say", json={}).status_code for _ in range(page.MESSAGES_A_MINUTE + 2)]
    assert statuses == [400] * page.MESSAGES_A_MINUTE + [429] * 2
    assert "Slow down" in web.post("/try/say", json={}).get_json()["error"]
    elsewhere = {"REMOTE_ADDR": "10.0.0.9"}
    assert web.post("/try/say", json={}, environ_overrides=elsewhere).status_code == 400
    assert web.get("/try").status_code == 200
    moment += 60
    assert web.post("/try/say", json={}).status_code == 400


def test_after_many_messages_the_talk_begins_anew(web: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talks, "KEPT_MESSAGES", 2)
    say(web, text="nearest centre in Kachreti")
    assert "Kachreti" in say(web, text="when is it open")["texts"][0]
    assert "Kachreti" not in "".join(say(web, text="when is it open")["texts"])
