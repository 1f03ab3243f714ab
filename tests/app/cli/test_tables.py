"""``mezobeli db``: create, upgrade and look at the database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from store import schema
from store.database import Database
from tests.app.cli.conftest import Mezobeli
from tests.app.conftest import SetUp


def test_an_empty_database_is_said_to_be_empty(mezobeli: Mezobeli) -> None:
    ended = mezobeli("db", "status")
    assert ended.exit_code == 1
    assert ended.stdout == f"database: empty, program: {schema.newest_revision()}\n"
    assert "run: mezobeli db upgrade" in ended.stderr


def test_upgrade_creates_and_fills_it(mezobeli: Mezobeli) -> None:
    ended = mezobeli("db", "upgrade")
    newest = schema.newest_revision()
    assert (ended.exit_code, ended.stdout) == (0, f"the database is at revision {newest}\n")
    looked = mezobeli("db", "status")
    assert looked.exit_code == 0
    assert looked.stdout == f"database: {newest}, program: {newest}\nknowledge: version 1\n"
    assert mezobeli("db", "upgrade").exit_code == 0
    assert "version 1" in mezobeli("db", "status").stdout


def test_a_database_that_is_behind_is_told_apart(mezobeli: Mezobeli, shipped: Path) -> None:
    database = Database(f"sqlite:///{shipped}")
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    database.close()
    ended = mezobeli("db", "status")
    assert ended.exit_code == 1
    assert "database: 0000" in ended.stdout


def test_postgresql_is_looked_at_in_the_same_way(
    mezobeli: Mezobeli, set_up: SetUp, postgres_url: str, postgres_database: Database
) -> None:
    set_up(database_url=postgres_url)
    assert mezobeli("db", "upgrade").exit_code == 0
    looked = mezobeli("db", "status")
    assert looked.exit_code == 0
    assert "knowledge: version 1" in looked.stdout
