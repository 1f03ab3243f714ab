"""What the phone takes and cannot send goes over Twilio, where there is one; and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from desk import carriers
from desk.carriers import Carrier, CarrierState
from desk.messages import Later, Never, SendFailure, Strike
from scheduler.delivery import DeliveryLoop
from sms_gateway.dispatch import ReplyDispatcher
from sms_gateway.front import SmsFront
from sms_gateway.provider_failures import smsgate_report
from sms_gateway.providers import APART, ways
from sms_gateway.web import blueprint
from store import clock
from store.database import Database
from tests.desk.people import queue, row_of, states
from tests.sms_gateway import twilio_server
from tests.sms_gateway.conftest import Phone
from tests.sms_gateway.scripted import SETTINGS, ScriptedAssistant
from tests.sms_gateway.test_web_smsgate import event, post
from tests.sms_gateway.twilio_server import TwilioServer

NO_CREDIT = "Send result: RESULT_ERROR_GENERIC_FAILURE (Generic failure cause)"


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with twilio_server.running(SETTINGS.account_sid, SETTINGS.auth_token) as server:
        yield server


@dataclass
class World:
    """A delivery loop that sends over the phone, and the webhook to which the phone reports."""

    database: Database
    app: Flask
    ways: tuple[Carrier, ...]
    loop: DeliveryLoop
    moment: datetime

    def deliver(self, seconds: float = APART) -> int:
        """So many seconds later, what is due; how many messages."""
        self.moment += timedelta(seconds=seconds)
        with clock.fixed(self.moment):
            return self.loop.step()

    def report(self, name: str, reason: str = "", seconds: float = 0.0) -> None:
        """The phone reports of a message by our name of it."""
        self.moment += timedelta(seconds=seconds)
        with clock.fixed(self.moment):
            kind = "sms:failed" if reason else "sms:delivered"
            assert post(self.app, event(kind, messageId=name, reason=reason)).status_code == 204

    def share(self) -> float:
        """The share of messages that the phone is given."""
        with clock.fixed(self.moment), self.database.read() as session:
            return carriers.share(session.get(CarrierState, "smsgate"), self.ways[0].gives_way)


def world(database: Database, phone: Phone, twilio_url: str = "") -> World:
    settings = replace(
        SETTINGS, provider="smsgate", smsgate_url=phone.url, api_base=twilio_url, fail_over=bool(twilio_url)
    )
    made = ways(settings)["sms"]
    app = Flask("test")
    app.register_blueprint(
        blueprint(SmsFront(database, ScriptedAssistant(), settings), settings, database, ways=made)
    )
    loop = DeliveryLoop(database, {"sms": made}, "here")
    return World(database, app, made, loop, clock.now() + timedelta(minutes=1))


def test_what_the_phone_took_and_could_not_send_goes_over_twilio(
    database: Database, phone: Phone, twilio: TwilioServer
) -> None:
    made = world(database, phone, twilio.url)
    first = queue(database, "first", number=1)
    assert made.deliver() == 1
    name = phone.sent[0]["id"]
    for _ in range(2):  # a report may come twice
        made.report(name, NO_CREDIT)
    row = row_of(database, first)
    assert (row.state, row.avoid, row.error_code) == ("queued", "smsgate", "RESULT_ERROR_GENERIC_FAILURE")
    assert made.deliver() == 1
    row = row_of(database, first)
    assert (row.state, row.carrier, len(twilio.sent), len(phone.sent)) == ("sent", "twilio", 1, 1)
    assert row.provider_id == twilio.messages[0]["sid"]
    made.report(name, NO_CREDIT)
    assert states(database) == ["sent"]
    assert made.share() == 1.0  # one failure is no reason to leave the phone
    second = queue(database, "second", number=2)
    assert made.deliver(20) == 1
    assert row_of(database, second).carrier == "smsgate"


def test_a_phone_alone_sends_it_again_under_another_name_when_it_has_rested(
    database: Database, phone: Phone
) -> None:
    made = world(database, phone)
    row_id = queue(database, "k")
    made.deliver()
    made.report(phone.sent[0]["id"], NO_CREDIT)
    assert made.deliver(10) == 0
    assert made.deliver(6) == 1
    assert row_of(database, row_id).state == "sent"
    assert len({taken["id"] for taken in phone.sent}) == 2
    made.report(phone.sent[1]["id"])
    assert states(database) == ["delivered"]


def test_it_is_not_sent_for_ever(database: Database, phone: Phone) -> None:
    made = world(database, phone)
    queue(database, "k")
    for attempt in range(3):
        assert made.deliver(1_000) == 1
        made.report(phone.sent[attempt]["id"], NO_CREDIT)
    assert states(database) == ["failed"]
    assert made.deliver(1_000) == 0


def test_after_failures_in_a_row_the_phone_gives_way_though_it_takes_everything(
    database: Database, phone: Phone, twilio: TwilioServer
) -> None:
    made = world(database, phone, twilio.url)
    for number in range(3):
        queue(database, f"k{number}", number=number)
        assert made.deliver(100) == 1
        made.report(phone.sent[number]["id"], NO_CREDIT)
        assert made.share() == (1.0 if number < 2 else 0.0)
        assert made.deliver() == 1  # over Twilio
    queue(database, "later", number=9)
    assert made.deliver(200) == 1
    assert (len(phone.sent), len(twilio.sent)) == (3, 4)


def test_a_report_of_a_delivery_ends_the_row(database: Database, phone: Phone, twilio: TwilioServer) -> None:
    made = world(database, phone, twilio.url)
    for number, reason in enumerate([NO_CREDIT, NO_CREDIT, "", NO_CREDIT]):
        queue(database, f"k{number}", number=number)
        assert made.deliver(1_000) == 1
        made.report(phone.sent[number]["id"], reason)
        made.deliver()
    assert made.share() == 1.0


def test_while_twilio_is_in_trouble_too_the_message_waits_and_comes_back(
    database: Database, phone: Phone, twilio: TwilioServer
) -> None:
    made = world(database, phone, twilio.url)
    row_id = queue(database, "k")
    made.deliver()
    made.report(phone.sent[0]["id"], NO_CREDIT)
    twilio.fail_with = [20003]
    assert made.deliver() == 1
    assert row_of(database, row_id).state == "queued"
    assert made.deliver(700) == 1  # the phone has rested, but it is not asked again before Twilio
    assert row_of(database, row_id).state == "sent"
    assert (len(phone.sent), len(twilio.sent)) == (1, 1)


def test_what_is_not_the_phones_fault_is_not_sent_over_twilio(
    database: Database, phone: Phone, twilio: TwilioServer
) -> None:
    made = world(database, phone, twilio.url)
    row_id = queue(database, "k")
    made.deliver()
    made.report(phone.sent[0]["id"], "Delivery result from SC +995599000000: 67")
    row = row_of(database, row_id)
    assert (row.state, row.error_code) == ("failed", "SC 67")
    assert "995599" not in str(row.error_words)
    assert made.share() == 1.0


def test_answers_are_left_to_the_delivery_loop_while_the_phone_rests(
    database: Database, phone: Phone, twilio: TwilioServer
) -> None:
    made = world(database, phone, twilio.url)
    with database.write() as session:
        for _ in range(3):
            state = carriers.locked(session, "smsgate")
            state.held_until = None
            carriers.failed(session, made.ways[0], None)
    dispatcher = ReplyDispatcher(database, made.ways[0])
    front = SmsFront(database, ScriptedAssistant(), SETTINGS)
    app = Flask("phone")
    app.register_blueprint(blueprint(front, SETTINGS, database, dispatcher))
    assert post(app, event()).status_code == 204
    dispatcher.close()
    assert states(database) == ["queued"]
    assert made.deliver(1) == 1
    assert (len(phone.sent), len(twilio.sent)) == (0, 1)


@pytest.mark.parametrize(
    ("reason", "failure"),
    [
        (NO_CREDIT, Later("RESULT_ERROR_GENERIC_FAILURE", "", scope="carrier")),
        (
            "Send result: RESULT_ERROR_LIMIT_EXCEEDED (…)",
            Later("RESULT_ERROR_LIMIT_EXCEEDED", "", after=1800, scope="carrier"),
        ),
        ("Send result: RESULT_ERROR_RADIO_OFF (…)", Later("RESULT_ERROR_RADIO_OFF", "", scope="carrier")),
        ("Send result: Unknown error code: 4711.", Later("phone", "", scope="carrier")),
        ("Can't send message: No SIMs found", Later("phone", "", scope="carrier")),
        ("TTL expired", Later("phone", "", scope="carrier")),
        ("Send result: RESULT_ERROR_NULL_PDU (…)", Never("RESULT_ERROR_NULL_PDU", "")),
        ("Delivery result from SC +995599000000: 66", Never("SC 66", "")),
        ("Delivery result from SC +995599000000: 64", Never("SC 64", "")),
        ("Delivery result from SC null: 67", Strike("SC 67", "")),
        ("Delivery result from SC +995599000000: 70", Later("SC 70", "", after=900)),
        ("Delivery result from SC +995599000000: 98", Later("SC 98", "", after=900)),
        ("sendSMS: the number is not valid", Never("phone", "")),
        ("", Never("phone", "")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_phones_reason_means(reason: str, failure: SendFailure) -> None:
    told = smsgate_report(reason)
    assert type(told) is type(failure)
    assert told.words
    assert {**vars(told), "words": ""} == vars(failure)
    assert "995599" not in told.words
