"""The state of a conversation: a small JSON value in the database, so that any process can take it up."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

MEMORY = timedelta(hours=3)
"""How long what was talked about goes on counting; afterwards a conversation begins anew."""


@dataclass
class Pending:
    """What waits for the resident's next word: the question that was asked, and of whose text it is part.

    ``text`` is read again with the missing part filled in. ``candidates`` are places of which one is meant.
    """

    kind: str  # place, intent, service, forget, home, language
    text: str = ""
    intent: str | None = None
    service: str | None = None
    candidates: list[int] = field(default_factory=list)


@dataclass
class State:
    """The last place, centre, service and intent, the choices on offer, failures in a row."""

    place: int | None = None
    center: int | None = None
    service: str | None = None
    intent: str | None = None
    language: str | None = None
    choices: list[str] = field(default_factory=list)
    pending: Pending | None = None
    failures: int = 0

    def to_json(self) -> dict[str, Any]:
        """The state as JSON, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value not in (None, [], 0)}

    @classmethod
    def from_json(cls, data: dict[str, Any], updated_at: datetime, now: datetime) -> State:
        """Reads what ``to_json`` wrote; after MEMORY only the language is left of it."""
        if now - updated_at > MEMORY:
            return cls(language=data.get("language"))
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        pending = known.pop("pending", None)
        return cls(**known, pending=Pending(**pending) if pending else None)
