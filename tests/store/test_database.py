"""Two ways into the database, and addresses that are refused with a sentence."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from knowledge import models
from store.database import BadDatabaseUrl, Database, parse_url


def test_sqlite_runs_in_wal_with_foreign_keys(sqlite_database: Database) -> None:
    with sqlite_database.read() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_a_raised_error_rolls_back(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        models.touch(session)
        raise RuntimeError
    with database.read() as session:
        assert models.version(session) == 0


def test_writers_wait_for_one_another(database: Database) -> None:
    with database.write() as session:
        models.touch(session)

    def touch_often() -> None:
        for _ in range(20):
            with database.write() as session:
                models.touch(session)

    threads = [threading.Thread(target=touch_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert models.version(session) == 81


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "postgres+asyncpg://x/y"])
def test_other_databases_are_refused_with_a_way_out(url: str) -> None:
    with pytest.raises(BadDatabaseUrl, match="write sqlite:///"):
        parse_url(url)
