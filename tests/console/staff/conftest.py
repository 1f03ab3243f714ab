"""The world of the console for every test of its pages: on SQLite, at noon of a Tuesday."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.snapshot import Snapshot
from store import clock, schema
from store.database import Database
from tests.conftest import copied, copied_postgres, settled
from tests.console.staff import world as worlds
from tests.console.staff.world import NOW, World


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot]:
    """A SQLite file in which the world is, to copy, and what is known there."""
    path = tmp_path_factory.mktemp("console") / "world.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    known = worlds.fill(database)
    return settled(database, path), known


@pytest.fixture
def world(filled: tuple[Path, Snapshot], tmp_path: Path) -> Iterator[World]:
    """The world, new for every test."""
    template, known = filled
    with copied(template, tmp_path / "world.db") as database:
        yield worlds.world(database, known)


@pytest.fixture(scope="session")
def filled_postgres(postgres_url: str) -> Iterator[tuple[str, Snapshot]]:
    """The name of a PostgreSQL database in which the world is, to copy, and what is known there."""
    with copied_postgres(postgres_url, "template0", "world") as database:
        schema.upgrade(database)
        with clock.fixed(NOW):
            known = worlds.fill(database)
        database.close()
        yield "world", known


@pytest.fixture
def postgres_world(postgres_url: str, filled_postgres: tuple[str, Snapshot]) -> Iterator[World]:
    """The same on PostgreSQL, for pages whose queries are their own."""
    template, known = filled_postgres
    with copied_postgres(postgres_url, template, "copy") as database:
        yield worlds.world(database, known)


@pytest.fixture(params=["world", "postgres_world"])
def either(request: pytest.FixtureRequest) -> World:
    """The world on each database."""
    made: World = request.getfixturevalue(request.param)
    return made
