"""A Bot API server, a scripted assistant, and fronts between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.telegram import TelegramFront, TelegramSettings
from desk.contacts import Contact
from desk.intake import InboundMessage
from desk.messages import Answer, Inbound, Reply, Understanding
from desk.outbox import OutboxMessage
from store.database import Database
from tests.bot.telegram.bot_api_server import TOKEN, BotApiServer

FrontMaker = Callable[..., TelegramFront]


def say(locale: str, message_id: str, **values: object) -> str:
    """Stands for ``bot.wording.say``."""
    return f"[{locale}] {message_id} {' '.join(str(value) for value in values.values())}".strip()


class ScriptedAssistant:
    """Answers with what a test prepared for a text or a choice, and otherwise repeats what it was told."""

    def __init__(self) -> None:
        self.inbounds: list[Inbound] = []
        self.script: dict[str, Reply | Exception | Callable[[Session, int], Reply]] = {}
        self.intent = "none"

    def answer(self, session: Session, inbound: Inbound, contact_id: int) -> Answer:
        self.inbounds.append(inbound)
        said = inbound.choice or inbound.text or inbound.media or str(inbound.location)
        prepared = self.script.get(said, Reply((f"you said {said}",), "ka"))
        if isinstance(prepared, Exception):
            raise prepared
        reply = prepared if isinstance(prepared, Reply) else prepared(session, contact_id)
        return Answer(reply, Understanding(self.intent, 0.9, reply.locale))

    @property
    def said(self) -> list[str]:
        """What residents said so far."""
        return [inbound.choice or inbound.text for inbound in self.inbounds]


class Books:
    """What the database holds."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def outbox(self) -> list[OutboxMessage]:
        with self.database.read() as session:
            return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))

    def states(self) -> list[str]:
        return [row.state for row in self.outbox()]

    def inbound(self) -> list[InboundMessage]:
        with self.database.read() as session:
            return list(session.scalars(select(InboundMessage).order_by(InboundMessage.id)))

    def contact(self, address: int) -> Contact | None:
        with self.database.read() as session:
            return session.scalar(select(Contact).where(Contact.address == str(address)))


def settings(api: BotApiServer, **changes: Any) -> TelegramSettings:
    """Settings that do not wait long."""
    values: dict[str, Any] = {
        "token": TOKEN,
        "api_base": api.base,
        "poll_timeout": 5,
        "request_timeout": 2.0,
        "first_pause": 0.02,
        "longest_pause": 0.1,
        "messages_per_second": 200.0,
        "hotline": "1488",
    }
    return TelegramSettings(**{**values, **changes})


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    server = BotApiServer()
    yield server
    server.stop()


@pytest.fixture
def assistant() -> ScriptedAssistant:
    return ScriptedAssistant()


@pytest.fixture
def books(database: Database) -> Books:
    """For what must hold on both kinds of database."""
    return Books(database)


@pytest.fixture
def lite(sqlite_database: Database) -> Books:
    """For what does not depend on the database."""
    return Books(sqlite_database)


@pytest.fixture
def fronts(api: BotApiServer, assistant: ScriptedAssistant) -> Iterator[FrontMaker]:
    """Makes and starts fronts, and stops them at the end."""
    made: list[TelegramFront] = []

    def make(database: Database, *, receive: bool = True, start: bool = True, **changes: Any) -> TelegramFront:
        front = TelegramFront(database, assistant, say, settings(api, **changes))
        made.append(front)
        if start:
            front.start(receive=receive)
        return front

    yield make
    for front in made:
        front.stop()
