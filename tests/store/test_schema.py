"""The migrations lead to the models, on both databases, from nothing."""

from __future__ import annotations

from store import schema
from store.database import Database


def test_migrations_and_models_agree(database: Database) -> None:
    assert schema.differences(database) == []


def test_upgrading_twice_does_nothing(database: Database) -> None:
    schema.upgrade(database)
    assert schema.current_revision(database) == schema.newest_revision()
