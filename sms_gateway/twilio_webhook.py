"""Reading what Twilio posts: its signature, messages (SMS and WhatsApp) and receipts."""

from __future__ import annotations

from contextlib import suppress

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.twiml.messaging_response import MessagingResponse  # type: ignore[import-untyped]
from werkzeug.datastructures import MultiDict

from desk.messages import Inbound, Media
from sms_gateway import numbers
from sms_gateway.provider_failures import receipt_failure
from sms_gateway.receipts import Receipt
from sms_gateway.settings import SmsSettings
from store import clock

SIGNATURE = "X-Twilio-Signature"
WHATSAPP = "whatsapp:"

_MEDIA: dict[str, Media] = {"image": "photo", "audio": "voice", "video": "video"}


class Unreadable(ValueError):
    """The provider's request lacks what it must have; the text says what."""


def is_signed(settings: SmsSettings, path_and_query: str, form: MultiDict[str, str], signature: str) -> bool:
    """Whether Twilio signed this request for our public address (whatever a proxy made of it on the way)."""
    if not settings.auth_token or not signature:
        return False
    validator = RequestValidator(settings.auth_token)
    try:
        return bool(validator.validate(settings.public_url + path_and_query, form, signature))
    except UnicodeEncodeError:
        return False


def read_inbound(form: MultiDict[str, str]) -> Inbound:
    """The message that Twilio posted. Raises Unreadable."""
    sender, provider_id = form.get("From", ""), form.get("MessageSid") or form.get("SmsMessageSid", "")
    if not sender or not provider_id or len(provider_id) > 64:
        raise Unreadable("From and MessageSid are needed")
    whatsapp = sender.startswith(WHATSAPP)
    return Inbound(
        channel="whatsapp" if whatsapp else "sms",
        address=numbers.read(sender.removeprefix(WHATSAPP)).address,
        provider_id=provider_id,
        received_at=clock.now(),
        text=form.get("Body", ""),
        choice=form.get("ButtonPayload") or None,
        location=_location(form),
        media=_media(form),
    )


def read_receipt(form: MultiDict[str, str], message_id: str) -> Receipt | None:
    """The receipt that Twilio posted; None where it tells nothing new. Raises Unreadable.

    ``message_id`` is our own, from the address that we gave Twilio for the receipts of this message.
    """
    provider_id = form.get("MessageSid") or form.get("SmsSid", "")
    status = form.get("MessageStatus") or form.get("SmsStatus", "")
    if not provider_id or not status:
        raise Unreadable("MessageSid and MessageStatus are needed")
    carrier = "whatsapp" if form.get("To", "").startswith(WHATSAPP) else "twilio"
    if status == "sent":
        return Receipt("sent", message_id, provider_id, carrier=carrier)
    if status in {"delivered", "read"}:
        return Receipt("delivered", message_id, provider_id, carrier=carrier)
    if status in {"failed", "undelivered"}:
        code = form.get("ErrorCode", "")
        why = receipt_failure(int(code) if code.isdecimal() else None)
        return Receipt("failed", message_id, provider_id, why, carrier)
    return None


def twiml(texts: list[str]) -> str:
    """The answer to Twilio's webhook: one message for each text, or nothing to send."""
    response = MessagingResponse()
    for text in texts:
        response.message(text)
    return str(response)


def _location(form: MultiDict[str, str]) -> tuple[float, float] | None:
    with suppress(ValueError):
        latitude, longitude = float(form.get("Latitude", "")), float(form.get("Longitude", ""))
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return latitude, longitude
    return None


def _media(form: MultiDict[str, str]) -> Media | None:
    if form.get("NumMedia", "0") in {"", "0"}:
        return None
    kind = form.get("MediaContentType0", "").lower()
    if "vcard" in kind:
        return "contact"
    return _MEDIA.get(kind.partition("/")[0], "document")
