"""A process that delivers, as ``mezobeli worker`` does, with shorter waits. It is there to be killed."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from unittest import mock

from sqlalchemy.orm import Session

import app.tables  # noqa: F401  every model is known to the metadata
from bot.telegram import TelegramFront, TelegramSettings
from desk import carriers, outbox, settling
from desk.announcements import sending
from desk.carriers import Carrier, Limit
from desk.messages import Channel
from scheduler import delivery
from scheduler.delivery import DeliveryLoop
from scheduler.tick import Job, Tick
from sms_gateway.providers import ways
from sms_gateway.tables import table
from store.database import Database
from tests.bot.telegram.bot_api_server import TOKEN
from tests.bot.telegram.conftest import ScriptedAssistant
from tests.faults.servers import AGAIN, TIMEOUT
from tests.sms_gateway.scripted import SETTINGS

FAST = Limit(1_000.0, burst=100, apart=0.02)
OFTEN = timedelta(seconds=1)


@contextmanager
def shorter_waits() -> Iterator[None]:
    """Minutes become seconds, in the same order: a send ends before its lease, and a lease before the next try."""
    codes = table("twilio_errors")["codes"]
    with ExitStack() as stack:
        for target, name, seconds in (
            (delivery, "LEASE", 6),
            (settling, "FIRST_WAIT", 3),
            (settling, "LONGEST_WAIT", 6),
            (carriers, "FIRST_HOLD", 0.2),
            (carriers, "LONGEST_HOLD", 1),
        ):
            stack.enter_context(mock.patch.object(target, name, timedelta(seconds=seconds)))
        stack.enter_context(mock.patch.object(delivery, "IDLE_SECONDS", 0.1))
        for code in (20429, 30003):
            stack.enter_context(mock.patch.dict(codes[code], after=1))
        yield


def carriers_of(database: Database, twilio: str, telegram: str) -> dict[Channel, list[Carrier]]:
    """The real clients, talking to the servers at those addresses."""
    sms = ways(replace(SETTINGS, api_base=twilio, send_timeout=TIMEOUT))["sms"][0]
    settings = TelegramSettings(token=TOKEN, api_base=telegram, request_timeout=TIMEOUT)
    front = TelegramFront(database, ScriptedAssistant(), lambda *_words, **_values: AGAIN, settings)
    front.start(receive=False)
    return {"sms": [replace(sms, limit=FAST)], "telegram": [replace(front.carrier(), limit=FAST)]}


def _job(database: Database, name: str, step: Callable[[Session], int]) -> Job:
    def run() -> int:
        total = 0
        while True:
            with database.write() as session:
                done = step(session)
            if not done:
                return total
            total += done

    return Job(name, OFTEN, run)


def main() -> None:
    """``python -m tests.faults.worker DATABASE TWILIO TELEGRAM NAME AT_ONCE``: delivers until somebody ends it."""
    url, twilio, telegram, name, at_once = sys.argv[1:]
    database = Database(url)
    steps = (
        outbox.recover,
        outbox.expire,
        sending.advance,
        sending.expire_due,
        sending.note_pause,
        sending.settle_cancelled,
        sending.finish,
    )
    with shorter_waits():
        loop = DeliveryLoop(database, carriers_of(database, twilio, telegram), name, at_once=int(at_once))
        tick = Tick(database, [_job(database, step.__name__, step) for step in steps])
        loop.start()
        tick.start()
        while True:
            signal.pause()


if __name__ == "__main__":
    main()
