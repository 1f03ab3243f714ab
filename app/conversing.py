"""Talking to the assistant without a channel: for ``mezobeli ask`` and ``chat``, the transcript and the checks.

The knowledge is the real one; the conversations live in a database in memory and are gone afterwards.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

from bot.assistant import NeighbourAssistant
from bot.telegram.rendering import split
from desk import conversations, intake
from desk.messages import Channel, Inbound, Reply, Understanding
from knowledge.snapshot import Snapshot
from sms_gateway.front import SmsFront
from store import clock, schema
from store.database import Database


@dataclass(frozen=True, slots=True)
class Exchange:
    """A text and what came of it. ``shown`` is what the channel shows, ``segments`` 0 where there are none."""

    text: str
    understanding: Understanding
    reply: Reply
    shown: tuple[str, ...]
    segments: int
    encoding: str | None
    ms: float
