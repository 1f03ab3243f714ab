"""A process that is killed between claiming and settling loses nothing, and sends nothing twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk import outbox
from desk.outbox import OutboxMessage
from scheduler.delivery import LEASE, DeliveryLoop
from sms_gateway.providers import ways
from store import clock
from store.database import Database
from tests.desk.people import queue, states
from tests.sms_gateway import twilio_server
from tests.sms_gateway.conftest import Phone, phone  # noqa: F401  a fixture
from tests.sms_gateway.scripted import SETTINGS
from tests.sms_gateway.twilio_server import TwilioServer

ROOT = Path(__file__).parents[2]

CHILD = """
import sys, time
from dataclasses import replace
import app.tables
from scheduler.delivery import DeliveryLoop
from sms_gateway.providers import ways
from store.database import Database
from tests.sms_gateway.scripted import SETTINGS
url, provider, twilio, phone, when = sys.argv[1:]
made = ways(replace(SETTINGS, provider=provider, api_base=twilio, smsgate_url=phone))
sender = made["sms"][0].sender
really = sender.send
def send(message):
    if when == "after":
        really(message)
    time.sleep(60)
sender.send = send
loop = DeliveryLoop(Database(url), {"sms": made["sms"]}, "the child")
while True:
    loop.step()
    time.sleep(0.02)
"""


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with twilio_server.running(SETTINGS.account_sid, SETTINGS.auth_token) as server:
        yield server


def wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def killed_when(database: Database, condition: Callable[[], object], *arguments: str) -> None:
    """A process delivers until the condition holds, and is killed then."""
    url = database.url.render_as_string(hide_password=False)
    child = subprocess.Popen([sys.executable, "-c", CHILD, url, *arguments], cwd=ROOT)
    try:
        wait(condition)
    finally:
        child.kill()
        child.wait()


def take_over(database: Database, provider: str, twilio_url: str, phone_url: str) -> None:
    """Another process, when the lease has run out."""
    settings = replace(SETTINGS, provider=provider, api_base=twilio_url, smsgate_url=phone_url)  # type: ignore[arg-type]
    with clock.fixed(clock.now() + LEASE + timedelta(seconds=1)):
        with database.write() as session:
            assert outbox.recover(session) == 1
        DeliveryLoop(database, {"sms": ways(settings)["sms"]}, "the parent").step()


def test_killed_after_twilio_took_it(database: Database, twilio: TwilioServer) -> None:
    queue(database, "k")
    killed_when(database, lambda: twilio.sent, "twilio", twilio.url, "", "after")
    assert states(database) == ["sending"]
    take_over(database, "twilio", twilio.url, "")
    assert states(database) == ["sent"]
    assert len(twilio.sent) == 1
    with database.read() as session:
        assert session.query(OutboxMessage).one().provider_id == twilio.messages[0]["sid"]


def test_killed_before_twilio_got_it(database: Database, twilio: TwilioServer) -> None:
    queue(database, "k")
    killed_when(database, lambda: states(database) == ["sending"], "twilio", twilio.url, "", "before")
    assert twilio.sent == []
    take_over(database, "twilio", twilio.url, "")
    assert states(database) == ["sent"]
    assert len(twilio.sent) == 1


def test_killed_after_the_phone_took_it(database: Database, phone: Phone) -> None:  # noqa: F811
    queue(database, "k")
    killed_when(database, lambda: phone.sent, "smsgate", "", phone.url, "after")
    take_over(database, "smsgate", "", phone.url)
    assert states(database) == ["sent"]
    assert len(phone.sent) == 1
