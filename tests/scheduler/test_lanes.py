"""The loops run side by side in step with the carriers, and one carrier stands in for another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from desk import contacts, outbox
from desk.carriers import Carrier, GiveWay, Limit
from desk.messages import Channel, Later, Outgoing, Sent
from scheduler.delivery import AT_ONCE, DeliveryLoop
from store.database import Database
from tests.desk.people import queue, states

FAST = Limit(1_000.0, burst=100)


class Sender:
    """Notes when each message came, takes some time for it, and does as told."""

    def __init__(self, act: Callable[[], None] = lambda: None) -> None:
        self.act = act
        self.came: list[float] = []
        self.busy = self.most = 0
        self._lock = threading.Lock()

    def send(self, message: Outgoing) -> Sent:
        with self._lock:
            self.came.append(time.monotonic())
            self.busy += 1
            self.most = max(self.most, self.busy)
        try:
            self.act()
        finally:
            with self._lock:
                self.busy -= 1
        return Sent([message.message_id])


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def down() -> None:
    raise Later("network", "no connection", scope="carrier")


def test_some_are_on_their_way_at_once_and_no_more(database: Database) -> None:
    for number in range(20):
        queue(database, str(number), number=number)
    sender = Sender(lambda: time.sleep(0.05))
    loop = DeliveryLoop(database, {"sms": [Carrier("one", sender, FAST)]}, "here")
    loop.start()
    until(lambda: states(database) == ["sent"] * 20)
    loop.stop()
    assert len(sender.came) == 20
    assert 1 < sender.most <= AT_ONCE


def test_two_processes_keep_one_pace(database: Database) -> None:
    for number in range(30):
        queue(database, str(number), number=number)
    sender = Sender()
    limit = Limit(20.0, burst=5)
    loops = [DeliveryLoop(database, {"sms": [Carrier("one", sender, limit)]}, name) for name in ("here", "there")]
    for loop in loops:
        loop.start()
    until(lambda: len(sender.came) == 30)
    for loop in loops:
        loop.stop()
    assert sender.came[-1] - sender.came[0] >= 1.0
    for begin in sender.came:
        assert sum(begin <= moment < begin + 0.9 for moment in sender.came) <= 25


def test_a_channel_that_hangs_holds_up_no_other(sqlite_database: Database) -> None:
    queue(sqlite_database, "text")
    hanging = threading.Event()
    slow, quick = Sender(lambda: hanging.wait(20) and None), Sender()
    ways: dict[Channel, list[Carrier]] = {
        "whatsapp": [Carrier("slow", slow, FAST)],
        "sms": [Carrier("quick", quick, FAST)],
    }
    with sqlite_database.write() as session:
        contact = contacts.find_or_create(session, "whatsapp", "+995555000001")
        outbox.enqueue(session, contact, "notice", "chat", ["hello"])
    loop = DeliveryLoop(sqlite_database, ways, "here")
    loop.start()
    until(lambda: bool(quick.came) and bool(slow.came))
    queue(sqlite_database, "another", number=2)
    until(lambda: len(quick.came) == 2)
    hanging.set()
    loop.stop()


def test_the_phone_stands_in_for_twilio(database: Database) -> None:
    twilio, phone = Sender(down), Sender()
    ways = [Carrier("twilio", twilio, FAST, GiveWay(1)), Carrier("smsgate", phone, FAST)]
    loop = DeliveryLoop(database, {"sms": ways}, "here")
    queue(database, "first")
    loop.step()
    assert states(database) == ["queued"]
    queue(database, "second", number=2)
    loop.step()
    assert states(database) == ["queued", "sent"]
    assert (len(twilio.came), len(phone.came)) == (1, 1)


def test_what_was_sent_is_written_down_as_soon_as_the_database_is_back(sqlite_database: Database) -> None:
    queue(sqlite_database, "k")
    troubles = [OperationalError("commit", {}, Exception("deadlock detected"))] * 3
    really = sqlite_database.write
    sent = threading.Event()

    def write():  # type: ignore[no-untyped-def]
        if sent.is_set() and troubles:
            raise troubles.pop()
        return really()

    sqlite_database.write = write  # type: ignore[method-assign]
    sender = Sender(sent.set)
    DeliveryLoop(sqlite_database, {"sms": [Carrier("one", sender, FAST)]}, "here").step()
    assert troubles == []
    assert states(sqlite_database) == ["sent"]
    assert len(sender.came) == 1
