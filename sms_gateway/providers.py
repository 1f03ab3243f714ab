"""Which carriers bring messages over which channel, how fast, and who stands in for whom: the settings choose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desk.carriers import Carrier, GiveWay, Limit
from desk.messages import Channel
from sms_gateway.settings import SmsSettings
from sms_gateway.smsgate_provider import SmsGateSender
from sms_gateway.twilio_provider import TwilioSender

APART = 1.0
"""Seconds between two texts to one person, so that they arrive in order."""


def ways(settings: SmsSettings) -> dict[Channel, tuple[Carrier, ...]]:
    """The carriers of the channels that are configured: SMS over the chosen provider, WhatsApp over Twilio.

    Where fail-over is wished for and both providers are there, the other one follows the chosen one.
    """
    twilio = TwilioSender(settings) if settings.has_twilio else None
    rate = settings.twilio_per_second
    limit = Limit(rate, burst=max(1, int(rate / 5)), apart=APART)
    made: dict[Channel, tuple[Carrier, ...]] = {}
    sms: dict[str, Carrier] = {}
    if twilio is not None:
        made["whatsapp"] = (Carrier("whatsapp", twilio, limit),)
        sms["twilio"] = Carrier("twilio", twilio, limit)
    if settings.has_smsgate:
        pace = Limit(1 / settings.phone_seconds_apart, daily=settings.phone_daily or None, apart=APART)
        sms["smsgate"] = Carrier("smsgate", SmsGateSender(settings), pace)
    first = sms.pop(settings.provider, None)
    if first is None:
        return made
    if settings.fail_over and sms:
        gives_way = GiveWay(settings.fail_over_after, timedelta(minutes=settings.fail_over_minutes))
        made["sms"] = (replace(first, gives_way=gives_way), *sms.values())
    else:
        made["sms"] = (first,)
    return made
