"""Reading what the Android phone posts: its signature, messages, and receipts of what it sent.

https://docs.sms-gate.app/features/webhooks/
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from desk.messages import Inbound, Media
from sms_gateway import numbers
from sms_gateway.provider_failures import smsgate_report
from sms_gateway.receipts import Receipt
from sms_gateway.settings import SmsSettings
from sms_gateway.twilio_webhook import Unreadable
from store import clock
from store.clock import TBILISI

SIGNATURE = "X-Signature"
TIMESTAMP = "X-Timestamp"


def sign(key: str, body: bytes, timestamp: str) -> str:
    """The phone's signature: hex HMAC-SHA256 over the raw body followed by the timestamp."""
    return hmac.new(key.encode(), body + timestamp.encode(), hashlib.sha256).hexdigest()


def is_signed(settings: SmsSettings, body: bytes, timestamp: str, signature: str) -> bool:
    """Whether our phone signed this request, and not longer ago (or ahead) than the tolerance."""
    if not settings.signing_key or not signature or not (timestamp.isascii() and timestamp.isdigit()):
        return False
    expected = sign(settings.signing_key, body, timestamp).encode()
    if not hmac.compare_digest(expected, signature.strip().lower().encode("utf-8", "replace")):
        return False
    return abs(clock.now().timestamp() - int(timestamp[:15])) <= settings.timestamp_tolerance


def read(body: bytes) -> list[Inbound | Receipt]:
    """What the phone posted: messages, a receipt, or nothing that concerns us. Raises Unreadable."""
    try:
        posted = json.loads(body)
    except ValueError as error:
        raise Unreadable("not JSON") from error
    event, payload = (posted.get("event"), posted.get("payload")) if isinstance(posted, dict) else (None, None)
    if not isinstance(event, str) or not isinstance(payload, dict):
        raise Unreadable("event and payload are needed")
    if event == "sms:received":
        return [_inbound(payload, payload.get("message"))]
    if event == "sms:batch:received":
        messages = payload.get("messages")
        batch = messages if isinstance(messages, list) else []
        return [_inbound(one, one.get("message")) for one in batch if isinstance(one, dict)]
    if event == "mms:received":
        return [_inbound(payload, payload.get("subject") or "", "other")]
    receipt = _receipt(event, payload)
    return [receipt] if receipt is not None else []


def _inbound(payload: dict[str, Any], text: object, media: Media | None = None) -> Inbound:
    sender, received_at = payload.get("sender") or payload.get("phoneNumber"), payload.get("receivedAt")
    if not isinstance(sender, str) or not isinstance(text, str) or not isinstance(received_at, str):
        raise Unreadable("sender, message and receivedAt are needed")
    moment = _moment(received_at)
    address = numbers.read(sender).address
    return Inbound(
        channel="sms",
        address=address,
        provider_id=_provider_id(address, moment, text),
        received_at=moment,
        text=text,
        media=media,
    )


def _provider_id(address: str, moment: datetime, text: str) -> str:
    """Names a message by its sender, time and text: the phone's own id is made of the content and not unique."""
    content = json.dumps([address, moment.isoformat(timespec="milliseconds"), text])
    return "smsgate-" + hashlib.sha256(content.encode()).hexdigest()[:40]


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise Unreadable("receivedAt is not a time") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=TBILISI)).astimezone(UTC)


def _receipt(event: str, payload: dict[str, Any]) -> Receipt | None:
    message_id = payload.get("messageId")
    if event not in {"sms:sent", "sms:delivered", "sms:failed"}:
        return None
    if not isinstance(message_id, str):
        raise Unreadable("messageId is needed")
    if event == "sms:failed":
        why = smsgate_report(str(payload.get("reason") or "not delivered"))
        return Receipt("failed", message_id, message_id, why, carrier="smsgate")
    return Receipt("sent" if event == "sms:sent" else "delivered", message_id, message_id, carrier="smsgate")
