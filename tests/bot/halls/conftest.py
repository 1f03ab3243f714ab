"""Talks about the hall of Chakvi, on a Tuesday, with those who are told of bookings listening."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bootstrap import Neighbour
from console.conversing import Talk
from desk.halls.bookings import Booking
from desk.halls.news import News
from knowledge.snapshot import Snapshot
from knowledge.types import Center
from store import clock
from tests.bot.conftest import TUESDAY_NOON, assistant_with


class Heard:
    """A ``Tell`` that remembers what was told."""

    def __init__(self) -> None:
        self.all: list[tuple[str, News]] = []

    def __call__(self, session: Session, booking: Booking, news: News) -> None:
        self.all.append((booking.reference, news))

    @property
    def kinds(self) -> list[str]:
        return [news.kind for _, news in self.all]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def hall_talk(neighbour: Neighbour, heard: Heard) -> Iterator[Talk]:
    """A talk at noon of a Tuesday; what is told of bookings is heard."""
    talk = Talk(assistant_with(neighbour, heard))
    with clock.fixed(TUESDAY_NOON):
        yield talk
    talk.close()


@pytest.fixture
def chakvi(snapshot: Snapshot) -> Center:
    return snapshot.centers_by_slug["chakvi"]


@pytest.fixture
def booked(hall_talk: Talk) -> Callable[[], list[Booking]]:
    """Every booking of the talk as the database has it."""

    def look() -> list[Booking]:
        with hall_talk.database.read() as session:
            return list(session.scalars(select(Booking).order_by(Booking.id)))

    return look
