"""Talks about the events at Kabali, at noon of a Tuesday: bees on Saturday (ka, en) and a weekly film (ru)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy.orm import Session

from app.bootstrap import Neighbour
from console.conversing import Talk
from desk import audit
from desk.events import life
from desk.events.editing import Wording
from desk.events.models import Event
from knowledge.types import Center
from store import clock
from tests.bot.conftest import TUESDAY_NOON
from tests.desk.events.people import local

NINO = audit.staff("nino")


def write_down(session: Session, center: Center) -> tuple[Event, Event]:
    """The two events, announced."""
    bees = Wording(
        center_id=center.id,
        topic="agriculture",
        titles={"ka": "მეფუტკრეობა დამწყებთათვის", "en": "Beekeeping for beginners"},
        descriptions={"ka": "მოიტანეთ ხელთათმანები."},
        starts_at=local(28, 15),
        ends_at=local(28, 17),
        capacity=5,
    )
    film = replace(
        bees,
        topic="films",
        titles={"ru": "Вечер кино"},
        descriptions={},
        starts_at=local(25, 18),
        ends_at=local(25, 20),
        capacity=None,
        rrule="FREQ=WEEKLY;COUNT=4",
    )
    made = [life.create(session, wording, NINO) for wording in (bees, film)]
    for event in made:
        life.announce(session, event, NINO)
    return made[0], made[1]


@pytest.fixture
def event_talk(neighbour: Neighbour, kabali: Center, seeded_template: Path) -> Iterator[Talk]:
    """A talk in a place where two events are announced; event 1 is of the bees, 2 the first film."""
    talk = Talk(neighbour.assistant)
    with closing(sqlite3.connect(seeded_template)) as shipped, talk.database.engine.connect() as connection:
        shipped.backup(cast(sqlite3.Connection, connection.connection.driver_connection))
    with clock.fixed(TUESDAY_NOON):
        with talk.database.write() as session:
            write_down(session, kabali)
        yield talk
    talk.close()
