"""The address that Telegram calls in webhook mode."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, Protocol

from flask import Blueprint, Response, request

MOST_BYTES = 1_000_000
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of a header


class NotReady(Exception):
    """The update could not be taken in now; Telegram is to call again."""


class TakesUpdates(Protocol):
    """What the webhook hands updates to."""

    def receive(self, data: Mapping[str, Any]) -> None:
        """Returns when the update is committed. Raises NotReady where Telegram should call again."""
        ...


def blueprint(front: TakesUpdates, path: str, secret: str) -> Blueprint:
    """``POST /telegram/<path>``, open only to who knows ``secret``. To be exempted from CSRF protection."""
    made = Blueprint("telegram", __name__)

    @made.post(f"/telegram/{path}")
    def update() -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response("wrong secret", 403)
        if (request.content_length or 0) > MOST_BYTES:
            return Response("too long", 413)
        data = request.get_json(force=True, silent=True)
        if not isinstance(data, dict) or not isinstance(data.get("update_id"), int):
            return Response("not an update", 400)
        try:
            front.receive(data)
        except NotReady:
            return Response("not now", 503, {"Retry-After": "5"})
        return Response("", 200)

    return made
