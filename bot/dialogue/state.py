"""The state of a conversation: a small JSON value in the database, so that any process can take it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from desk.messages import Channel

MEMORY = timedelta(hours=3)
"""How long what was talked about goes on counting; afterwards a conversation begins anew."""

IDLE: Mapping[Channel, timedelta] = {
    "telegram": timedelta(minutes=30),
    "sms": timedelta(hours=24),
    "whatsapp": timedelta(hours=24),
}
"""How long a question waits for its answer; a text message takes its time."""

_TRANSIENT = "lapsed"


@dataclass
class Pending:
    """What waits for the resident's next word: the question that was asked, and of whose text it is part.

    ``text`` is read again with the missing part filled in. ``candidates`` are places of which one is meant.
    """

    kind: str  # place, intent, service, forget, home, language, yes_no (of two choices), decline, announce
    text: str = ""
    intent: str | None = None
    service: str | None = None
    candidates: list[int] = field(default_factory=list)


@dataclass
class State:
    """The last place, centre, service and intent, the choices on offer, failures in a row.

    ``offered_home`` says that the resident was asked whether a village is theirs: nobody is asked twice.
    ``form`` is what is known so far of a hall to be booked (``bot.halls.draft``). ``lapsed``, which is not kept,
    says that a question of ours waited for too long.
    """

    place: int | None = None
    center: int | None = None
    service: str | None = None
    intent: str | None = None
    language: str | None = None
    choices: list[str] = field(default_factory=list)
    pending: Pending | None = None
    failures: int = 0
    offered_home: bool = False
    form: dict[str, Any] | None = None
    lapsed: bool = False

    def to_json(self) -> dict[str, Any]:
        """The state as JSON, without what is empty."""
        kept = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != _TRANSIENT}
        if self.pending is not None:
            kept["pending"] = asdict(self.pending)
        return {name: value for name, value in kept.items() if value not in (None, [], 0)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], updated_at: datetime, now: datetime, channel: Channel) -> State:
        """Reads what ``to_json`` wrote: questions only while they are not IDLE, the rest within MEMORY.

        The language, and whether the village was offered, are always kept.
        """
        idle = now - updated_at
        asked = "pending" in data or "form" in data
        lapsed = asked and idle > IDLE[channel]
        if idle > max(MEMORY, IDLE[channel]):
            kept = {"language": data.get("language"), "offered_home": data.get("offered_home", False)}
            return cls(**kept, lapsed=lapsed)
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        pending = known.pop("pending", None)
        if lapsed:
            known.pop("form", None)
            known.pop("choices", None)
            return cls(**known, lapsed=True)
        return cls(**known, pending=Pending(**pending) if pending else None)
