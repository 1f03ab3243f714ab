"""Whole conversations, replayed and written down, so that a change of the assistant's words shows in review."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import yaml
from sqlalchemy import select

from app.bootstrap import Neighbour
from console.conversing import Exchange, Talk
from desk.halls import life, references
from desk.halls.bookings import Booking
from desk.messages import Channel
from desk.outbox import OutboxMessage
from store import clock

DOCS = Path(__file__).parents[1] / "docs"

MOMENT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
"""When the conversations take place: a Tuesday, 11:00 in Tbilisi."""

STAFF = "nino"
NOTHING = "nothing was booked"


@dataclass(frozen=True, slots=True)
class Transcript:
    """A script of conversations beside the page that it is written to."""

    title: str
    script: Path

    @property
    def page(self) -> Path:
        """The page."""
        return self.script.with_suffix(".md")

    def scenes(self) -> list[Scene]:
        """The conversations of the script."""
        return [
            Scene(row["title"], cast(Channel, row["channel"]), tuple(map(_message, row["says"])))
            for row in yaml.safe_load(self.script.read_text(encoding="utf-8"))
        ]

    def exchanges(self) -> int:
        """How many messages the script has."""
        return sum(len(scene.says) for scene in self.scenes())


TRANSCRIPTS = (
    Transcript("Conversations", DOCS / "transcript.yaml"),
    Transcript("Bookings", DOCS / "bookings.yaml"),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation: who speaks, over which channel, and what they send or the centre's staff do, in order."""

    title: str
    channel: Channel
    says: tuple[dict[str, Any], ...]


def _message(said: Any) -> dict[str, Any]:
    return dict(said) if isinstance(said, dict) else {"text": str(said)}


def written(neighbour: Neighbour, transcript: Transcript) -> str:
    """The transcript as Markdown, with the clock standing still."""
    lines = [
        f"# {transcript.title}",
        "",
        f"Written by `mezobeli transcript --write` from `docs/{transcript.script.name}`; a test holds it to that.",
        f"It is {MOMENT:%A, %d %B %Y}, 11:00 in Tbilisi. Under each answer: language, intent, segments, encoding.",
        "",
    ]
    with clock.fixed(MOMENT), references.drawn_by(random.Random(7).choice):
        for number, scene in enumerate(transcript.scenes(), 1):
            lines += [f"## {number}. {scene.title} ({scene.channel})", ""]
            talk = Talk(neighbour.assistant)
            for said in scene.says:
                if "staff" in said:
                    lines += _staff(talk, neighbour, said["staff"])
                else:
                    lines += _exchange(said, talk.say(scene.channel, "somebody", **_arguments(said)))
            talk.close()
    return "\n".join(lines)


def _arguments(said: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {name: said[name] for name in ("text", "choice") if name in said}
    if "location" in said:
        lat, lon = said["location"]
        known["location"] = (float(lat), float(lon))
    return known


def _staff(talk: Talk, neighbour: Neighbour, does: str) -> list[str]:
    """The centre confirms or declines the last booking; what the person is then told."""
    with talk.database.write() as session:
        booking = session.scalars(select(Booking).order_by(Booking.id.desc())).first()
        if booking is None:
            return [f"*(the centre: {NOTHING})*", ""]
        if does == "confirm":
            life.confirm(session, booking, STAFF, neighbour.tell)
        else:
            life.decline(session, booking, STAFF, neighbour.tell, does.removeprefix("decline "))
        row = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
        told = "\n\n".join(row.texts) if row is not None else "(nothing)"
    return [f"*(the centre: {does})*", "", _quoted(told), ""]


def _exchange(said: dict[str, Any], exchange: Exchange) -> list[str]:
    shown = said.get("text") or (f"[{said['choice']}]" if "choice" in said else f"(location {said['location']})")
    understood = exchange.understanding
    size = f", {exchange.segments} {exchange.encoding}" if exchange.segments else ""
    body = "\n\n".join(exchange.shown) or "(nothing)"
    buttons = [f"[{choice.label}]" for choice in (*exchange.reply.choices, *exchange.reply.offers)]
    keys = f"\n>\n> {' '.join(buttons)}" if buttons and exchange.channel == "telegram" else ""
    return [f"**{shown}**", "", _quoted(body) + keys, "", f"`{understood.language} {understood.intent}{size}`", ""]


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
