"""Wiring the real parts together; tests wire others through the same door."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app import news, tables
from app.channels import sms_settings
from app.settings import BadSettings, Settings
from bot import wording
from bot.answers.opening import GENERAL_HOURS
from bot.assistant import NeighbourAssistant
from bot.understanding import learning, lexicon, phrases
from bot.understanding.reader import Reader
from console import previewing
from desk.announcements.models import Announcement
from desk.announcements.preview import Announcing, Preview
from desk.halls.news import Tell
from knowledge import hours, interchange
from knowledge.live import LiveKnowledge
from knowledge.snapshot import Snapshot
from store import clock, schema
from store.database import Database

log = structlog.get_logger()


_GARBAGE = (20_000, 20, 50)
"""How rarely garbage is looked for: a message makes thousands of values, and nearly all go without a search."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The parts that every process has: settings, database, knowledge, reader, assistant, news of bookings."""

    settings: Settings
    database: Database
    knowledge: LiveKnowledge
    reader: Reader
    assistant: NeighbourAssistant
    tell: Tell


def prepare(database: Database) -> None:
    """Creates or upgrades the tables and fills empty ones with the data that ship with the project."""
    schema.upgrade(database)
    with database.write() as session:
        loaded = interchange.seed(session)
    if loaded:
        log.info("knowledge_loaded", **dict(loaded))


def open_database(settings: Settings) -> Database:
    """The database of the settings. Raises BadSettings where it does not answer."""
    if not tables.MODULES:
        raise RuntimeError("no tables are known")
    try:
        database = Database(settings.database_url, pool_size=settings.threads + 4)
        database.answers()
    except (OSError, DatabaseError) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise BadSettings(f"MEZOBELI_DATABASE_URL: the database does not answer ({reason})") from error
    return database


def build(settings: Settings, database: Database | None = None) -> Neighbour:
    """Everything ready to answer; takes a second or two, and some more the first time, while it learns."""
    opened = database or open_database(settings)
    prepare(opened)
    knowledge = LiveKnowledge(opened)
    reader = Reader(learning.models(knowledge.current, settings.cache_dir))
    # The first text finds the lexicons unread; better now than for a resident.
    lexicon.preload()
    reader.read("1", knowledge.current)
    wording.preload()
    phrases.common_words()
    hours.is_open(GENERAL_HOURS, clock.local_now())  # the first look compiles
    two_way = sms_settings(settings).two_way
    tell = news.tell_for(lambda: knowledge.current, two_way=two_way)
    announcing = announcing_for(lambda: knowledge.current, settings)
    assistant = NeighbourAssistant(lambda: knowledge.current, reader, tell, announcing)
    gc.collect()
    gc.freeze()  # the knowledge is there to stay: a search for garbage among it would take a tenth of a second
    gc.set_threshold(*_GARBAGE)
    return Neighbour(settings, opened, knowledge, reader, assistant, tell)


def announcing_for(knowledge: Callable[[], Snapshot], settings: Settings) -> Announcing:
    """What the chat needs to announce, with the prices and limits of the settings."""

    def preview(session: Session, row: Announcement) -> Preview:
        price, approval_from = settings.sms_price_tetri, settings.approval_from
        return previewing.of(session, row, knowledge(), price=price, approval_from=approval_from)

    return Announcing(preview, settings.approval_from)


def process_name() -> str:
    """How this process signs its leases."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"
