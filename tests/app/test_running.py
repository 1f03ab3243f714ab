"""Which parts a process has, by its roles and the settings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import settings
from app.bootstrap import Neighbour
from app.running import ALL, Role, Running
from tests.app.conftest import SetUp
from tests.app.test_settings import PHONE, PUBLIC, TOKEN, TWILIO, WEBHOOK


def running(neighbour: Neighbour, *roles: Role) -> Running:
    return Running(replace(neighbour, settings=settings.load()), frozenset(roles) or ALL)


def channels(made: Running) -> set[str]:
    return set(made._ways)


def test_without_credentials_there_is_nothing_to_send_with(neighbour: Neighbour, set_up: SetUp) -> None:
    made = running(neighbour)
    assert channels(made) == set()
    assert made.telegram is None
    assert made.dispatcher is None
    assert made.delivery is not None


def test_twilio_carries_text_messages_and_whatsapp(neighbour: Neighbour, set_up: SetUp) -> None:
    set_up(**TWILIO, **PUBLIC)
    made = running(neighbour)
    assert channels(made) == {"sms", "whatsapp"}
    assert made.sms_settings.status_callback == "https://neighbour.example.org/sms/status"
    assert made.dispatcher is None  # the answer rides on the webhook's response


@pytest.mark.parametrize(("role", "at_once"), [("web", True), ("worker", False)])
def test_the_process_that_the_phone_calls_answers_at_once(
    neighbour: Neighbour, set_up: SetUp, role: Role, at_once: bool
) -> None:
    set_up(**PHONE, sms_provider="smsgate", sms_reply_number="+995555000000")
    made = running(neighbour, role)
    assert channels(made) == {"sms"}
    assert made.sms_settings.two_way
    assert (made.dispatcher is not None) is at_once
    assert (made.delivery is None) is at_once
    if made.dispatcher is not None:
        made.dispatcher.close()


def test_a_token_brings_telegram(neighbour: Neighbour, set_up: SetUp) -> None:
    set_up(telegram_token=TOKEN)
    made = running(neighbour)
    assert channels(made) == {"telegram"}
    assert made.telegram is not None


@pytest.mark.parametrize(
    ("given", "takes_in"),
    [({"telegram_token": TOKEN}, "telegram"), (WEBHOOK, "web")],
    ids=["polling", "webhook"],
)
def test_one_role_takes_telegram_in(
    neighbour: Neighbour, set_up: SetUp, given: dict[str, str], takes_in: str
) -> None:
    set_up(**given)
    roles: tuple[Role, ...] = ("web", "telegram", "worker")
    assert [role for role in roles if running(neighbour, role)._takes_in()] == [takes_in]
    assert running(neighbour)._takes_in()


def test_parts_start_and_stop(neighbour: Neighbour, set_up: SetUp) -> None:
    made = running(neighbour)
    made.start()
    made.stop()
    made.stop()  # told twice, as by two signals
