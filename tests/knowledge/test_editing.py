"""Changing what is known: by the rules of files, with a history that can be taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge import editing, history, interchange, models
from knowledge.editing import ChangedSince, NotThere
from knowledge.interchange import BadFile
from knowledge.live import LiveKnowledge
from knowledge.models import CenterRow, PlaceRow, ServedRow, ServiceRow
from store.database import Database

BY = "staff:Nino"


def center(database: Database) -> CenterRow:
    with database.read() as session:
        return session.scalars(select(CenterRow).order_by(CenterRow.id).limit(1)).one()


def test_a_changed_field_is_kept_with_its_old_value_and_every_process_sees_it(seeded_database: Database) -> None:
    live, row = LiveKnowledge(seeded_database), center(seeded_database)
    with seeded_database.write() as session:
        fields = editing.change(session, "centers", row.id, {"phone": "032 240 54 05", "name_en": row.name_en}, BY)
    assert [(one.name, one.old, one.new) for one in fields] == [("phone", row.phone, "+995322405405")]
    assert live.refresh()
    assert live.current.centers[row.id].phone == "+995322405405"
    with seeded_database.read() as session:
        (edit,) = history.of(session, "centers", row.id)
    assert (edit.actor, edit.fields, edit.is_undone, edit.label) == (BY, fields, False, row.slug)


def test_nothing_changed_leaves_the_version_alone(seeded_database: Database) -> None:
    row = center(seeded_database)
    with seeded_database.write() as session:
        before = models.version(session)
        assert editing.change(session, "centers", row.id, {"name_ka": row.name_ka, "slug": "another"}, BY) == ()
        assert models.version(session) == before
        assert history.of(session, "centers", row.id) == []


@pytest.mark.parametrize(
    ("kind", "cells", "column"),
    [
        ("centers", {"phone": "12"}, "phone"),
        ("centers", {"hours": "Mo-Fr 09:00-18:00", "hours_source": ""}, "hours_source"),
        ("centers", {"name_ka": "Latin"}, "name_ka"),
        ("places", {"region_en": "Imereti"}, "region_en"),
        ("services", {"bring_en": "A passport"}, "bring_ka"),
    ],
)
def test_what_a_file_may_not_say_a_form_may_not_either(
    seeded_database: Database, kind: str, cells: dict[str, str], column: str
) -> None:
    empty = {f"bring_{part}": "" for part in ("ka", "en", "ru", "az", "hy", "source", "as_of")}
    with seeded_database.write() as session:
        place = select(PlaceRow.id).where(PlaceRow.region_en == "Kakheti")
        ids = {
            "centers": select(CenterRow.id),
            "places": place,
            "services": select(ServiceRow.slug),
        }
        row_id = session.scalars(ids[kind].limit(1)).one()
        given = {**empty, **cells} if kind == "services" else cells
        with pytest.raises(BadFile) as refused:
            editing.change(session, kind, row_id, given, BY)
    assert column in {problem.column for problem in refused.value.problems}


def test_no_two_places_of_a_municipality_have_one_name(seeded_database: Database) -> None:
    with seeded_database.write() as session:
        one = session.scalars(select(PlaceRow).limit(1)).one()
        other = session.scalars(
            select(PlaceRow).where(PlaceRow.municipality_en == one.municipality_en, PlaceRow.id != one.id)
        ).first()
        assert other is not None
        with pytest.raises(BadFile, match="no other row"):
            editing.change(session, "places", other.id, {"name_ka": one.name_ka}, BY)


def test_an_edit_is_taken_back_whole(seeded_database: Database) -> None:
    row = center(seeded_database)
    with seeded_database.write() as session:
        editing.change(session, "centers", row.id, {"hours": "Mo-Sa 10:00-17:00", "hours_source": "a call"}, BY)
        (edit,) = history.of(session, "centers", row.id)
        editing.undo(session, edit, "staff:Keti")
        after = session.get_one(CenterRow, row.id)
        assert (after.hours, after.hours_source) == (row.hours, row.hours_source)
        newest, first = history.of(session, "centers", row.id)
        assert (newest.actor, first.is_undone) == ("staff:Keti", True)
        with pytest.raises(ChangedSince):
            editing.undo(session, first, BY)


def test_what_was_changed_since_is_not_taken_back(seeded_database: Database) -> None:
    row = center(seeded_database)
    with seeded_database.write() as session:
        editing.change(session, "centers", row.id, {"address_ka": "პირველი ქუჩა"}, BY)
        (edit,) = history.of(session, "centers", row.id)
        editing.change(session, "centers", row.id, {"address_ka": "მეორე ქუჩა"}, BY)
        with pytest.raises(ChangedSince):
            editing.undo(session, edit, BY)
        assert session.get_one(CenterRow, row.id).address_ka == "მეორე ქუჩა"


def test_a_service_keeps_its_place_in_the_catalogue(seeded_database: Database) -> None:
    with seeded_database.write() as session:
        row = session.scalars(select(ServiceRow).where(ServiceRow.slug == "id-card")).one()
        position = row.position
        editing.change(
            session, "services", "id-card", {"synonyms_en": "|".join([*row.synonyms["en"], "red book"])}, BY
        )
        after = session.scalars(select(ServiceRow).where(ServiceRow.slug == "id-card")).one()
        assert after.position == position
        assert "red book" in after.synonyms["en"]


def test_a_served_village_comes_and_goes_and_comes_back(seeded_database: Database) -> None:
    cells = {"center": center(seeded_database).slug, "village": "Nowhere", "source": "a call"}
    with seeded_database.write() as session:
        row_id = editing.add(session, "served", cells, BY)
        editing.remove(session, "served", row_id, BY)
        assert session.get(ServedRow, row_id) is None
        (gone,) = history.removed(session, "served")
        editing.undo(session, gone, BY)
        assert session.scalars(select(ServedRow).where(ServedRow.village == "Nowhere")).one().source == "a call"
        assert history.removed(session, "served") == []
        with pytest.raises(NotThere):
            editing.change(session, "served", 999_999, {}, BY)


def test_an_imported_file_has_its_history_too(seeded_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "served.csv"
    with seeded_database.write() as session:
        interchange.export(session, "served", path)
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        slug = lines[1].split(",")[0]
        path.write_text("\n".join([header, *lines[1:], f"{slug},New,,,a call,2026-11-24"]), encoding="utf-8")
        rows = interchange.read("served", path, session=session)
        assert editing.apply(session, interchange.plan(session, "served", rows), BY)
        (gone,) = history.removed(session, "served")
        added = session.scalars(select(ServedRow).where(ServedRow.village == "New")).one()
        assert added.verified_on == date(2026, 11, 24)
        (edit,) = history.of(session, "served", added.id)
        assert edit.id == gone.id
        editing.undo(session, edit, BY)
        assert session.scalars(select(ServedRow).where(ServedRow.village == "New")).first() is None
