"""The shipped data in an empty database."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from knowledge import interchange, models, reference
from knowledge.interchange.kinds import PROVIDERS
from knowledge.interchange.seeding import seed
from knowledge.models import CenterRow, PlaceRow, ServedRow, ServiceRow
from store.database import Database
from tests.knowledge.interchange.files import CENTER, PLACE, load, write_csv
from tests.yardstick import units


def test_the_shipped_data_are_good_and_all_there(database: Database) -> None:
    with database.write() as session:
        loaded = interchange.seed(session)
        assert loaded["places"] == 4248
        assert loaded["centers"] == 58
        assert set(loaded) == set(interchange.KINDS)
        assert models.version(session) == 1
    with database.write() as session:
        assert interchange.seed(session) == {}
        assert models.version(session) == 1


def test_services_stand_in_the_order_of_their_providers(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        interchange.seed(session)
        rows = session.scalars(select(ServiceRow).order_by(ServiceRow.position)).all()
        assert [row.position for row in rows] == list(range(len(rows)))
        order = [PROVIDERS.index(row.provider) for row in rows]
        assert order == sorted(order)


def test_seeding_is_fast(sqlite_database: Database) -> None:
    def load() -> None:
        with sqlite_database.write() as session:
            interchange.seed(session)

    assert units(load, rounds=1) < 3_000  # about 500 on a quiet machine


def test_ids_go_on_after_the_shipped_ones(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        interchange.seed(session)
        highest = session.scalar(select(func.max(PlaceRow.id))) or 0
        path = tmp_path / "places.csv"
        interchange.export(session, "places", path)
        path.write_text(
            path.read_text(encoding="utf-8")
            + ",ახალი,Akhali,,village,Gori,Shida Kartli,,,none,,unlisted,,here,\n",
            encoding="utf-8",
        )
        changes = interchange.plan(session, "places", interchange.read("places", path))
        assert changes.summary == "places: 1 added, 0 changed, 0 removed, 4248 unchanged"
        interchange.apply(session, changes)
        new = session.scalars(select(PlaceRow.id).where(PlaceRow.source == "here")).one()
        assert new > highest


def test_a_kind_that_has_rows_is_left_as_it_is(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.write() as session:
        load(session, "centers", [CENTER], tmp_path)
        loaded = interchange.seed(session)
        assert "centers" not in loaded
        assert session.scalars(select(CenterRow.slug)).all() == ["gomi"]
        assert not session.scalars(select(ServedRow)).all()  # no shipped village is served by this centre
        assert loaded["places"] == 4248


def test_an_emptied_kind_is_filled_again(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        interchange.seed(session)
        session.execute(delete(ServedRow))
        assert set(interchange.seed(session)) == {"served"}


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A small copy of the shipped data."""
    write_csv(tmp_path / "places.csv", [PLACE])
    write_csv(tmp_path / "centers.csv", [CENTER])
    shutil.copy(reference.DATA / "served.csv", tmp_path)
    (tmp_path / "services").mkdir()
    return tmp_path


def test_a_fault_in_a_shipped_file_names_the_file(sqlite_database: Database, shipped: Path) -> None:
    write_csv(shipped / "centers.csv", [{**CENTER, "lat": "4"}])
    with pytest.raises(interchange.BadFile) as caught, sqlite_database.write() as session:
        seed(session, shipped)
    assert str(caught.value).startswith("centers.csv: row 2, lat: found '4', expected a latitude")
    with sqlite_database.read() as session:
        assert not session.scalars(select(PlaceRow)).all()
