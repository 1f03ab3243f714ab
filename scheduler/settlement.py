"""Writing down what became of the messages that were handed over, many in one transaction.

Whatever comes while one transaction is on its way to the disk goes into the next one: what a slow carrier answers
is written down one by one, and what a quick one answers by the dozen.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from desk import settling
from desk.carriers import Carrier
from desk.claiming import Claimed
from desk.messages import Channel, SendFailure, Sent
from desk.outbox import OutboxMessage
from store.database import Database

log = structlog.get_logger()

Result = TypeVar("Result")

SENDS = Counter("mezobeli_sends_total", "Messages handed to a provider, by outcome", ["channel", "outcome"])

PATIENCE = 120.0
"""Seconds for which it is tried to write something down: while the lease is ours, and no longer."""

MOST = 128
"""How many messages one transaction writes down, and how many may wait for it."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A message that a carrier was asked to take, and what it answered.

    ``in_trouble`` says that the carrier had failed before, so that its success is news.
    """

    claimed: Claimed
    carrier: Carrier
    outcome: Sent | SendFailure
    in_trouble: bool = True


class Settlement:
    """Takes outcomes from any thread; ``start`` writes them down in the background, ``step`` what is there."""

    def __init__(self, database: Database, channel: Channel, owner: str, ending: threading.Event) -> None:
        """``owner`` has leased the messages. Once ``ending`` is set, each is tried to be settled but once."""
        self._database = database
        self._channel = channel
        self._owner = owner
        self._handed: queue.Queue[Handed | None] = queue.Queue(MOST)
        self._ending = ending
        self._over = False
        self._thread = threading.Thread(target=self._run, name=f"settlement-{channel}", daemon=True)

    def start(self) -> None:
        """Begins to write down."""
        self._thread.start()

    def note(self, handed: Handed) -> None:
        """Has it written down; waits where too many wait already, as the database is away or slow."""
        self._handed.put(handed)

    def stop(self) -> None:
        """Ends when all is written down; nothing more may be noted."""
        if self._thread.is_alive():
            self._handed.put(None)
            self._thread.join()
        self.step()

    def step(self) -> None:
        """Writes down all that waits."""
        while batch := self._gather(wait=False):
            self._write_down(batch)

    def _run(self) -> None:
        while not self._over:
            self._write_down(self._gather(wait=True))

    def _gather(self, *, wait: bool) -> list[Handed]:
        """What waits, up to MOST; waits for the first one where that is wished for."""
        batch: list[Handed] = []
        while len(batch) < MOST:
            try:
                one = self._handed.get(block=wait and not batch)
            except queue.Empty:
                break
            if one is None:
                self._over = True
                break
            batch.append(one)
        return batch

    def _write_down(self, batch: Sequence[Handed]) -> None:
        taken: dict[str, list[Handed]] = defaultdict(list)
        single: list[Handed] = []
        for one in batch:
            (taken[one.carrier.name] if isinstance(one.outcome, Sent) else single).append(one)
        for together in taken.values():
            moved = self._patiently(together, partial(self._took, together)) or set()
            single += [one for one in together if one.claimed.row_id not in moved]
        for one in single:
            self._patiently([one], partial(self._settle, one))

    def _took(self, together: Sequence[Handed], session: Session) -> set[int]:
        sent = {one.claimed.row_id: one.outcome for one in together if isinstance(one.outcome, Sent)}
        carrier = together[0].carrier if any(one.in_trouble for one in together) else None
        moved = settling.took_many(session, sent, self._owner, carrier)
        SENDS.labels(self._channel, "sent").inc(len(moved))
        return moved

    def _settle(self, one: Handed, session: Session) -> None:
        row = session.get(OutboxMessage, one.claimed.row_id, with_for_update=True)
        if row is not None:
            settling.settle(session, row, one.outcome, self._owner, one.carrier)
            SENDS.labels(self._channel, row.state).inc()

    def _patiently(self, messages: Sequence[Handed], write: Callable[[Session], Result]) -> Result | None:
        """Writes it down, again and again: forgotten, a message might be sent twice. None where it cannot be."""
        until, pause = time.monotonic() + PATIENCE, 0.05
        while True:
            try:
                with self._database.write() as session:
                    return write(session)
            except OperationalError as error:  # two that wait for each other, or no database
                if time.monotonic() + pause > until or self._ending.is_set():
                    self._give_up(messages, error)
                    return None
            except Exception as error:  # a fault of ours; the leases run out, and the messages are asked for again
                log.exception("settling_broke", channel=self._channel)
                self._give_up(messages, error)
                return None
            self._ending.wait(pause)
            pause = min(pause * 2, 5.0)

    def _give_up(self, messages: Sequence[Handed], error: Exception) -> None:
        names = [one.claimed.outgoing.message_id for one in messages]
        log.error("not_settled", channel=self._channel, messages=names, error=type(error).__name__)
