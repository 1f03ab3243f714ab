"""A ``Reply`` as the outbox keeps it, and back.

``texts`` of the row are the plain paragraphs. Its ``payload`` may hold ``choices`` and ``offers`` (lists of
``{"label", "value"}``), ``pins``, ``files``, ``asks_location``, ``locale`` and ``reply_to``; every key may be
missing, so that a row which others queue with nothing but texts is sent as well. ``parts_sent`` is what the
sender adds.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, cast

from desk.messages import Choice, File, Outgoing, Pin, Reply
from knowledge.types import LOCALES, Locale

GROUP_TEXTS = 2
"""Paragraphs that are said in a group, where others read along."""


def of_reply(reply: Reply, reply_to: int | None = None) -> dict[str, Any]:
    """What of a reply is kept beside its texts; only what is there."""
    kept: dict[str, Any] = {
        "locale": reply.locale,
        "choices": [asdict(choice) for choice in reply.choices],
        "offers": [asdict(offer) for offer in reply.offers],
        "pins": [asdict(pin) for pin in reply.pins],
        "files": [
            {"name": file.name, "media_type": file.media_type, "content": b64encode(file.content).decode()}
            for file in reply.files
        ],
        "asks_location": reply.asks_location,
        "reply_to": reply_to,
    }
    return {name: value for name, value in kept.items() if value}


def to_reply(message: Outgoing) -> Reply:
    """The reply that a row holds."""
    payload = message.payload
    return Reply(
        texts=message.texts,
        locale=_locale(payload),
        choices=choices(payload, "choices"),
        offers=choices(payload, "offers"),
        pins=tuple(Pin(**pin) for pin in payload.get("pins", ())),
        files=tuple(
            File(file["name"], file["media_type"], b64decode(file["content"])) for file in payload.get("files", ())
        ),
        asks_location=bool(payload.get("asks_location")),
    )


def choices(payload: Mapping[str, Any], name: str) -> tuple[Choice, ...]:
    """The ``choices`` or ``offers`` of a payload."""
    return tuple(Choice(choice["label"], choice["value"]) for choice in payload.get(name, ()))


def _locale(payload: Mapping[str, Any]) -> Locale:
    locale = payload.get("locale")
    return cast(Locale, locale) if locale in LOCALES else "ka"


def for_group(reply: Reply) -> Reply:
    """The reply as a group gets it: short, and without what only works between two."""
    return replace(
        reply, texts=reply.texts[:GROUP_TEXTS], offers=(), pins=reply.pins[:1], files=(), asks_location=False
    )
