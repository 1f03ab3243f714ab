"""The delivery loops: each claims due rows of one channel, sends them, and moves each to what became of it.

Rows are claimed with a lease and in step with the carrier's pace, which all processes share. A process that dies
leaves its rows ``sending``; when the lease runs out the tick queues them again, marked as unsure.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from prometheus_client import Histogram
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from desk import carriers, claiming
from desk.carriers import Carrier
from desk.claiming import Claimed
from desk.messages import Channel, Later, Outgoing, SendFailure, Sent
from desk.pace import Bucket
from scheduler.settlement import Handed, Settlement
from store.database import Database

log = structlog.get_logger()

LAG = Histogram(
    "mezobeli_delivery_lag_seconds",
    "How long messages had been due when they were sent",
    ["channel", "kind"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200, float("inf")),
)

LEASE = timedelta(minutes=5)
"""Longer than the slowest send; afterwards another process takes the row over."""

AT_ONCE = 64
"""How many messages of a channel one process has on their way. No more are claimed than can be sent at once."""

IDLE_SECONDS = 1.0


class _Outrun(Exception):
    """Another process took of the carrier's pace what this one had counted on; nothing is claimed."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What is to be sent now, by whom; where that is nothing, after how many ``pause`` seconds to look again."""

    pause: float
    carrier: Carrier | None = None
    messages: Sequence[Claimed] = ()
    in_trouble: bool = False


class _Lane:
    """The loop of one channel: as many messages on their way as there are threads."""

    def __init__(
        self, database: Database, channel: Channel, ways: Sequence[Carrier], owner: str, at_once: int
    ) -> None:
        self._database = database
        self._channel = channel
        self._ways = tuple(ways)
        self._owner = owner
        self._stop = threading.Event()
        self._busy = False
        self._free = threading.Semaphore(at_once)
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=f"delivery-{channel}")
        self._settlement = Settlement(database, channel, owner, self._stop)
        self._thread = threading.Thread(target=self._run, name=f"delivery-{channel}", daemon=True)

    def start(self) -> None:
        self._settlement.start()
        self._thread.start()

    def stop(self) -> None:
        """Ends after the messages on their way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        self._pool.shutdown(wait=True)
        self._settlement.stop()

    def step(self) -> int:
        """One round, with its messages sent and settled; how many."""
        sending, _ = self._round()
        wait(sending)
        self._settlement.step()
        return len(sending)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                sending, pause = self._round()
            except SQLAlchemyError as error:
                log.warning("delivery_without_database", channel=self._channel, error=type(error).__name__)
                sending, pause = [], IDLE_SECONDS
            except Exception:  # a fault of ours is to cost a moment, and not the channel
                log.exception("delivery_broke", channel=self._channel)
                sending, pause = [], IDLE_SECONDS
            if not sending:
                self._stop.wait(pause)

    def _round(self) -> tuple[list[Future[None]], float]:
        """Claims as many as there are threads and tokens and begins to send; else after how long to look again."""
        free, found = self._take_free(), _Claim(IDLE_SECONDS)
        try:
            found = self._claim(free)
        finally:
            self._busy = bool(found.messages)
            if left := free - len(found.messages):
                self._free.release(left)
        if found.carrier is None:
            return [], found.pause
        for message in found.messages:
            LAG.labels(self._channel, message.outgoing.kind).observe(message.late)
        send = partial(self._send, found.carrier, found.in_trouble)
        return [self._pool.submit(send, message) for message in found.messages], found.pause

    def _take_free(self) -> int:
        """Takes every thread that is free, and waits for one where none is."""
        self._free.acquire()
        taken = 1
        while self._free.acquire(blocking=False):
            taken += 1
        return taken

    def _claim(self, wanted: int) -> _Claim:
        if not self._busy and not self._is_waiting():
            return _Claim(IDLE_SECONDS)
        try:
            with self._database.write() as session:
                chosen = carriers.choose(session, self._ways, random.random())
                for other in self._stand_ins(session, chosen):
                    found = self._claim_for(session, other, wanted, instead_of=chosen.name)
                    if found.messages:
                        return found
                return self._claim_for(session, chosen, wanted)
        except _Outrun:
            return _Claim(0.0)

    def _stand_ins(self, session: Session, chosen: Carrier) -> list[Carrier]:
        """Who else could carry what the chosen one had taken and failed to send, where something of that waits."""
        others = [other for other in self._ways if other is not chosen]
        return others if others and claiming.is_left(session, self._channel, chosen.name) else []

    def _claim_for(self, session: Session, carrier: Carrier, wanted: int, instead_of: str | None = None) -> _Claim:
        bucket = Bucket(session, carrier)
        allowance = bucket.allow(wanted)
        if not allowance.count:
            return _Claim(min(allowance.wait, IDLE_SECONDS))
        claimed = claiming.claim(
            session,
            self._channel,
            self._owner,
            LEASE,
            allowance.count,
            carrier=carrier.name,
            others=[other.name for other in self._ways if other is not carrier],
            instead_of=instead_of,
            apart=timedelta(seconds=carrier.limit.apart),
            replies_only=allowance.replies_only,
        )
        in_trouble = bucket.in_trouble
        if claimed and not bucket.take(allowance, len(claimed)):
            raise _Outrun
        return _Claim(min(IDLE_SECONDS, carrier.limit.apart or IDLE_SECONDS), carrier, claimed, in_trouble)

    def _is_waiting(self) -> bool:
        with self._database.read() as session:
            return claiming.is_waiting(session, self._channel)

    def _send(self, carrier: Carrier, in_trouble: bool, claimed: Claimed) -> None:
        try:
            outcome = self._outcome(claimed.outgoing, carrier)
            self._settlement.note(Handed(claimed, carrier, outcome, in_trouble))
        finally:
            self._free.release()

    def _outcome(self, message: Outgoing, carrier: Carrier) -> Sent | SendFailure:
        try:
            return carrier.sender.send(message)
        except SendFailure as failure:
            return failure
        except Exception as error:
            log.exception("sender_broke", channel=self._channel, message=message.message_id)
            return Later("fault", type(error).__name__)


class DeliveryLoop:
    """Delivers the outbox of some channels, a thread for each, or step by step."""

    def __init__(
        self,
        database: Database,
        ways: Mapping[Channel, Sequence[Carrier]],
        owner: str,
        *,
        at_once: int = AT_ONCE,
    ) -> None:
        """``ways`` are the carriers of each channel, the preferred one first; ``owner`` signs the leases.

        ``at_once`` is how many messages of a channel may be on their way.
        """
        lanes = ((channel, carriers) for channel, carriers in ways.items() if carriers)
        self._lanes = [_Lane(database, channel, carriers, owner, at_once) for channel, carriers in lanes]

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
