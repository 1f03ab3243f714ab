"""Talks with the neighbour as shipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app import bootstrap
from app.bootstrap import Neighbour
from bot.assistant import NeighbourAssistant
from bot.dialogue import bands
from console.conversing import Talk
from desk.halls.news import Tell
from knowledge.snapshot import Snapshot
from knowledge.types import Center, Place
from store import clock
from store.clock import TBILISI

TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=TBILISI).astimezone(UTC)
"""An ordinary working day: the day before was Saint George's, Saturday is the 28th."""


def assistant_with(neighbour: Neighbour, tell: Tell) -> NeighbourAssistant:
    """The neighbour's assistant, whose news of bookings go somewhere else."""
    announcing = bootstrap.announcing_for(lambda: neighbour.knowledge.current, neighbour.settings)
    return NeighbourAssistant(lambda: neighbour.knowledge.current, neighbour.reader, tell, announcing)


@pytest.fixture(scope="session")
def snapshot(neighbour: Neighbour) -> Snapshot:
    """What ships with the project: the centres, places and services."""
    return neighbour.knowledge.current


@pytest.fixture(scope="session")
def vague(neighbour: Neighbour) -> str:
    """A text that is neither clear nor meaningless to the models as they are learned today."""
    for text in ("closed booking", "bring", "registration of hall news", "documents open", "the open"):
        read = neighbour.reader.read(text, neighbour.knowledge.current)
        if bands.UNSURE < read.confidence < bands.SURE_IN_CONTEXT:
            return text
    raise LookupError("none of the texts is vague any more: write another")


@pytest.fixture
def talk(neighbour: Neighbour) -> Iterator[Talk]:
    """Conversations with the neighbour, at noon of an ordinary Tuesday."""
    made = Talk(neighbour.assistant)
    with clock.fixed(TUESDAY_NOON):
        yield made
    made.close()


@pytest.fixture(scope="session")
def somewhere(snapshot: Snapshot) -> dict[str, Place]:
    """The settlements that the tests speak of, by their English name and municipality."""
    return {f"{place.name_en}, {place.municipality_en}": place for place in snapshot.places.values()}


@pytest.fixture(scope="session")
def kabali(snapshot: Snapshot) -> Center:
    """The centre nearest to Lagodekhi."""
    return snapshot.centers_by_slug["kabali"]
