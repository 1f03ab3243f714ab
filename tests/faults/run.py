"""One run: people, messages, announcements, processes that are killed, and what people and staff do meanwhile."""

from __future__ import annotations

import queue
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, insert, select
from twilio.request_validator import RequestValidator

from console import announcing
from desk import audit, contacts, outbox
from desk.announcements import life
from desk.announcements.models import Announcement
from desk.contacts import Contact, Resident
from desk.outbox import OutboxMessage
from sms_gateway.front import SmsFront
from sms_gateway.web import blueprint
from store import clock
from store.database import Database
from tests.faults import checking
from tests.faults.checking import PERSONAL, SHORT, STOPPED, WHOLE, Found, Size, Story
from tests.faults.servers import (
    TELEGRAM_FAULTS,
    TOO_LONG,
    TWILIO_FAULTS,
    Deck,
    FaultyTelegram,
    FaultyTwilio,
    Ledger,
)
from tests.faults.worker import shorter_waits
from tests.sms_gateway import twilio_server
from tests.sms_gateway.scripted import SETTINGS, ScriptedAssistant

ROOT = Path(__file__).parents[2]
STAFF = audit.staff("Nino")

STUCK = 180
"""Seconds without a single change after which a run is given up, so that what is lost can be counted."""


class Run:
    """A run over a database; ``play`` goes on until all is settled."""

    def __init__(self, database: Database, size: Size, seed: int) -> None:
        self.database, self.size, self.ledger, self.story = database, size, Ledger(), Story()
        self.chance = random.Random(seed)
        self._reports: queue.Queue[tuple[dict[str, str], str, list[tuple[str, int | None]]]] = queue.Queue()
        self._children: list[subprocess.Popen[bytes]] = []
        self._made = 0
        self._app = Flask("receipts")
        self._app.register_blueprint(
            blueprint(SmsFront(database, ScriptedAssistant(), SETTINGS), SETTINGS, database)
        )
        self._numbers: dict[str, int] = {}

    def play(self) -> Found:
        """Everything, from the first message to the count."""
        self._numbers = {text: self._announcement(text) for text in (WHOLE, STOPPED, SHORT)}
        chats = _people(self.database, self.size.people)
        _messages(self.database)
        with self._servers(chats) as (twilio, telegram), shorter_waits():
            receipts = threading.Thread(target=self._send_receipts, args=(twilio,), daemon=True)
            receipts.start()
            try:
                for _ in range(self.size.processes):
                    self._begin(twilio.url, telegram.base)
                self._go(twilio.url, telegram.base)
            finally:
                for child in self._children:
                    child.kill()
                    child.wait()
            self._reports.put(({}, "", []))
            receipts.join()
        return checking.count(self.database, self.size, self.ledger, self.story, self._numbers)

    @contextmanager
    def _servers(self, chats: list[int]) -> Iterator[tuple[FaultyTwilio, FaultyTelegram]]:
        telegram = FaultyTelegram(self.ledger, Deck(self.chance, TELEGRAM_FAULTS, self.size.deck))
        telegram.chats = {chat for chat in chats if chat % 50 != 12}
        telegram.blocked = {chat for chat in chats if chat % 50 == 11}
        with twilio_server.running(SETTINGS.account_sid, SETTINGS.auth_token, FaultyTwilio) as twilio:
            twilio.ledger, twilio.filters, twilio.patience = self.ledger, WHOLE, TOO_LONG
            twilio.deck = Deck(self.chance, TWILIO_FAULTS, self.size.deck)
            twilio.report = lambda form, sid, reports: self._reports.put((form, sid, reports))
            yield twilio, telegram
        telegram.stop()

    def _begin(self, twilio: str, telegram: str) -> None:
        self._made += 1
        url = self.database.url.render_as_string(hide_password=False)
        arguments = [url, twilio, telegram, f"worker {self._made}", str(self.size.at_once)]
        command = [sys.executable, "-m", "tests.faults.worker", *arguments]
        self._children.append(
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )

    def _go(self, twilio: str, telegram: str) -> None:
        due = self._moments(self.size.kills, lambda: self._kill(twilio, telegram))
        due += self._moments(self.size.stops, self._stop_one)
        due.sort(key=lambda one: one[0])
        self._start(WHOLE, STOPPED)
        seen, changed = (0, 0), time.monotonic()
        while not self._is_settled():
            time.sleep(0.05)
            while due and len(self.ledger.requests) >= due[0][0]:
                due.pop(0)[1]()
            self._staff()
            now = (len(self.ledger.requests), self._waiting())
            if now != seen:
                seen, changed = now, time.monotonic()
            elif time.monotonic() - changed > STUCK:
                return

    def _moments(self, count: int, act: Callable[[], None]) -> list[tuple[int, Callable[[], None]]]:
        """So many random numbers of requests, after which something happens."""
        upto = self.size.people * 3
        return [(self.chance.randrange(upto), act) for _ in range(count)]

    def _kill(self, twilio: str, telegram: str) -> None:
        time.sleep(self.chance.uniform(0, 0.1))
        child = self._children.pop(0)
        child.kill()
        child.wait()
        self.story.kills += 1
        self._begin(twilio, telegram)

    def _stop_one(self) -> None:
        """Somebody says stop, as the fronts hear it: the contact is locked meanwhile."""
        number = self.chance.randrange(self.size.people) + 1
        with self.database.write() as session:
            contact = session.get_one(Contact, number, with_for_update=True)
            if contact.opted_out_at is not None or contact.suppressed_at is not None:
                return
            contacts.opt_out(session, contact)
            under_way = select(func.count()).where(
                OutboxMessage.contact_id == number, OutboxMessage.state == "sending"
            )
            sending = session.scalar(under_way) or 0
        self.story.opted_out[number] = (clock.now(), len(self.ledger.requests), sending)

    def _staff(self) -> None:
        """What staff do: cancel one when a third of it is out, start the last one, resume what stands still."""
        third = self.size.people // 3
        if self.story.cancelled is None and self.ledger.count(STOPPED) >= third:
            with self.database.write() as session:
                life.cancel(session, session.get_one(Announcement, self._numbers[STOPPED]), STAFF)
            self.story.cancelled = clock.now(), len(self.ledger.requests)
            # Long enough for some of it, and too short for all.
            self.story.expires_at = clock.now() + timedelta(seconds=max(8.0, self.size.people / 300))
            self._start(SHORT, expires_at=self.story.expires_at)
        expires_at = self.story.expires_at
        if expires_at is not None:
            over = clock.now() >= expires_at
            # An outage of both providers outlasts the announcement.
            self.ledger.outage = not over and self.ledger.count(SHORT) >= third
            if over and self.story.expired is None:
                self.story.expired = len(self.ledger.requests)
        self._resume()

    def _resume(self) -> None:
        with self.database.read() as session:
            paused = session.scalars(select(Announcement.id).where(Announcement.state == "paused")).all()
        for number in paused:
            with suppress(life.IllegalMove), self.database.write() as session:
                life.resume(session, session.get_one(Announcement, number), STAFF)
            announcing.wake(self.database, number)

    def _announcement(self, text: str) -> int:
        moment = clock.now()
        with self.database.write() as session:
            row = Announcement(
                name=text, texts={"en": text}, audience={"everyone": True}, urgent=True, state="draft",
                created_by=STAFF, created_at=moment, changed_at=moment,
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id

    def _start(self, *texts: str, expires_at: datetime | None = None) -> None:
        """Sends announcements to everybody and starts them, with their texts as they are."""
        for text in texts:
            with self.database.write() as session:
                row = session.get_one(Announcement, self._numbers[text])
                row.expires_at = expires_at
                people = self.size.people
                life.send(session, row, STAFF, people=people, approval_from=people + 1)
                life.move(session, row, "running", audit.SYSTEM)
                row.wordings = {
                    f"{channel}:en": {"texts": [text], "payload": {}} for channel in ("sms", "telegram")
                }
                row.reach, row.started_at = {}, clock.now()

    def _waiting(self) -> int:
        with self.database.read() as session:
            found = select(func.count()).where(OutboxMessage.state.in_(("queued", "sending")))
            return int(session.scalar(found) or 0)

    def _is_settled(self) -> bool:
        if self.story.expires_at is None or self._waiting() or not self._reports.empty():
            return False
        with self.database.read() as session:
            alive = select(func.count()).where(Announcement.state.not_in(life.ENDED))
            return not session.scalar(alive)

    def _send_receipts(self, twilio: FaultyTwilio) -> None:
        """Posts the receipts as Twilio does, signed, and now and then one of a message that nobody knows."""
        client, validator = self._app.test_client(), RequestValidator(twilio.token)
        while True:
            form, sid, reports = self._reports.get()
            if not sid:
                return
            if int(sid[2:], 16) % 50 == 1:
                reports = [*reports, ("delivered", -1)]
            callback = form["StatusCallback"].removeprefix(SETTINGS.public_url)
            for status, code in reports:
                data = {"MessageSid": sid, "MessageStatus": status}
                data |= {"ErrorCode": str(code)} if code and code > 0 else {}
                data |= {"MessageSid": "SM" + "f" * 32} if code == -1 else {}
                path = "/sms/status?id=nobody" if code == -1 else callback
                signature = validator.compute_signature(SETTINGS.public_url + path, data)
                headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
                while client.post(path, data=urlencode(data), headers=headers).status_code == 503:
                    time.sleep(0.05)


def _people(database: Database, count: int) -> list[int]:
    """Every second one is on Telegram; the chats of those."""
    moment: Any = clock.now()
    common = {"created_at": moment, "budget_used": 0, "strikes": 0}
    rows = [
        {
            **common,
            "resident_id": number,
            "channel": "telegram" if number % 2 else "sms",
            "address": str(number) if number % 2 else f"+9955{number:08}",
        }
        for number in range(1, count + 1)
    ]
    with database.write() as session:
        session.execute(insert(Resident), [{"created_at": moment, "locale": "en"} for _ in rows])
        session.execute(insert(Contact), rows)
    return [number for number in range(1, count + 1) if number % 2]


def _messages(database: Database) -> None:
    """A notice and a reminder for each person, each with a text of its own."""
    with database.write() as session:
        for contact in session.scalars(select(Contact)).all():
            for kind in PERSONAL:
                text = f"{kind} of {contact.id}"
                outbox.enqueue(session, contact, kind, text, [text])  # type: ignore[arg-type]
