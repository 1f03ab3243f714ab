"""The world of the console for every test of its pages: on SQLite, at noon of a Tuesday."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.snapshot import Snapshot
from store import clock, schema
from store.database import Database
from tests.conftest import copied_postgres
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
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path, known


@pytest.fixture
def world(filled: tuple[Path, Snapshot], tmp_path: Path) -> Iterator[World]:
    """The world, new for every test."""
    path = tmp_path / "world.db"
    template, known = filled
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    yield worlds.world(database, known)
    database.close()


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
