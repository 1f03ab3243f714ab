"""The delivery loop: claims due rows of the outbox, sends them, and moves each to what became of it.

Rows are claimed in batches with a lease. A process that dies leaves its rows ``sending``; when the lease runs out
any process queues them again. What has expired or whose contact opted out in the meantime is not sent.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from desk import contacts, outbox, settling
from desk.contacts import Contact
from desk.messages import Channel, Later, Outgoing, Sender, SendFailure, Sent
from desk.outbox import OutboxMessage
from store.database import Database

log = structlog.get_logger()

SENDS = Counter("mezobeli_sends_total", "Messages handed to a provider, by outcome", ["channel", "outcome"])

LEASE = timedelta(minutes=5)
"""Longer than a batch can take, at 30 s for the slowest send; afterwards another process takes the rows over."""

BATCH = 8
IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Claimed:
    row_id: int
    outgoing: Outgoing


class DeliveryLoop:
    """Delivers the outbox of some channels, in a daemon thread or step by step."""

    def __init__(self, database: Database, senders: Mapping[Channel, Sender], owner: str) -> None:
        """``owner`` names this process in the leases."""
        self._database = database
        self._senders = dict(senders)
        self._owner = owner
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to deliver in the background."""
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the loop after the message at hand."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def step(self) -> int:
        """One round: takes over what was left behind, sends what is due; how many were claimed."""
        with self._database.write() as session:
            recovered = outbox.recover(session)
            contacts.sweep(session)
        if recovered:
            log.warning("leases_recovered", count=recovered)
        return sum(self._deliver(channel, sender) for channel, sender in self._senders.items())

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                busy = self.step()
            except SQLAlchemyError as error:
                log.warning("delivery_without_database", error=type(error).__name__)
                busy = 0
            if not busy:
                self._stop.wait(IDLE_SECONDS)

    def _deliver(self, channel: Channel, sender: Sender) -> int:
        with self._database.write() as session:
            rows = outbox.claim(session, channel, self._owner, LEASE, BATCH)
            claimed = [one for row in rows if (one := self._ready(session, row)) is not None]
        for one in claimed:
            if self._stop.is_set():
                break  # the lease runs out and the rows are queued again
            self._send(channel, sender, one)
        return len(rows)

    def _ready(self, session: Session, row: OutboxMessage) -> _Claimed | None:
        contact = session.get_one(Contact, row.contact_id)
        if row.kind != "reply" and not contacts.may_receive(contact):
            outbox.move(row, "suppressed", code="opted_out", words="the contact may not be written to")
            return None
        return _Claimed(row.id, outbox.outgoing(row, contact.address))

    def _send(self, channel: Channel, sender: Sender, claimed: _Claimed) -> None:
        try:
            outcome: Sent | SendFailure = sender.send(claimed.outgoing)
        except SendFailure as failure:
            outcome = failure
        except Exception as error:
            log.exception("sender_broke", channel=channel, message=claimed.outgoing.message_id)
            outcome = Later("fault", type(error).__name__)
        with self._database.write() as session:
            row = session.get(OutboxMessage, claimed.row_id)
            if row is not None:
                settling.settle(session, row, outcome)
                SENDS.labels(channel, row.state).inc()
