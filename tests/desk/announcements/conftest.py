"""The tests of announcements begin at noon of a Tuesday, and know what ships with the project."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knowledge import interchange, snapshot
from knowledge.snapshot import Snapshot
from store import clock, schema
from store.database import Database
from tests.desk.announcements.people import TUESDAY


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with clock.fixed(TUESDAY):
        yield


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The knowledge that ships with the project."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('known') / 'known.db'}")
    schema.upgrade(database)
    with database.write() as session:
        interchange.seed(session)
    with database.read() as session:
        built = snapshot.build(session)
    database.close()
    return built
