"""Which sender carries which channel: the settings choose."""

from __future__ import annotations

from desk.messages import Channel, Sender
from sms_gateway.settings import SmsSettings
from sms_gateway.smsgate_provider import SmsGateSender
from sms_gateway.twilio_provider import TwilioSender


def senders(settings: SmsSettings) -> dict[Channel, Sender]:
    """The senders of the channels that are configured: SMS over the chosen provider, WhatsApp over Twilio."""
    made: dict[Channel, Sender] = {}
    twilio = TwilioSender(settings) if settings.has_twilio else None
    if twilio is not None:
        made["whatsapp"] = twilio
    if settings.provider == "twilio" and twilio is not None:
        made["sms"] = twilio
    if settings.provider == "smsgate" and settings.has_smsgate:
        made["sms"] = SmsGateSender(settings)
    return made
