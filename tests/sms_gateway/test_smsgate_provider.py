"""The real client of SMS Gateway for Android against a phone on loopback."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from desk.messages import Later, Never, Outgoing
from sms_gateway.settings import SmsSettings
from sms_gateway.smsgate_provider import SmsGateSender
from tests.sms_gateway.conftest import Phone
from tests.sms_gateway.scripted import NUMBER


def outgoing(*texts: str, address: str = NUMBER) -> Outgoing:
    return Outgoing(str(uuid.uuid4()), "sms", address, texts)


def test_a_message_goes_out_under_our_id(phone: Phone, phone_settings: SmsSettings) -> None:
    message = outgoing("გამარჯობა")
    assert list(SmsGateSender(phone_settings).send(message).provider_ids) == [message.message_id]
    (taken,) = phone.sent
    assert taken["id"] == message.message_id
    assert taken["phoneNumbers"] == [NUMBER]
    assert taken["textMessage"] == {"text": "გამარჯობა"}
    assert taken["withDeliveryReport"] is True


def test_a_second_request_for_the_same_message_sends_nothing_twice(
    phone: Phone, phone_settings: SmsSettings
) -> None:
    sender, message = SmsGateSender(phone_settings), outgoing("a")
    phone.answer_with = ["nonsense"]
    with pytest.raises(Later) as raised:
        sender.send(message)
    assert raised.value.unsure
    assert list(sender.send(message).provider_ids) == [message.message_id]
    assert len(phone.sent) == 1


@pytest.mark.parametrize(("status", "after"), [(503, 60), (500, None), (404, 600), (429, 30), (400, 600)])
def test_what_may_work_later(phone: Phone, phone_settings: SmsSettings, status: int, after: int | None) -> None:
    phone.answer_with = [status]
    with pytest.raises(Later) as raised:
        SmsGateSender(phone_settings).send(outgoing("a"))
    assert raised.value.after == after


def test_a_wrong_password_loses_nothing(phone: Phone, phone_settings: SmsSettings) -> None:
    with pytest.raises(Later, match="401"):
        SmsGateSender(replace(phone_settings, password="wrong")).send(outgoing("a"))


def test_what_will_never_work(phone: Phone, phone_settings: SmsSettings) -> None:
    phone.answer_with = [422]
    with pytest.raises(Never):
        SmsGateSender(phone_settings).send(outgoing("a"))
    with pytest.raises(Never, match="prefix"):
        SmsGateSender(phone_settings).send(outgoing("a", address="+37491123456"))


def test_a_phone_that_is_away(phone_settings: SmsSettings) -> None:
    sender = SmsGateSender(replace(phone_settings, smsgate_url="http://127.0.0.1:1"))
    with pytest.raises(Later) as raised:
        sender.send(outgoing("a"))
    assert not raised.value.unsure
