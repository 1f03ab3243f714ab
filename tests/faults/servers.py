"""A Twilio and a Telegram on loopback that fail in every way, and a ledger of what came to them."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.bot.telegram.bot_api_server import BotApiServer, Json, Trouble
from tests.sms_gateway.twilio_server import TwilioServer

TIMEOUT = 1.0
"""Seconds for which the clients wait for an answer."""

TOO_LONG, SLOW = 1.3, 0.2

AGAIN = "(again)"
"""The mark of a message that is sent a second time."""

Sort = TypeVar("Sort")


@dataclass(frozen=True, slots=True)
class Came:
    """One request to send; ``marked`` where the text says that it is sent again."""

    channel: str
    address: str
    text: str
    marked: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What a person gets once."""
        return self.address, self.text


def came(channel: str, address: str, text: str) -> Came:
    """The request, without the mark."""
    marked = text.startswith(AGAIN)
    return Came(channel, address, text.removeprefix(AGAIN).strip(), marked)


@dataclass
class Ledger:
    """What came, what of it was taken, and what was then reported as not delivered; all in order of time."""

    requests: list[Came] = field(default_factory=list)
    taken: list[Came] = field(default_factory=list)
    bounced: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    outage: bool = False

    def count(self, text: str) -> int:
        """How many messages of that text were taken."""
        return sum(one.text == text for one in list(self.taken))


class Deck:
    """Cards in a random order, each as often as any other; shuffled anew when they are used up."""

    def __init__(self, chance: random.Random, cards: Sequence[Sort], size: int) -> None:
        """Besides ``cards`` the deck has empty ones, up to ``size``."""
        self._chance, self._all = chance, [*cards, *[None] * (size - len(cards))]
        self._left: list[Any] = []
        self._lock = threading.Lock()

    def draw(self) -> Any:
        """The next card; None for an empty one."""
        with self._lock:
            if not self._left:
                self._left = list(self._all)
                self._chance.shuffle(self._left)
            return self._left.pop()


TWILIO_FAULTS = ("reset", "hangup", "late", "nonsense", 20429, 20500, 30003, TOO_LONG, SLOW)

TWILIO_REFUSALS = {5: 21211, 6: 21610, 7: 30005}
"""What is said of numbers that end so modulo 50."""


class FaultyTwilio(TwilioServer):
    """Takes messages, mostly. Of what it took it sends receipts: twice, in the wrong order, and unknown ones."""

    ledger: Ledger
    deck: Deck
    filters: str
    report: Callable[[dict[str, str], str, list[tuple[str, int | None]]], None]

    def fault_for(self, form: dict[str, str]) -> int | float | str | None:
        """What goes wrong: an outage, what is wrong with the number, the filter (once), or a card of the deck."""
        asked = came("sms", form["To"], form["Body"])
        self.ledger.requests.append(asked)
        fault: int | float | str | None = TWILIO_REFUSALS.get(int(form["To"]) % 50)
        if self.ledger.outage:
            fault = 20500
        elif fault is None and asked.text == self.filters:
            self.filters, fault = "", 30007
        elif fault is None:
            fault = self.deck.draw()
        self.ledger.faults[f"twilio {fault or 'none'}"] += 1
        return fault

    def took(self, form: dict[str, str], made: dict[str, Any]) -> None:
        """Notes it, and reports what becomes of it."""
        super().took(form, made)
        taken = came("sms", form["To"], form["Body"])
        self.ledger.taken.append(taken)
        number = len(self.ledger.taken)
        reports: list[tuple[str, int | None]] = [("delivered", None), ("sent", None), ("delivered", None)]
        if number % 40 == 7:
            reports = [("sent", None), ("undelivered", 30003), ("undelivered", 30003)]
            self.ledger.bounced[taken.key] += 1
        elif number % 4 == 0:
            reports = [("sent", None), ("delivered", None)]
        self.report(form, made["sid"], reports)


TELEGRAM_FAULTS: tuple[Callable[[], Trouble], ...] = (
    lambda: Trouble(drop=True),
    lambda: Trouble(drop=True, taken=True),
    lambda: Trouble(seconds=TOO_LONG),
    lambda: Trouble(seconds=SLOW),
    lambda: Trouble(status=429, description="Too Many Requests: retry after 1", retry_after=1),
    lambda: Trouble(status=500, description="Internal Server Error"),
    lambda: Trouble(status=502, description="Bad Gateway"),
    lambda: Trouble(status=504, description="Gateway Timeout", taken=True),
)


class FaultyTelegram(BotApiServer):
    """Takes messages, mostly. Some people have blocked the bot, and some chats are not there."""

    def __init__(self, ledger: Ledger, deck: Deck) -> None:
        self.ledger, self.deck = ledger, deck
        super().__init__()

    def answer(self, method: str, given: Json) -> Any:
        """Notes that somebody asked."""
        if method == "sendMessage":
            self.ledger.requests.append(came("telegram", str(given["chat_id"]), given["text"]))
        return super().answer(method, given)

    def _next_trouble(self, method: str) -> Trouble | None:
        if self.ledger.outage:
            return Trouble(status=502, description="Bad Gateway")
        made = self.deck.draw()
        trouble: Trouble | None = made() if made else None
        self.ledger.faults[f"telegram {_name(trouble)}"] += 1
        return trouble

    def _sent(self, chat: int, parameters: Json, **content: Any) -> Json:
        self.ledger.taken.append(came("telegram", str(chat), content["text"]))
        return super()._sent(chat, parameters, **content)


def _name(trouble: Trouble | None) -> str:
    if trouble is None:
        return "none"
    what = str(trouble.status) if trouble.status else "dropped" if trouble.drop else f"{trouble.seconds} s"
    return f"{what} taken" if trouble.taken else what
