"""Try it: the telephones of ``/try``, with what the assistant made of each message beside them.

The messages go through the code of the real channels into a database in memory: nothing is kept or sent.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import cast

from flask import Blueprint, Response, abort, current_app, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue

from bot.halls import words as facts
from bot.names import place as place_name
from console import tryout
from console.conversing import Exchange
from console.staff import access, replies, words
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import locale
from console.tryout.talks import CHANNELS, TEXT_LIMIT, Limit, Talks
from knowledge.snapshot import Snapshot

pages = Blueprint("tryit", __name__, url_prefix="/tryit")

STATIC = Path(tryout.__file__).parent / "static"

MESSAGES_A_MINUTE = 60
"""From one member of staff."""

LAGODEKHI = (41.8275, 46.2749)
"""A place to try a location with: the page has no business asking where the member is."""

EXTENSION = "mezobeli-tryit"


@pages.get("")
@access.signed_in
def page() -> str:
    """Both telephones, in a talk of its own."""
    return render_template("staff/tryit.html", talk=secrets.token_hex(8), exchange=None, **_fixed())


@pages.get("/phone.css")
@access.signed_in
def style() -> Response:
    """How the telephones look: the style sheet of ``/try``."""
    return send_from_directory(STATIC, "phone.css")


@pages.post("/say")
@access.signed_in
def say() -> ResponseReturnValue:
    """One message: the answer for htmx, or the whole page with it."""
    form = request.form
    channel, talk = form.get("channel", ""), form.get("talk", "")[:16]
    if channel not in CHANNELS:
        abort(400)
    talks, limit = _talks()
    if not limit.allows(str(visitor().id)):
        return _answer(None, channel, talk), 200
    choice = form.get("choice") or None
    exchange = talks.say(
        channel,
        f"{visitor().id}:{talk}",
        "" if choice else form.get("text", ""),
        choice=choice,
        location=LAGODEKHI if "location" in form else None,
    )
    return _answer(exchange, channel, talk)


def _answer(exchange: Exchange | None, channel: str, talk: str) -> str:
    template = "staff/tryit_exchange.html" if replies.is_htmx() else "staff/tryit.html"
    wrote = request.form.get("shown") or request.form.get("text", "")
    if "location" in request.form:
        wrote = "{}, {}".format(*LAGODEKHI)
    return render_template(
        template,
        exchange=exchange,
        too_fast=exchange is None,
        wrote=wrote[:TEXT_LIMIT],
        channel=channel,
        talk=talk,
        about=_about(exchange) if exchange is not None else {},
        **_fixed(),
    )


def _fixed() -> dict[str, object]:
    return {"limit": TEXT_LIMIT, "number": parts().sms.reply_number, "bot_name": parts().bot_name()}


def _about(exchange: Exchange) -> dict[str, str]:
    """What the assistant made of the message: values for labels; what it knows nothing of is left out."""
    understood, snapshot = exchange.understanding, parts().knowledge()
    found = {
        "language": _said("announce.language.", understood.language),
        "intent": _said("reports.intent.", understood.intent),
        "confidence": f"{understood.confidence:.2f}",
        "service": _service(understood.service, snapshot),
        "ms": f"{exchange.ms} ms",
    }
    place = snapshot.places.get(understood.place_id) if understood.place_id is not None else None
    if place is not None:
        found["place"] = place_name(locale(), place, snapshot)
    if understood.center_id is not None:
        found["center"] = facts.center(locale(), understood.center_id, snapshot)
    if exchange.segments:
        characters = len(exchange.shown[0])
        found["size"] = f"{exchange.segments} × {exchange.encoding}, {characters}"
    return {name: value for name, value in found.items() if value}


def _said(prefix: str, code: str) -> str:
    """A code in words; the code itself goes with them, for whoever reports what went wrong."""
    return f"{words.say(prefix + code)} ({code})"


def _service(slug: str | None, snapshot: Snapshot) -> str:
    known = snapshot.services.get(slug or "")
    return f"{known.names[locale()]} ({slug})" if known is not None else slug or ""


def _talks() -> tuple[Talks, Limit]:
    """The talks of this application, which begin with the first message."""
    made = current_app.extensions.get(EXTENSION)
    if made is None:
        fresh = (Talks(parts().assistant, parts().sms), Limit(MESSAGES_A_MINUTE))
        made = current_app.extensions.setdefault(EXTENSION, fresh)
    return cast(tuple[Talks, Limit], made)
