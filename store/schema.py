"""Creating and upgrading the tables, by Alembic's migrations."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 0x6D657A6F  # "mezo": two processes that start at once must not upgrade side by side


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def newest_revision() -> str | None:
    """The revision that this version of the code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current_revision(database: Database) -> str | None:
    """The revision that the database stands at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database) -> None:
    """Brings the database to the newest revision; does nothing where it is there already."""
    if current_revision(database) == newest_revision():
        return
    with database.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE").begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        command.upgrade(_config(connection), "head")


def write_revision(database: Database, message: str) -> None:
    """Writes a new migration from the difference between the models and the database (for developers)."""
    number = int(newest_revision() or 0) + 1
    with database.engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04}")


def differences(database: Database) -> list[object]:
    """What the models have and the database has not, or the other way round; empty when they agree."""
    from alembic.autogenerate import compare_metadata

    from store.base import Base

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))
