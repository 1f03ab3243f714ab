"""Talking to the assistant without a channel: for ``mezobeli ask`` and ``chat``, the transcript and the checks.

The knowledge is the real one; the conversations live in a database in memory and are gone afterwards.
"""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from sqlalchemy.orm import Session

from bot.telegram.commands import read_text
from bot.telegram.rendering import split
from desk import intake
from desk.messages import Answer, Assistant, Channel, Inbound, Reply, Understanding
from knowledge.snapshot import Snapshot
from knowledge.types import Center, Place
from sms_gateway.front import SmsFront
from sms_gateway.segments import measure
from sms_gateway.settings import SmsSettings
from store import clock, schema
from store.database import Database


@dataclass(frozen=True, slots=True)
class Exchange:
    """A text and what came of it. ``shown`` is what the channel shows, ``segments`` 0 where there are none."""

    channel: Channel
    text: str
    understanding: Understanding
    reply: Reply
    shown: tuple[str, ...]
    segments: int
    encoding: str | None
    ms: float


class Talk:
    """Conversations with the assistant over an imagined channel, each named by the sender."""

    def __init__(self, assistant: Assistant, sms: SmsSettings | None = None) -> None:
        """The conversations of this talk are kept in memory only, for the calling thread."""
        self._assistant = assistant
        self._database = Database("sqlite://")
        schema.upgrade(self._database)
        self._sms = sms or SmsSettings(replies_per_hour=1_000_000)
        self._addresses: dict[str, str] = {}

    def say(
        self,
        channel: Channel,
        sender: str,
        text: str = "",
        *,
        choice: str | None = None,
        location: tuple[float, float] | None = None,
    ) -> Exchange:
        """One message and its answer, through the code that the real channels use."""
        said = text
        if channel == "telegram" and choice is None:
            text, choice = read_text(text)
        inbound = Inbound(
            channel=channel,
            address=self._address(channel, sender),
            provider_id=uuid.uuid4().hex,
            received_at=clock.now(),
            text=text,
            choice=choice,
            location=location,
        )
        started = time.perf_counter()
        made = self._text_message(inbound) if channel != "telegram" else self._chat(inbound)
        return replace(made, text=said, ms=round((time.perf_counter() - started) * 1000, 2))

    @property
    def database(self) -> Database:
        """Where the conversations of this talk are kept while it lasts."""
        return self._database

    def close(self) -> None:
        """Forgets everything."""
        self._database.close()

    def _address(self, channel: Channel, sender: str) -> str:
        number = self._addresses.setdefault(sender, f"{len(self._addresses):07}")
        return number if channel == "telegram" else f"+99555{number}"

    def _text_message(self, inbound: Inbound) -> Exchange:
        seen: list[Answer] = []
        front = SmsFront(self._database, _Listening(self._assistant, seen), self._sms)
        exchange = front.exchange(inbound)
        measured = measure(exchange.texts[0]) if exchange.texts and inbound.channel == "sms" else None
        reply = seen[-1].reply if seen else Reply(exchange.texts, "ka")
        return Exchange(
            inbound.channel,
            inbound.text,
            exchange.understanding or Understanding("none", 0.0, reply.locale),
            reply,
            exchange.texts,
            measured.count if measured else 0,
            measured.encoding if measured else None,
            0.0,
        )

    def _chat(self, inbound: Inbound) -> Exchange:
        with self._database.write() as session:
            received = intake.record(session, inbound)
            session.flush()
            answer = self._assistant.answer(session, inbound, received.row.contact_id)
            shown = tuple(_plain(text) for text in split(answer.reply.texts))
            intake.finish(received.row, answer.understanding, list(shown))
        return Exchange("telegram", inbound.text, answer.understanding, answer.reply, shown, 0, None, 0.0)


def _plain(html: str) -> str:
    return unescape(_TAG.sub("", html))


_TAG = re.compile(r"</?b>")


class _Listening:
    """The assistant, with every answer also put into a list."""

    def __init__(self, assistant: Assistant, seen: list[Answer]) -> None:
        self._assistant = assistant
        self._seen = seen

    def answer(self, session: Session, inbound: Inbound, contact_id: int) -> Answer:
        answer = self._assistant.answer(session, inbound, contact_id)
        self._seen.append(answer)
        return answer


def as_json(exchange: Exchange, snapshot: Snapshot) -> dict[str, Any]:
    """What ``mezobeli ask --json`` prints of an exchange."""
    understood = exchange.understanding
    place = snapshot.places.get(understood.place_id) if understood.place_id is not None else None
    center = snapshot.centers.get(understood.center_id) if understood.center_id is not None else None
    return {
        "text": exchange.text,
        "language": understood.language,
        "intent": understood.intent,
        "confidence": round(understood.confidence, 3),
        "place": _named(place),
        "service": understood.service,
        "center": _named(center),
        "reply": [*exchange.shown, *_buttons(exchange)],
        "segments": exchange.segments,
        "encoding": exchange.encoding,
        "ms": exchange.ms,
    }


def _named(thing: Place | Center | None) -> dict[str, str] | None:
    return {"name_en": thing.name_en, "municipality_en": thing.municipality_en} if thing is not None else None


def _buttons(exchange: Exchange) -> list[str]:
    """The buttons under a chat message; a text message has its numbered choices in the text."""
    if exchange.channel != "telegram":
        return []
    return [f"[{choice.label}]" for choice in exchange.reply.choices]
