"""Sending the phone's answers at once: each is a row of the outbox, leased to us, sent right after the commit."""

from __future__ import annotations

import os
import random
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from desk import carriers, outbox
from desk.carriers import Carrier, CarrierState
from desk.messages import Later, Outgoing, SendFailure, Sent
from desk.outbox import OutboxMessage
from desk.pace import Bucket
from desk.settling import settle
from store import clock
from store.database import Database

log = structlog.get_logger()

LEASE = timedelta(seconds=90)
"""How long a row is ours; afterwards the delivery loop takes it over."""

MARGIN = timedelta(seconds=30)
"""What must be left of the lease to begin sending: longer than a send can take."""


class ReplyDispatcher:
    """A few threads that send answers as soon as they are committed. If the process dies, the lease runs out."""

    def __init__(self, database: Database, carrier: Carrier, *, threads: int = 4) -> None:
        """The threads start with the first answer. Answers do not wait for the carrier's pace, but count in it.

        While the carrier is held or gives way to another one, they are left to the delivery loop.
        """
        self._database = database
        self._carrier = carrier
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sms-reply")
        self._stopping = threading.Event()
        self.owner = f"sms-reply:{socket.gethostname()}:{os.getpid()}"[:64]

    @property
    def lease(self) -> tuple[str, timedelta]:
        """The lease with which an answer is to be queued."""
        return self.owner, LEASE

    def submit(self, outgoing: Outgoing) -> None:
        """Sends it in the background; returns at once. After ``close`` it is left to the delivery loop."""
        if not self._stopping.is_set():
            self._pool.submit(self._send, outgoing, clock.now() + LEASE - MARGIN)

    def say(self, outgoing: Outgoing) -> None:
        """Sends something that no row stands for, in the background and once: the database is away."""
        if not self._stopping.is_set():
            self._pool.submit(self._outcome, outgoing)

    def close(self) -> None:
        """Waits for what is being sent; what still waits is left to the delivery loop."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _send(self, outgoing: Outgoing, until: datetime) -> None:
        if clock.now() >= until:
            return  # too late to be sure that the row is still ours
        try:
            if not self._is_left(outgoing):
                self._settle(outgoing, self._outcome(outgoing))
        except SQLAlchemyError as error:  # the lease runs out, and the delivery loop asks the phone again
            log.warning("reply_not_settled", message=outgoing.message_id, error=type(error).__name__)

    def _is_left(self, outgoing: Outgoing) -> bool:
        """Whether the answer is left to the delivery loop, as the carrier is in trouble."""
        with self._database.read() as session:
            state = session.get(CarrierState, self._carrier.name)
            held = state is not None and state.held_until is not None and state.held_until > clock.now()
            if not held and random.random() < carriers.share(state, self._carrier.gives_way):
                return False
        with self._database.write() as session:
            row = self._locked(session, outgoing)
            if row is not None and row.state == "sending" and row.lease_owner == self.owner:
                outbox.move(row, "queued")
                row.attempts -= 1
        return True

    def _settle(self, outgoing: Outgoing, outcome: Sent | SendFailure) -> None:
        with self._database.write() as session:
            row = self._locked(session, outgoing)
            if row is not None:
                settle(session, row, outcome, self.owner, self._carrier)
                Bucket(session, self._carrier).spend(1)

    def _locked(self, session: Session, outgoing: Outgoing) -> OutboxMessage | None:
        row = outbox.by_message_id(session, outgoing.message_id)
        if row is not None:
            session.refresh(row, with_for_update=True)
        return row

    def _outcome(self, outgoing: Outgoing) -> Sent | SendFailure:
        try:
            return self._carrier.sender.send(outgoing)
        except SendFailure as failure:
            log.info("reply_not_sent", message=outgoing.message_id, code=failure.code)
            return failure
        except Exception as error:  # nobody else would hear of it
            log.exception("sender_broke", channel=outgoing.channel, message=outgoing.message_id)
            return Later("fault", type(error).__name__)
