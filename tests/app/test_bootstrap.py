"""Wiring the parts: an empty database is created and filled, a filled one is left as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app import bootstrap, settings
from app.bootstrap import Neighbour
from console.conversing import Talk
from knowledge import models
from knowledge.models import CenterRow, PlaceRow
from store import schema
from store.database import Database
from tests.app.conftest import SetUp


def test_an_empty_database_gets_tables_and_knowledge(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'folder' / 'new.db'}")
    bootstrap.prepare(database)
    assert schema.current_revision(database) == schema.newest_revision()
    with database.read() as session:
        assert session.scalar(select(func.count(PlaceRow.id))) == 4248
        assert session.scalar(select(func.count(CenterRow.id))) == 58
        assert models.version(session) == 1
    database.close()


def test_what_staff_changed_outlives_the_next_start(database: Database) -> None:
    bootstrap.prepare(database)
    with database.write() as session:
        session.execute(update(CenterRow).where(CenterRow.slug == "kachreti").values(phone="+995322405505"))
        models.touch(session)
    bootstrap.prepare(database)
    with database.read() as session:
        assert session.scalar(select(CenterRow.phone).where(CenterRow.slug == "kachreti")) == "+995322405505"
        assert models.version(session) == 2


def test_models_are_differences_to_no_table(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    bootstrap.prepare(database)
    assert schema.differences(database) == []
    database.close()


def test_a_folder_where_nothing_can_be_kept_does_not_stop_the_start(
    neighbour: Neighbour, set_up: SetUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The models are learned again at each start; that takes long, so that here they are learned from few."""
    from bot.understanding import learning

    few = learning.read_phrases(learning.PHRASES)[::150]
    monkeypatch.setattr(learning, "read_phrases", lambda _path: few)
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    set_up(cache_dir=str(tmp_path / "file"))
    built = bootstrap.build(settings.load(), neighbour.database)
    talk = Talk(built.assistant)
    assert talk.say("sms", "somebody", "help").shown
    talk.close()


def test_the_assistant_follows_the_knowledge(neighbour: Neighbour) -> None:
    assert neighbour.knowledge.current.version >= 1
    talk = Talk(neighbour.assistant)
    said = talk.say("sms", "somebody", "nearest centre in Kachreti")
    talk.close()
    assert said.understanding.center_id == neighbour.knowledge.current.centers_by_slug["kachreti"].id


def test_a_process_signs_with_its_machine_and_number() -> None:
    import os

    name = bootstrap.process_name()
    assert name.endswith(f":{os.getpid()}")
    assert len(name) <= 60
