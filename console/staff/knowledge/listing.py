"""The lists: what is missing or was verified long ago comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from flask import render_template, request, url_for
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bot import names, wording
from console.staff import access
from console.staff.knowledge.blueprint import pages
from console.staff.knowledge.columns import topic
from console.staff.parts import parts
from console.staff.visitors import visitor
from console.staff.words import locale
from knowledge.interchange.cells import Value, written
from knowledge.interchange.kinds import CENTERS, SERVED, SERVICES
from knowledge.interchange.tables import Stored, stored
from knowledge.models import PlaceRow
from knowledge.taught import keys_of
from store import clock

STALE_AFTER = timedelta(days=183)
"""What nobody has verified for half a year is asked about again."""

AT_A_TIME = 50
"""Rows of one page of a list."""

SEARCH_LIMIT = 80

_WANTED: Mapping[str, tuple[str, ...]] = {
    "centers": ("phone", "address_ka", "hours", "hall_hours", "hall_capacity", "lat"),
    "served": ("place_ka",),
    "services": ("bring_ka", "fee_ka", "time_ka", "who_ka"),
}
"""Columns without which a resident's question stays open; the other places have only their points."""

_CALLED = ("name_", "synonyms_")
_OF_HALL = frozenset({"hall_hours", "hall_capacity"})


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a list. ``missing`` are the labels of what is not known, ``words`` what else it is found by."""

    kind: str
    id: int | str
    name: str
    detail: str
    address: str
    missing: tuple[str, ...]
    verified_on: date | None
    is_stale: bool
    words: str = ""


@pages.get("")
@access.signed_in
def page() -> str:
    """The centres of the member."""
    scope = visitor().scope
    with parts().database.read() as session:
        rows = [row for row in stored(session, CENTERS) if scope.covers(int(row.id))]
    return _list("centers", [_center(row) for row in rows])


@pages.get("/served")
@access.signed_in
def served() -> str:
    """The villages that a source names as served, of the member's centres."""
    scope = visitor().scope
    known = parts().knowledge().centers_by_slug
    with parts().database.read() as session:
        rows = stored(session, SERVED)
    own = [row for row in rows if row.key[0] in known and scope.covers(known[row.key[0]].id)]
    return _list("served", [_served(row) for row in own])


@pages.get("/services")
@access.signed_in
def services() -> str:
    """The catalogue."""
    with parts().database.read() as session:
        return _list("services", [_service(row) for row in stored(session, SERVICES)])


@pages.get("/places")
@access.signed_in
def places() -> str:
    """The settlements; there are thousands, so the database searches."""
    wanted, number = _search(), _page()
    with parts().database.read() as session:
        conditions = _named(wanted)
        total = session.scalar(select(func.count()).select_from(PlaceRow).where(*conditions)) or 0
        rows = _places(session, conditions, number)
    return _render("places", [_place(row) for row in rows], total, wanted, number)


def is_stale(verified_on: date | None) -> bool:
    """Whether a fact should be looked at again."""
    return verified_on is None or clock.local_now().date() - verified_on > STALE_AFTER


def _list(kind: str, items: Iterable[Item]) -> str:
    wanted, number = _search(), _page()
    keys = keys_of(wanted)
    found = [item for item in items if not wanted or _fits(item, wanted.casefold(), keys)]
    found.sort(key=lambda item: (-len(item.missing), item.verified_on or date.min, item.name))
    start = (number - 1) * AT_A_TIME
    return _render(kind, found[start : start + AT_A_TIME], len(found), wanted, number)


def _render(kind: str, items: list[Item], total: int, wanted: str, number: int) -> str:
    return render_template(
        "staff/knowledge_list.html",
        kind=kind,
        items=items,
        total=total,
        wanted=wanted,
        number=number,
        last=max(1, -(-total // AT_A_TIME)),
        may_change=kind in {"centers", "served"} or access.may("editor", visitor()),
    )


def _search() -> str:
    return " ".join(request.args.get("q", "").split())[:SEARCH_LIMIT]


def _page() -> int:
    given = request.args.get("page", "1")
    return min(max(int(given), 1), 10_000) if given.isascii() and given.isdigit() and len(given) < 6 else 1


def _fits(item: Item, text: str, keys: str) -> bool:
    """Whether the words are in it as written, or in any script."""
    said = f"{item.name} {item.detail} {item.words}"
    return text in said.casefold() or bool(keys and keys in keys_of(said))


def _missing(kind: str, values: Mapping[str, Value]) -> tuple[str, ...]:
    passed = _OF_HALL if kind == "centers" and values["hall"] is False else frozenset()
    return tuple(topic(name) for name in _WANTED[kind] if name not in passed and values[name] in (None, ""))


def _item(kind: str, row: Stored, name: str, detail: str, address: str, words: Iterable[str] = ()) -> Item:
    verified_on = cast("date | None", row.values["verified_on"])
    missing = _missing(kind, row.values)
    return Item(kind, row.id, name, detail, address, missing, verified_on, is_stale(verified_on), " ".join(words))


def _center(row: Stored) -> Item:
    snapshot, language = parts().knowledge(), locale()
    name_ka, name_en, area = (str(row.values[name]) for name in ("name_ka", "name_en", "municipality_en"))
    name = names.settlement(language, name_ka, name_en, area, snapshot)
    address = url_for("staff.knowledge.center", center_id=row.id)
    return _item("centers", row, name, names.municipality(language, area, snapshot), address)


def _served(row: Stored) -> Item:
    snapshot = parts().knowledge()
    center = snapshot.centers_by_slug[row.key[0]]
    address = url_for("staff.knowledge.served_village", served_id=row.id)
    return _item("served", row, row.key[1], names.center(locale(), center, snapshot), address)


def _service(row: Stored) -> Item:
    name = {"ka": str(row.values["name_ka"]), "en": str(row.values["name_en"])}[wording.base(locale())]
    address = url_for("staff.knowledge.service", slug=row.id)
    words = (written(row.values[column.name]) for column in SERVICES.columns if column.name.startswith(_CALLED))
    return _item("services", row, name, str(row.id), address, words)


def _named(wanted: str) -> tuple[ColumnElement[bool], ...]:
    """Places in whose names the words stand, and those that the gazetteer takes them for."""
    if not wanted:
        return ()
    found = [place.id for place in parts().knowledge().gazetteer.find(wanted).places]
    holds = [column.icontains(wanted, autoescape=True) for column in (PlaceRow.name_ka, PlaceRow.name_en)]
    return (or_(*holds, PlaceRow.id.in_(found)),)


def _places(session: Session, conditions: tuple[ColumnElement[bool], ...], number: int) -> list[PlaceRow]:
    query = (
        select(PlaceRow)
        .where(*conditions)
        .order_by(
            PlaceRow.lat.is_not(None), PlaceRow.verified_on.is_not(None), PlaceRow.verified_on, PlaceRow.name_ka
        )
    )
    return list(session.scalars(query.offset((number - 1) * AT_A_TIME).limit(AT_A_TIME)))


def _place(row: PlaceRow) -> Item:
    snapshot, language = parts().knowledge(), locale()
    return Item(
        kind="places",
        id=row.id,
        name=names.settlement(language, row.name_ka, row.name_en, row.municipality_en, snapshot),
        detail=names.municipality(language, row.municipality_en, snapshot),
        address=url_for("staff.knowledge.place", place_id=row.id),
        missing=(topic("lat"),) if row.lat is None else (),
        verified_on=row.verified_on,
        is_stale=is_stale(row.verified_on),
    )
