"""The page and the one address that it talks to."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, jsonify, render_template, request

from console.conversing import Exchange
from console.tryout.talks import CHANNELS, Limit, Talks
from desk.messages import Assistant, Channel
from sms_gateway.settings import SmsSettings

MESSAGES_A_MINUTE = 40
"""From one address; a person types fewer, and a script has no business here."""

BODY_LIMIT = 16 * 1024


def blueprint(assistant: Assistant, sms: SmsSettings) -> Blueprint:
    """The page ``/try`` and ``POST /try/say``."""
    made = Blueprint(
        "tryout",
        __name__,
        url_prefix="/try",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    talks = Talks(assistant, sms)
    limit = Limit(MESSAGES_A_MINUTE)

    @made.before_request
    def limit_body() -> None:
        request.max_content_length = BODY_LIMIT

    @made.get("")
    def page() -> str:
        return render_template("try.html", reply_number=sms.reply_number)

    @made.post("/say")
    def say() -> tuple[Response, int]:
        if not limit.allows(request.remote_addr or ""):
            return jsonify(error="Slow down a little: try again in a minute."), 429
        said = _said()
        if not isinstance(said, dict) or str(said.get("channel")) not in CHANNELS:
            return jsonify(error='Send {"channel": "sms" or "telegram", "sender": ..., "text": ...}.'), 400
        try:
            location = _point(said.get("location"))
        except (TypeError, ValueError):
            return jsonify(error="The location is two numbers in degrees."), 400
        return jsonify(_as_shown(_exchange(talks, said, location))), 200

    return made


def _said() -> object:
    """The JSON of the request; None where it is none, or is nested deeper than anybody means it."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _point(given: object) -> tuple[float, float] | None:
    """A latitude and a longitude, None where nothing is given. Raises TypeError or ValueError for all else."""
    if given is None:
        return None
    if not isinstance(given, list):
        raise TypeError
    lat, lon = map(float, given)
    if not (abs(lat) <= 90 and abs(lon) <= 180):  # NaN is not within either
        raise ValueError
    return lat, lon


def _exchange(talks: Talks, said: dict[str, Any], location: tuple[float, float] | None) -> Exchange:
    return talks.say(
        cast(Channel, said["channel"]),
        str(said.get("sender", "")),
        str(said.get("text") or ""),
        choice=str(said["choice"]) if said.get("choice") else None,
        location=location,
    )


def _as_shown(exchange: Exchange) -> dict[str, Any]:
    understood, reply = exchange.understanding, exchange.reply
    return {
        "texts": list(exchange.shown),
        "choices": [{"label": choice.label, "value": choice.value} for choice in reply.choices],
        "offers": [{"label": choice.label, "value": choice.value} for choice in reply.offers],
        "pins": [
            {"title": pin.title, "address": pin.address, "at": f"{pin.latitude:.4f}, {pin.longitude:.4f}"}
            for pin in reply.pins
        ],
        "asks_location": reply.asks_location,
        "segments": exchange.segments,
        "encoding": exchange.encoding,
        "characters": len(exchange.shown[0]) if exchange.shown else 0,
        "language": understood.language,
        "intent": understood.intent,
        "confidence": round(understood.confidence, 2),
        "reasons": list(understood.reasons),
        "ms": exchange.ms,
    }
