"""Whole conversations, replayed and written down, so that a change of the assistant's words shows in review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import yaml

from app.bootstrap import Neighbour
from console.conversing import Exchange, Talk
from desk.messages import Channel
from store import clock

DOCS = Path(__file__).parents[1] / "docs"
SCRIPT = DOCS / "transcript.yaml"
WRITTEN = DOCS / "transcript.md"

MOMENT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
"""When the conversations take place: a Tuesday, 11:00 in Tbilisi."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation: who speaks, over which channel, and what they send, in order."""

    title: str
    channel: Channel
    says: tuple[dict[str, Any], ...]


def scenes() -> list[Scene]:
    """The conversations of the script."""
    return [
        Scene(row["title"], cast(Channel, row["channel"]), tuple(map(_message, row["says"])))
        for row in yaml.safe_load(SCRIPT.read_text(encoding="utf-8"))
    ]


def _message(said: Any) -> dict[str, Any]:
    return dict(said) if isinstance(said, dict) else {"text": str(said)}


def written(neighbour: Neighbour) -> str:
    """The transcript as Markdown, with the clock standing still."""
    lines = [
        "# Conversations",
        "",
        "Written by `mezobeli transcript --write` from `docs/transcript.yaml`; a test holds it up to date.",
        f"It is {MOMENT:%A, %d %B %Y}, 11:00 in Tbilisi. Under each answer: language, intent, segments, encoding.",
        "",
    ]
    with clock.fixed(MOMENT):
        for number, scene in enumerate(scenes(), 1):
            lines += [f"## {number}. {scene.title} ({scene.channel})", ""]
            talk = Talk(neighbour.assistant)
            for said in scene.says:
                lines += _exchange(said, talk.say(scene.channel, "somebody", **_arguments(said)))
            talk.close()
    return "\n".join(lines)


def exchanges() -> int:
    """How many messages the script has."""
    return sum(len(scene.says) for scene in scenes())


def _arguments(said: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {name: said[name] for name in ("text", "choice") if name in said}
    if "location" in said:
        lat, lon = said["location"]
        known["location"] = (float(lat), float(lon))
    return known


def _exchange(said: dict[str, Any], exchange: Exchange) -> list[str]:
    shown = said.get("text") or (f"[{said['choice']}]" if "choice" in said else f"(location {said['location']})")
    understood = exchange.understanding
    size = f", {exchange.segments} {exchange.encoding}" if exchange.segments else ""
    body = "\n\n".join(exchange.shown) or "(nothing)"
    buttons = [f"[{choice.label}]" for choice in (*exchange.reply.choices, *exchange.reply.offers)]
    keys = f"\n>\n> {' '.join(buttons)}" if buttons and exchange.channel == "telegram" else ""
    quoted = "\n".join(f"> {line}".rstrip() for line in body.split("\n"))
    return [f"**{shown}**", "", quoted + keys, "", f"`{understood.language} {understood.intent}{size}`", ""]
