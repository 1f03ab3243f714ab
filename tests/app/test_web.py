"""The web application: health, metrics, headers, and which pages there are."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.middleware.proxy_fix import ProxyFix

from app import settings
from app.bootstrap import Neighbour
from app.running import Running
from app.web import create_app
from desk import contacts, outbox
from store.database import Database
from tests.app.conftest import SetUp
from tests.app.test_settings import PUBLIC, TWILIO, WEBHOOK


def client(neighbour: Neighbour, database: Database) -> FlaskClient:
    return create_app(Running(replace(neighbour, settings=settings.load(), database=database))).test_client()


@pytest.fixture
def web(neighbour: Neighbour, database: Database, set_up: SetUp) -> FlaskClient:
    return client(neighbour, database)


def test_the_process_lives_and_is_ready(web: FlaskClient) -> None:
    assert web.get("/healthz").text == "ok\n"
    ready = web.get("/readyz")
    assert ready.status_code == 200
    assert ready.json is not None
    assert ready.json["database"] == "ok"
    assert ready.json["knowledge"].startswith("version ")


def test_not_ready_while_the_tables_are_behind(web: FlaskClient, database: Database) -> None:
    with database.write() as session:
        kept = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        ready = web.get("/readyz")
    finally:
        with database.write() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :kept"), {"kept": kept})
    assert ready.status_code == 503
    assert ready.json is not None
    assert ready.json["database"] == "at revision 0000: run mezobeli db upgrade"
    assert web.get("/healthz").status_code == 200
    assert web.get("/readyz").status_code == 200


@pytest.fixture(params=["sqlite", "postgresql"])
def away(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database that was there once and is not any more."""
    folder = tmp_path / "gone"
    sqlite = request.param == "sqlite"
    database = Database(f"sqlite:///{folder / 'gone.db'}" if sqlite else "postgresql://nobody@127.0.0.1:1/none")
    shutil.rmtree(folder, ignore_errors=True)
    yield database
    database.close()


def test_not_ready_while_the_database_is_away(neighbour: Neighbour, set_up: SetUp, away: Database) -> None:
    web = client(neighbour, away)
    ready = web.get("/readyz")
    assert ready.status_code == 503
    assert ready.json is not None
    assert ready.json["database"] == "OperationalError"
    assert web.get("/healthz").status_code == 200
    metrics = web.get("/metrics")
    assert metrics.status_code == 200
    assert "mezobeli_database_up 0.0" in metrics.text
    assert "mezobeli_outbox_depth{" not in metrics.text


def test_metrics_tell_what_waits(web: FlaskClient, database: Database) -> None:
    with database.write() as session:
        contact = contacts.find_or_create(session, "sms", "+995555123456")
        outbox.enqueue(session, contact, "notice", "one", ["text"])
        outbox.enqueue(session, contact, "notice", "two", ["text"])
    told = web.get("/metrics")
    assert told.content_type.startswith("text/plain")
    for line in (
        'mezobeli_outbox_depth{channel="sms",state="queued"} 2.0',
        'mezobeli_outbox_last_hour{channel="sms",state="queued"} 2.0',
        'mezobeli_outbox_oldest_seconds{channel="sms"}',
        'mezobeli_spool_messages{what="waiting"} 0.0',
        'mezobeli_spool_messages{what="receipts"} 0.0',
        "mezobeli_database_up 1.0",
    ):
        assert line in told.text
    assert "mezobeli_knowledge_version 1.0" in told.text
    assert "555123456" not in told.text


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/readyz",
        "/metrics",
        "/try",
        "/try/static/try.js",
        "/calendar/chakvi-x.ics",
        "/staff/today",
        "/staff/x",
        "/nowhere",
    ],
)
def test_every_response_is_hardened(
    neighbour: Neighbour, sqlite_database: Database, set_up: SetUp, path: str
) -> None:
    headers = client(neighbour, sqlite_database).get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_the_page_to_try_can_be_switched_off(
    neighbour: Neighbour, sqlite_database: Database, set_up: SetUp
) -> None:
    set_up(try_page="false")
    web = client(neighbour, sqlite_database)
    assert web.get("/try").status_code == 404
    assert web.post("/try/say", json={}).status_code == 404


def test_the_providers_routes_let_nobody_in_unsigned(
    neighbour: Neighbour, sqlite_database: Database, set_up: SetUp
) -> None:
    for given in ({}, {**TWILIO, **WEBHOOK}):
        set_up(**given)
        web = client(neighbour, sqlite_database)
        for path in ("/sms/inbound", "/sms/status", "/sms/smsgate"):
            assert web.post(path, data={"Body": "hello"}).status_code == 403
    assert web.post("/telegram/updates", json={"update_id": 1}).status_code == 403


def test_telegrams_route_is_there_in_webhook_mode_only(
    neighbour: Neighbour, sqlite_database: Database, set_up: SetUp
) -> None:
    set_up(telegram_token="123456789:AAF", **PUBLIC)
    assert client(neighbour, sqlite_database).post("/telegram/updates", json={}).status_code == 404


def test_readiness_tells_of_telegram(neighbour: Neighbour, sqlite_database: Database, set_up: SetUp) -> None:
    set_up(telegram_token="123456789:AAF")
    ready = client(neighbour, sqlite_database).get("/readyz")
    assert ready.status_code == 200
    assert ready.json is not None
    assert "telegram" in ready.json


@pytest.mark.parametrize("proxies", [0, 2])
def test_as_many_proxies_are_believed_as_there_are(
    neighbour: Neighbour, sqlite_database: Database, set_up: SetUp, proxies: int
) -> None:
    set_up(trusted_proxies=str(proxies))
    app = create_app(Running(replace(neighbour, settings=settings.load(), database=sqlite_database)))
    assert isinstance(app.wsgi_app, ProxyFix) is bool(proxies)
    from flask import request

    app.add_url_rule("/who", view_func=lambda: f"{request.remote_addr} {request.scheme}")
    forged = {"X-Forwarded-For": "9.9.9.9, 1.2.3.4, 10.0.0.1", "X-Forwarded-Proto": "https, https"}
    seen = app.test_client().get("/who", headers=forged).text
    assert seen == ("1.2.3.4 https" if proxies else "127.0.0.1 http")
