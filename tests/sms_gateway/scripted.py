"""An assistant that says what a test tells it to, and inbound messages to give it."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from sqlalchemy.orm import Session

from desk.messages import Answer, Inbound, Reply, Understanding
from sms_gateway.settings import SmsSettings
from store import clock

NUMBER = "+995555123456"
SETTINGS = SmsSettings(
    account_sid="AC" + "1" * 32,
    auth_token="twilio-secret",
    from_="+12025550123",
    public_url="https://neighbour.example.org",
    status_callback="https://neighbour.example.org/sms/status",
    smsgate_url="http://127.0.0.1:9",
    login="phone",
    password="phone-secret",
    signing_key="phone-signing-key",
)

_ids = itertools.count(1)


def reply(*texts: str, **more: object) -> Reply:
    """A reply in English."""
    return Reply(texts, "en", **more)  # type: ignore[arg-type]


def text(body: str, *, provider_id: str | None = None, number: str = NUMBER, channel: str = "sms") -> Inbound:
    """A message of a resident, with an id of its own unless one is given."""
    provider_id = provider_id or f"SM{next(_ids):032x}"
    return Inbound(channel, number, provider_id, clock.now(), text=body)  # type: ignore[arg-type]


class ScriptedAssistant:
    """Echoes the text, or says what ``script`` returns; ``asked`` are the messages that it was asked."""

    def __init__(self, script: Callable[[Inbound], Reply] | None = None) -> None:
        self.script = script or (lambda inbound: reply(f"You wrote: {inbound.text}"))
        self.asked: list[Inbound] = []

    def answer(self, session: Session, inbound: Inbound, contact_id: int) -> Answer:
        """Answers as the script says; what the script raises goes through."""
        self.asked.append(inbound)
        return Answer(self.script(inbound), Understanding("hours", 0.9, "en"))
