"""The talks behind the telephones on the screen, and how often somebody may write."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from console.conversing import Exchange, Talk
from desk.messages import Assistant, Channel
from sms_gateway.settings import SmsSettings

CHANNELS: frozenset[Channel] = frozenset({"sms", "telegram"})
"""The channels that a telephone on the screen can be."""

TEXT_LIMIT = 1_600
CHOICE_LIMIT = 60
SENDER_LIMIT = 64

KEPT_MESSAGES = 5_000
"""After so many the talk begins anew, so that its memory stays small."""


class Talks:
    """One talk at a time, shared by the threads of the process. Nothing of it is kept or sent."""

    def __init__(self, assistant: Assistant, sms: SmsSettings) -> None:
        """Begins nothing yet."""
        self._assistant = assistant
        self._sms = sms
        self._talk: Talk | None = None
        self._count = 0
        self._lock = threading.Lock()

    def say(
        self,
        channel: Channel,
        sender: str,
        text: str,
        *,
        choice: str | None = None,
        location: tuple[float, float] | None = None,
    ) -> Exchange:
        """One message and its answer; what is too long is cut. ``location``: (latitude, longitude) in degrees."""
        with self._lock:
            if self._talk is None or self._count >= KEPT_MESSAGES:
                if self._talk is not None:
                    self._talk.close()
                self._talk, self._count = Talk(self._assistant, self._sms), 0
            self._count += 1
            return self._talk.say(
                channel,
                f"{channel}:{sender[:SENDER_LIMIT]}",
                text[:TEXT_LIMIT],
                choice=choice[:CHOICE_LIMIT] if choice else None,
                location=location,
            )


class Limit:
    """So many a minute from one address; forgets addresses that fall silent."""

    def __init__(self, a_minute: int) -> None:
        """How many each address may send within a minute."""
        self._a_minute = a_minute
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, address: str) -> bool:
        """Counts one more, and whether it is still within the limit."""
        minute = time.monotonic() // 60
        with self._lock:
            began, count = self._seen.pop(address, (minute, 0))
            count = count + 1 if began == minute else 1
            self._seen[address] = (minute, count)
            while len(self._seen) > 10_000:
                self._seen.popitem(last=False)
        return count <= self._a_minute
