"""The delivery loops: each claims due rows of one channel, sends them, and moves each to what became of it.

Rows are claimed with a lease and in step with the carrier's pace, which all processes share. A process that dies
leaves its rows ``sending``; when the lease runs out the tick queues them again, marked as unsure.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from desk import carriers, claiming, outbox, pace, settling
from desk.carriers import Carrier
from desk.messages import Channel, Later, Outgoing, SendFailure, Sent
from desk.outbox import OutboxMessage
from store.database import Database

log = structlog.get_logger()

SENDS = Counter("mezobeli_sends_total", "Messages handed to a provider, by outcome", ["channel", "outcome"])

LEASE = timedelta(minutes=5)
"""Longer than the slowest send; afterwards another process takes the row over."""

AT_ONCE = 8
"""How many messages of a channel one process has on their way."""

IDLE_SECONDS = 1.0
SETTLE_PATIENCE = 120.0
"""Seconds for which it is tried to write down what became of a message: while the lease is ours, and no longer."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    row_id: int
    outgoing: Outgoing
    carrier: Carrier


class _Lane:
    """The loop of one channel: as many messages on their way as there are threads."""

    def __init__(self, database: Database, channel: Channel, ways: Sequence[Carrier], owner: str) -> None:
        self._database = database
        self._channel = channel
        self._ways = tuple(ways)
        self._owner = owner
        self._stop = threading.Event()
        self._free = threading.Semaphore(AT_ONCE)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"delivery-{channel}")
        self._thread = threading.Thread(target=self._run, name=f"delivery-{channel}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends after the messages on their way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        self._pool.shutdown(wait=True)

    def step(self) -> int:
        """One round, with its messages sent and settled; how many."""
        sending, _ = self._round()
        wait(sending)
        return len(sending)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                sending, pause = self._round()
            except SQLAlchemyError as error:
                log.warning("delivery_without_database", channel=self._channel, error=type(error).__name__)
                sending, pause = [], IDLE_SECONDS
            if not sending:
                self._stop.wait(pause)

    def _round(self) -> tuple[list[Future[None]], float]:
        """Claims as many as there are threads and tokens and begins to send; else after how long to look again."""
        free = self._take_free()
        claimed: list[_Claimed] = []
        try:
            claimed, pause = self._claim(free)
        finally:
            for _ in range(free - len(claimed)):
                self._free.release()
        return [self._pool.submit(self._send, one) for one in claimed], pause

    def _take_free(self) -> int:
        """Takes every thread that is free, and waits for one where none is."""
        self._free.acquire()
        taken = 1
        while self._free.acquire(blocking=False):
            taken += 1
        return taken

    def _claim(self, wanted: int) -> tuple[list[_Claimed], float]:
        with self._database.read() as session:
            if not claiming.is_waiting(session, self._channel):
                return [], IDLE_SECONDS
        with self._database.write() as session:
            carrier = carriers.choose(session, self._ways, random.random())
            allowance = pace.allow(session, carrier, wanted)
            if not allowance.count:
                return [], min(allowance.wait, IDLE_SECONDS)
            rows = claiming.claim(
                session,
                self._channel,
                self._owner,
                LEASE,
                allowance.count,
                carrier=carrier.name,
                others=[other.name for other in self._ways if other is not carrier],
                apart=timedelta(seconds=carrier.limit.apart),
                replies_only=allowance.replies_only,
            )
            pace.spend(session, carrier, len(rows))
            made = [_Claimed(row.id, outbox.outgoing(row, contact.address), carrier) for row, contact in rows]
        return made, min(IDLE_SECONDS, carrier.limit.apart or IDLE_SECONDS)

    def _send(self, claimed: _Claimed) -> None:
        try:
            self._settle(claimed, self._outcome(claimed))
        finally:
            self._free.release()

    def _outcome(self, claimed: _Claimed) -> Sent | SendFailure:
        try:
            return claimed.carrier.sender.send(claimed.outgoing)
        except SendFailure as failure:
            return failure
        except Exception as error:
            log.exception("sender_broke", channel=self._channel, message=claimed.outgoing.message_id)
            return Later("fault", type(error).__name__)

    def _settle(self, claimed: _Claimed, outcome: Sent | SendFailure) -> None:
        """Writes down what became of a message, again and again: forgotten, it might be sent twice."""
        until, pause = time.monotonic() + SETTLE_PATIENCE, 0.05
        while True:
            try:
                with self._database.write() as session:
                    row = session.get(OutboxMessage, claimed.row_id, with_for_update=True)
                    if row is not None:
                        settling.settle(session, row, outcome, self._owner, claimed.carrier)
                        SENDS.labels(self._channel, row.state).inc()
                return
            except OperationalError as error:  # two that wait for each other, or no database
                if time.monotonic() + pause > until or self._stop.is_set():
                    log.error("not_settled", message=claimed.outgoing.message_id, error=type(error).__name__)
                    return
                time.sleep(pause)
                pause = min(pause * 2, 5.0)


class DeliveryLoop:
    """Delivers the outbox of some channels, a thread for each, or step by step."""

    def __init__(self, database: Database, ways: Mapping[Channel, Sequence[Carrier]], owner: str) -> None:
        """``ways`` are the carriers of each channel, the preferred one first; ``owner`` signs the leases."""
        self._lanes = [_Lane(database, channel, carriers, owner) for channel, carriers in ways.items() if carriers]

    def start(self) -> None:
        """Begins to deliver in the background."""
        for lane in self._lanes:
            lane.start()

    def stop(self) -> None:
        """Ends the loops after the messages at hand."""
        for lane in self._lanes:
            lane.stop()

    def step(self) -> int:
        """One round of every channel: sends what is due and may go now; how many messages."""
        return sum(lane.step() for lane in self._lanes)
