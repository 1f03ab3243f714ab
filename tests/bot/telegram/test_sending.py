"""Replies go out once, at the pace that Telegram allows, and failures have consequences."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram import TelegramSender
from bot.telegram.failures import failure, table
from desk import claiming, contacts, outbox
from desk.messages import Choice, Later, Never, Outgoing, Pin, Reply, Sent
from desk.outbox import OutboxMessage
from scheduler.delivery import DeliveryLoop
from store import clock
from store.database import Database
from tests.bot.telegram.bot_api_server import BotApiServer
from tests.bot.telegram.conftest import Books, FrontMaker, ScriptedAssistant
from tests.bot.telegram.updates import GROUP, NINO, text

ROOT = Path(__file__).parents[3]
LONG = tuple("სოფელი " * 500 for _ in range(3))


def because(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "suppress"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), "blocked"),
        (Forbidden("Forbidden: bot was kicked from the group chat"), "blocked"),
        (Forbidden("Forbidden: user is deactivated"), "gone"),
        (BadRequest("Chat not found"), "gone"),
        (BadRequest("Not enough rights to send text messages to the chat"), None),
    ],
)
def test_what_never_works(error: TelegramError, suppress: str | None) -> None:
    found = failure(error)
    assert isinstance(found, Never)
    assert found.suppress == suppress


@pytest.mark.parametrize(
    ("error", "after", "unsure"),
    [
        (RetryAfter(17), 17.0, False),
        (TimedOut(), None, True),
        (because(TimedOut(), httpx.ReadTimeout("")), None, True),
        (because(TimedOut(), httpx.ConnectTimeout("")), None, False),
        (because(TimedOut(), httpx.PoolTimeout("")), None, False),
        (NetworkError("Bad Gateway"), None, False),
        (NetworkError("Gateway Timeout"), None, True),
        (because(NetworkError("x"), httpx.ConnectError("")), None, False),
        (because(NetworkError("x"), httpx.ReadError("")), None, True),
        (because(NetworkError("x"), httpx.RemoteProtocolError("")), None, True),
        (InvalidToken(), 60.0, False),
        (Conflict("other getUpdates"), None, False),
        (ChatMigrated(-7), None, False),
        (TelegramError("Invalid server response"), None, False),
    ],
)
def test_what_may_work_later(error: TelegramError, after: float | None, unsure: bool) -> None:
    found = failure(error)
    assert isinstance(found, Later)
    assert (found.after, found.unsure) == (after, unsure)


def test_a_token_is_not_kept_with_a_failure() -> None:
    words = failure(InvalidToken("The token `4711:AAtest-token_of-loopback` was rejected")).words
    assert "AAtest" not in words


def test_a_blocked_bot_marks_the_contact_at_once(books: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    fronts(books.database)
    api.blocked.add(NINO)
    api.push(text("hello"))
    api.wait(lambda: books.states() == ["failed"])
    contact = books.contact(NINO)
    assert contact is not None
    assert contact.suppressed_reason == "blocked"
    assert books.outbox()[0].error_code == "403"
    api.blocked.clear()
    api.push(text("I am back"))
    api.wait(lambda: books.states() == ["failed", "sent"])
    assert (contact := books.contact(NINO)) is not None
    assert contact.suppressed_at is None


def test_a_short_flood_wait_is_obeyed(lite: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    api.trouble("sendMessage", status=429, description="Too Many Requests: retry after 1", retry_after=1)
    fronts(lite.database)
    api.push(text("hello"))
    api.wait(lambda: lite.states() == ["sent"])
    first, second = (call.at for call in api.calls if call.method == "sendMessage")
    assert second - first >= 1
    assert len(api.messages) == 1


def test_a_long_flood_wait_leaves_the_reply_to_the_delivery_loop(
    books: Books, api: BotApiServer, fronts: FrontMaker
) -> None:
    api.trouble("sendMessage", status=429, description="Too Many Requests", retry_after=40)
    front = fronts(books.database)
    before = clock.now()
    api.push(text("hello"), text("again"))
    api.wait(lambda: books.states() == ["queued", "queued"])
    rows = books.outbox()
    assert rows[0].not_before >= before + timedelta(seconds=40)
    assert rows[1].not_before >= before + timedelta(seconds=35)
    assert len(api.called("sendMessage")) == 1  # the second did not even try
    with pytest.raises(Later) as caught:
        front.sender().send(outbox.outgoing(rows[0], str(NINO)))
    assert caught.value.after is not None
    assert 30 < caught.value.after <= 40
    assert len(api.called("sendMessage")) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 500, "description": "Internal Server Error"},
        {"status": 502, "description": "Bad Gateway"},
        {"drop": True},
    ],
)
def test_after_a_network_failure_the_delivery_loop_has_the_reply(
    lite: Books, api: BotApiServer, fronts: FrontMaker, trouble: dict[str, object]
) -> None:
    api.trouble("sendMessage", **trouble)
    front = fronts(lite.database)
    api.push(text("hello"))
    api.wait(lambda: lite.states() == ["queued"])
    deliver(lite.database, front.sender())
    assert lite.states() == ["sent"]
    assert [sent["text"] for sent in api.messages] == ["you said hello"]


def test_a_time_out_is_unsure(lite: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    api.chats.add(NINO)
    api.trouble("sendMessage", seconds=0.6, taken=True)
    sender = fronts(lite.database, receive=False, request_timeout=0.3).sender()
    with pytest.raises(Later) as caught:
        sender.send(Outgoing("m", "telegram", str(NINO), ("hello",)))
    assert caught.value.unsure


def test_parts_that_are_out_are_not_sent_again(
    books: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    pins = (Pin("Koda", "Main street", 41.5, 44.7),)
    assistant.script["long"] = Reply(LONG, "ka", (Choice("a", "b"),), pins=pins)
    front = fronts(books.database)
    api.trouble("sendVenue", status=500, description="Internal Server Error")
    api.push(text("long"))
    api.wait(lambda: books.states() == ["queued"])
    written = len(api.called("sendMessage"))
    assert written == 3
    deliver(books.database, front.sender())
    assert books.states() == ["sent"]
    assert len(api.called("sendMessage")) == written
    assert books.outbox()[0].provider_id == str(api.messages[0]["message_id"])
    assert ["reply_markup" in sent for sent in api.messages] == [False, False, True, False]


def test_a_group_that_moved_is_followed(lite: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    api.chats |= {GROUP, -1000}
    api.trouble("sendMessage", status=400, description="group upgraded", migrate_to=-1000)
    sender = fronts(lite.database, receive=False).sender()
    sent = sender.send(Outgoing("m", "telegram", str(GROUP), ("hello",)))
    assert api.to(-1000)[0]["text"] == "hello"
    assert list(sent.provider_ids) == [str(api.messages[0]["message_id"])]


def test_the_sender_tells_a_chat_that_is_gone_from_a_message_that_is_wrong(
    lite: Books, api: BotApiServer, fronts: FrontMaker
) -> None:
    sender = fronts(lite.database, receive=False).sender()
    with pytest.raises(Never) as gone:
        sender.send(Outgoing("m", "telegram", "999", ("hello",)))
    assert gone.value.suppress == "gone"
    api.chats.add(NINO)
    api.trouble("sendMessage", status=400, description="Bad Request: message is too long")
    with pytest.raises(Never) as wrong:
        sender.send(Outgoing("m", "telegram", str(NINO), ("hello",)))
    assert wrong.value.suppress is None
    assert sender.send(Outgoing("m", "telegram", str(NINO), (" ",))) == Sent(())


def test_a_sender_without_a_front_says_later(lite: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    front = fronts(lite.database, start=False)
    with pytest.raises(Later):
        front.sender().send(Outgoing("m", "telegram", "1", ("hello",)))
    front.start(receive=False)
    front.stop()
    with pytest.raises(Later):
        front.sender().send(Outgoing("m", "telegram", "1", ("hello",)))
    assert api.calls == []


def test_a_reply_to_somebody_who_opted_out_still_goes(books: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    with books.database.write() as session:
        contacts.opt_out(session, contacts.find_or_create(session, "telegram", str(NINO)))
    fronts(books.database)
    api.push(text("/start"))
    assert api.wait_for_messages(1)[0]["text"] == "you said intent:start"


def deliver(database: Database, sender: TelegramSender) -> None:
    """One round of a delivery loop, a few minutes from now."""
    with clock.fixed(clock.now() + timedelta(minutes=10)):
        with database.write() as session:
            outbox.recover(session)
            claimed = claiming.claim(session, "telegram", "another process", timedelta(minutes=1), 10)
            ready = [one.outgoing for one in claimed]
        for message in ready:
            sent = sender.send(message)
            with database.write() as session:
                row = outbox.by_message_id(session, message.message_id)
                assert isinstance(row, OutboxMessage)
                outbox.move(row, "sent")
                row.provider_id = sent.provider_ids[0]


CHILD = """
import sys, time
import app.tables
from bot.telegram import TelegramFront
from store.database import Database
from tests.bot.telegram.conftest import ScriptedAssistant, say, settings
from types import SimpleNamespace
patient = settings(SimpleNamespace(base=sys.argv[2]), request_timeout=20)
front = TelegramFront(Database(sys.argv[1]), ScriptedAssistant(), say, patient)
front.start()
time.sleep(60)
"""


def test_a_process_killed_while_it_answers_loses_nothing(
    books: Books, api: BotApiServer, fronts: FrontMaker
) -> None:
    asked = text("am I lost?")
    api.trouble("sendMessage", seconds=1, drop=True)  # the request is out, and no answer comes
    api.push(asked)
    address = books.database.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", CHILD, address, api.base], env=environment, cwd=ROOT)
    try:
        api.wait(lambda: api.called("sendMessage"), 15)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert books.states() == ["sending"]
    assert api.messages == []
    begun = time.monotonic()
    front = fronts(books.database)  # gets the same update again, for it was perhaps never confirmed
    deliver(books.database, front.sender())
    api.push(text("next"))
    api.wait(lambda: books.states() == ["sent", "sent"])
    assert [sent["text"] for sent in api.messages] == ["you said am I lost?", "you said next"]
    assert len(books.inbound()) == 2
    assert time.monotonic() - begun < 5


def doubtful(kind: str, doubts: int, **more: Any) -> Outgoing:
    return Outgoing("m", "telegram", str(NINO), ("Tomorrow", "at 10:00"), kind=kind, doubts=doubts, **more)


@pytest.mark.parametrize(("kind", "texts"), [("reply", "Tomorrow"), ("reminder", "delivery.again Tomorrow")])
def test_what_telegram_may_have_is_sent_again_as_its_kind_chooses(
    lite: Books, api: BotApiServer, fronts: FrontMaker, kind: str, texts: str
) -> None:
    api.chats.add(NINO)
    fronts(lite.database, receive=False).sender().send(doubtful(kind, 1, payload={"locale": "en"}))
    (sent,) = api.messages
    assert sent["text"].startswith("[en] " + texts if kind == "reminder" else texts)


@pytest.mark.parametrize(("kind", "doubts"), [("reminder", 2), ("notice", 2), ("announcement", 1)])
def test_what_telegram_may_have_is_given_up_as_its_kind_chooses(
    lite: Books, api: BotApiServer, fronts: FrontMaker, kind: str, doubts: int
) -> None:
    with pytest.raises(Never, match="unknown"):
        fronts(lite.database, receive=False).sender().send(doubtful(kind, doubts))
    assert api.called("sendMessage") == []


def test_every_kind_has_made_its_choice() -> None:
    assert set(table("unsure")) == set(outbox.PRIORITY)


def test_one_chat_that_is_flooded_waits_alone_and_two_make_the_bot_wait(
    lite: Books, api: BotApiServer, fronts: FrontMaker
) -> None:
    api.chats |= {NINO, 4712}
    sender = fronts(lite.database, receive=False).sender()
    scopes = []
    for chat in (NINO, 4712):
        api.trouble("sendMessage", status=429, description="Too Many Requests", retry_after=20)
        with pytest.raises(Later) as caught:
            sender.send(Outgoing("m", "telegram", str(chat), ("hello",)))
        scopes.append(caught.value.scope)
    assert scopes == ["address", "carrier"]


def test_a_notice_that_timed_out_is_repeated_once_and_marked(
    books: Books, api: BotApiServer, fronts: FrontMaker
) -> None:
    api.chats.add(NINO)
    api.trouble("sendMessage", seconds=0.6, taken=True)
    front = fronts(books.database, receive=False, request_timeout=0.3)
    with books.database.write() as session:
        contact = contacts.find_or_create(session, "telegram", str(NINO))
        outbox.enqueue(session, contact, "notice", "k", ["The hall is yours"], payload={"locale": "en"})
    loop = DeliveryLoop(books.database, {"telegram": [front.carrier()]}, "here")
    loop.step()
    assert books.states() == ["queued"]
    api.wait_for_messages(1)
    with clock.fixed(clock.now() + timedelta(minutes=1)):
        loop.step()
    assert books.states() == ["sent"]
    assert [sent["text"] for sent in api.messages] == [
        "The hall is yours",
        "[en] delivery.again The hall is yours",
    ]
