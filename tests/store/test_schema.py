"""The migrations lead to the models, on both databases, from nothing."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, literal, select, text

from desk import fan_out
from desk.announcements.models import Announcement
from desk.contacts import Contact
from desk.fan_out import Wording
from store import clock, schema
from store.database import Database
from tests.desk.announcements.people import many


def test_migrations_and_models_agree(database: Database) -> None:
    assert schema.differences(database) == []


def test_upgrading_twice_does_nothing(database: Database) -> None:
    schema.upgrade(database)
    assert schema.current_revision(database) == schema.newest_revision()


def test_the_tallies_can_be_taken_back_and_messages_find_their_wordings_again(database: Database) -> None:
    many(database, 2)
    moment = clock.now()
    with database.write() as session:
        row = Announcement(name="x", texts={}, audience={}, state="running", created_by="staff:x")
        row.created_at = row.changed_at = moment
        session.add(row)
        session.flush()
        fan_out.freeze(session, row.id, select(Contact.id, literal("sms:ka")))
        fan_out.step(session, row.id, {"sms:ka": Wording(["text"])})
    try:
        _downgrade(database, "0009")
        with database.engine.connect() as connection:
            assert "wording" not in {column["name"] for column in inspect(connection).get_columns("outbox")}
    finally:
        schema.upgrade(database)
    assert schema.differences(database) == []
    with database.engine.connect() as connection:
        assert list(connection.scalars(text("SELECT wording FROM outbox"))) == ["sms:ka", "sms:ka"]


def _downgrade(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
