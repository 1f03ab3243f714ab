"""The real Twilio client against a Twilio on loopback: what is sent, and what each error means."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from desk.messages import Channel, Filtered, Later, Never, Outgoing, Strike
from sms_gateway.provider_failures import receipt_failure
from sms_gateway.providers import ways
from sms_gateway.settings import SmsSettings
from sms_gateway.tables import table
from sms_gateway.twilio_provider import TwilioSender
from store import clock
from tests.sms_gateway.scripted import NUMBER, SETTINGS
from tests.sms_gateway.twilio_server import TwilioServer


def outgoing(*texts: str, address: str = NUMBER, channel: Channel = "sms") -> Outgoing:
    return Outgoing(str(uuid.uuid4()), channel, address, texts)


def settings(twilio: TwilioServer, **changes: object) -> SmsSettings:
    return replace(SETTINGS, api_base=twilio.url, send_timeout=0.3, **changes)  # type: ignore[arg-type]


def test_a_message_goes_out_with_our_id_in_its_callback(twilio: TwilioServer) -> None:
    message = outgoing("გამარჯობა", "ხვალ 10:00")
    sent = TwilioSender(settings(twilio)).send(message)
    assert list(sent.provider_ids) == [f"SM{1:032x}"]
    assert twilio.sent == [
        {
            "To": NUMBER,
            "From": SETTINGS.from_,
            "Body": "გამარჯობა\nხვალ 10:00",
            "StatusCallback": f"https://neighbour.example.org/sms/status?id={message.message_id}",
        }
    ]


def test_whatsapp_and_messaging_services(twilio: TwilioServer) -> None:
    TwilioSender(settings(twilio)).send(outgoing("a", channel="whatsapp"))
    TwilioSender(settings(twilio, from_="MG" + "2" * 32, status_callback="")).send(outgoing("b"))
    assert twilio.sent[0]["To"] == f"whatsapp:{NUMBER}"
    assert twilio.sent[0]["From"] == f"whatsapp:{SETTINGS.from_}"
    assert twilio.sent[1] == {"To": NUMBER, "MessagingServiceSid": "MG" + "2" * 32, "Body": "b"}


@pytest.mark.parametrize(
    ("code", "suppress"),
    [
        (21211, "not_mobile"),
        (21614, "not_mobile"),
        (21635, "not_mobile"),
        (30006, "not_mobile"),
        (21610, "opted_out"),
    ],
)
def test_what_will_never_work(twilio: TwilioServer, code: int, suppress: str | None) -> None:
    twilio.fail_with = [code]
    with pytest.raises(Never) as raised:
        TwilioSender(settings(twilio)).send(outgoing("a"))
    assert (raised.value.code, raised.value.suppress) == (str(code), suppress)
    assert NUMBER not in raised.value.words


def test_too_long_a_text_is_final(twilio: TwilioServer) -> None:
    with pytest.raises(Never, match="21617"):
        TwilioSender(settings(twilio)).send(outgoing("a" * 1_601))


def test_what_may_work_later(twilio: TwilioServer) -> None:
    twilio.fail_with = [20429, 20500]
    sender = TwilioSender(settings(twilio))
    with pytest.raises(Later) as raised:
        sender.send(outgoing("a"))
    assert (raised.value.after, raised.value.unsure) == (5, False)
    with pytest.raises(Later, match="20500"):
        sender.send(outgoing("a"))


def test_twilio_s_own_wish_counts(twilio: TwilioServer) -> None:
    twilio.fail_with, twilio.headers = [20429], {"Retry-After": "17"}
    with pytest.raises(Later) as raised:
        TwilioSender(settings(twilio)).send(outgoing("a"))
    assert raised.value.after == 17


def test_a_wrong_token_loses_nothing(twilio: TwilioServer) -> None:
    with pytest.raises(Later) as raised:
        TwilioSender(settings(twilio, auth_token="wrong")).send(outgoing("a"))
    assert (raised.value.code, raised.value.after) == ("20003", 600)


@pytest.mark.parametrize("fault", [1.0, "hangup", "nonsense"])
def test_no_answer_after_sending_is_unsure(twilio: TwilioServer, fault: float | str) -> None:
    twilio.fail_with = [fault]
    with pytest.raises(Later) as raised:
        TwilioSender(settings(twilio)).send(outgoing("a"))
    assert raised.value.unsure


def test_no_connection_is_sure(twilio: TwilioServer) -> None:
    with pytest.raises(Later) as raised:
        TwilioSender(settings(replace(twilio, url="http://127.0.0.1:1"))).send(outgoing("a"))
    assert not raised.value.unsure


def test_numbers_that_cost_or_cannot_be_texted_are_not_tried(twilio: TwilioServer) -> None:
    sender = TwilioSender(settings(twilio))
    with pytest.raises(Never, match="prefix"):
        sender.send(outgoing("a", address="+37491123456"))
    with pytest.raises(Never) as raised:
        sender.send(outgoing("a", address="+995322405505"))
    assert raised.value.suppress == "not_mobile"
    assert twilio.sent == []


def test_the_settings_choose_who_carries_what() -> None:
    def names(**changes: object) -> dict[str, list[str]]:
        made = ways(replace(SETTINGS, **changes))  # type: ignore[arg-type]
        return {channel: [carrier.name for carrier in carriers] for channel, carriers in made.items()}

    assert names() == {"sms": ["twilio"], "whatsapp": ["whatsapp"]}
    assert names(provider="smsgate")["sms"] == ["smsgate"]
    assert names(fail_over=True)["sms"] == ["twilio", "smsgate"]
    assert names(fail_over=True, provider="smsgate")["sms"] == ["smsgate", "twilio"]
    assert names(fail_over=True, smsgate_url="")["sms"] == ["twilio"]
    assert ways(SmsSettings()) == {}


def test_one_way_and_two_way() -> None:
    assert not SETTINGS.two_way
    assert not replace(SETTINGS, from_="MEZOBELI").two_way
    assert replace(SETTINGS, reply_number=SETTINGS.from_).two_way
    assert replace(SETTINGS, provider="smsgate").two_way


def unsure(text: str, since: datetime) -> Outgoing:
    return replace(outgoing(text), unsure_since=since, doubts=1)


def test_what_twilio_may_have_taken_is_looked_up_before_it_is_sent_again(twilio: TwilioServer) -> None:
    twilio.fail_with = ["hangup"]
    sender, since = TwilioSender(settings(twilio)), clock.now()
    with pytest.raises(Later) as raised:
        sender.send(outgoing("tomorrow at 10:00"))
    assert raised.value.unsure
    assert list(sender.send(unsure("tomorrow at 10:00", since)).provider_ids) == [f"SM{1:032x}"]
    assert len(twilio.sent) == 1
    assert twilio.looked_up == [NUMBER]


def test_what_twilio_has_not_taken_is_sent_again(twilio: TwilioServer) -> None:
    sender = TwilioSender(settings(twilio))
    with clock.fixed(clock.now() - timedelta(days=7)):
        sender.send(outgoing("tomorrow at 10:00"))
    sender.send(outgoing("another text"))
    sender.send(outgoing("tomorrow at 10:00", address="+995555999999"))
    assert list(sender.send(unsure("tomorrow at 10:00", clock.now())).provider_ids) == [f"SM{4:032x}"]
    assert len(twilio.sent) == 4


def test_what_twilio_took_and_could_not_deliver_says_why(twilio: TwilioServer) -> None:
    sender = TwilioSender(settings(twilio))
    sender.send(outgoing("a"))
    twilio.messages[0].update(status="undelivered", error_code=30005)
    with pytest.raises(Strike, match="30005"):
        sender.send(unsure("a", clock.now()))
    assert len(twilio.sent) == 1


def test_while_twilio_cannot_be_asked_nothing_is_sent_again(twilio: TwilioServer) -> None:
    sender = TwilioSender(replace(SETTINGS, api_base="http://127.0.0.1:1", send_timeout=0.3))
    with pytest.raises(Later, match="network"):
        sender.send(unsure("a", clock.now()))


def test_strikes_and_filters_are_told_apart(twilio: TwilioServer) -> None:
    twilio.fail_with = [30005, 30007]
    sender = TwilioSender(settings(twilio))
    with pytest.raises(Strike, match="30005"):
        sender.send(outgoing("a"))
    with pytest.raises(Filtered, match="filtered by the carrier"):
        sender.send(outgoing("a"))


def test_trouble_with_the_account_makes_all_wait(twilio: TwilioServer) -> None:
    for code, scope in ((20003, "carrier"), (20429, "carrier"), (20500, "carrier"), (30003, "message")):
        twilio.fail_with = [code]
        with pytest.raises(Later) as raised:
            TwilioSender(settings(twilio)).send(outgoing("a"))
        assert (raised.value.code, raised.value.scope) == (str(code), scope)


def test_every_code_is_one_that_the_sender_can_act_upon() -> None:
    for code in table("twilio_errors")["codes"]:
        failure = receipt_failure(code)
        assert isinstance(failure, Never | Later | Strike | Filtered)
        assert failure.words
