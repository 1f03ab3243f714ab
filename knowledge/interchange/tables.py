"""Between the columns of a file and the columns of the tables, both ways."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from knowledge.interchange.cells import Value
from knowledge.interchange.kinds import CENTERS, PLACES, SERVED, SERVICES, Kind, synonyms_column
from knowledge.interchange.references import References
from knowledge.models import CenterRow, PlaceRow, ServedRow, ServiceRow
from knowledge.types import BASE_LOCALES, FACT_KINDS, LOCALES
from store.base import Base

MODELS: Mapping[str, type[Base]] = {
    CENTERS.name: CenterRow,
    PLACES.name: PlaceRow,
    SERVED.name: ServedRow,
    SERVICES.name: ServiceRow,
}
"""The table of each kind."""

_IDS: Mapping[str, InstrumentedAttribute[Any]] = {
    CENTERS.name: CenterRow.id,
    PLACES.name: PlaceRow.id,
    SERVED.name: ServedRow.id,
    SERVICES.name: ServiceRow.slug,
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of a table, as a file would tell it."""

    id: int | str
    key: tuple[str, ...]
    values: Mapping[str, Value]


def id_of(kind: Kind) -> InstrumentedAttribute[Any]:
    """The primary key of the kind's table."""
    return _IDS[kind.name]


def is_empty(session: Session, kind: Kind) -> bool:
    """Whether the kind's table has no row."""
    return session.execute(select(id_of(kind)).limit(1)).first() is None


def stored(session: Session, kind: Kind, only: Collection[int | str] | None = None) -> list[Stored]:
    """The rows of the kind's table in the order of export: all of them, or ``only`` those with these ids."""
    found: Iterable[tuple[int | str, dict[str, Value]]]
    wanted = () if only is None else (id_of(kind).in_(only),)
    if kind is SERVED:
        found = _served(session, *wanted)
    elif kind is SERVICES:
        found = _services(session, *wanted)
    else:
        found = _plain(session, kind, *wanted)
    return [Stored(row_id, kind.key_of(values), values) for row_id, values in found]


def to_table(kind: Kind, values: Mapping[str, Value], references: References) -> dict[str, Any]:
    """The columns of the table for a row of a file, without its primary key where that is a number."""
    if kind is SERVICES:
        return _service_columns(values)
    if kind is SERVED:
        place = (str(values["place_ka"]), str(values["municipality_en"]))
        return {
            "center_id": references.centers[str(values["center"])],
            "village": values["village"],
            "place_id": references.places[place] if place[0] else None,
            "source": values["source"],
            "verified_on": values["verified_on"],
        }
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if name != "id"
    }


def _plain(session: Session, kind: Kind, *wanted: ColumnElement[bool]) -> Iterable[tuple[int, dict[str, Value]]]:
    """Kinds whose files and tables have the same columns."""
    model, names = MODELS[kind.name], [column.name for column in kind.columns]
    columns = [getattr(model, name) for name in names]
    row_id = id_of(kind)
    for number, *cells in session.execute(select(row_id, *columns).where(*wanted).order_by(row_id)):
        values = [tuple(cell) if isinstance(cell, list) else cell for cell in cells]
        yield number, dict(zip(names, values, strict=True))


def _served(session: Session, *wanted: ColumnElement[bool]) -> Iterable[tuple[int, dict[str, Value]]]:
    query = (
        select(ServedRow, CenterRow.slug, PlaceRow.name_ka, PlaceRow.municipality_en)
        .join(CenterRow, CenterRow.id == ServedRow.center_id)
        .outerjoin(PlaceRow, PlaceRow.id == ServedRow.place_id)
        .where(*wanted)
        .order_by(ServedRow.id)
    )
    for row, center, place, municipality in session.execute(query):
        yield (
            row.id,
            {
                "center": center,
                "village": row.village,
                "place_ka": place or "",
                "municipality_en": municipality or "",
                "source": row.source,
                "verified_on": row.verified_on,
            },
        )


def _services(session: Session, *wanted: ColumnElement[bool]) -> Iterable[tuple[str, dict[str, Value]]]:
    query = select(ServiceRow).where(*wanted).order_by(ServiceRow.position, ServiceRow.slug)
    for row in session.scalars(query):
        values: dict[str, Value] = {
            "slug": row.slug,
            "provider": row.provider,
            "category": row.category,
            "tie": row.tie,
            "tie_source": row.source,
            "verified_on": row.verified_on,
        }
        values.update({f"name_{locale}": row.names.get(locale, "") for locale in BASE_LOCALES})
        values.update({synonyms_column(name): tuple(row.synonyms.get(name, ())) for name in LOCALES})
        for fact in FACT_KINDS:
            values.update(_flat_fact(fact, row.facts.get(fact)))
        yield row.slug, values


def _flat_fact(name: str, fact: Mapping[str, Any] | None) -> dict[str, Value]:
    said = fact or {"text": {}, "source": ""}
    as_of = said.get("as_of")
    return {
        **{f"{name}_{locale}": said["text"].get(locale, "") for locale in BASE_LOCALES},
        f"{name}_source": said["source"],
        f"{name}_as_of": date.fromisoformat(as_of) if as_of else None,
    }


def _service_columns(values: Mapping[str, Value]) -> dict[str, Any]:
    synonyms = {locale: list(_words(values[synonyms_column(locale)])) for locale in LOCALES}
    return {
        **{name: values[name] for name in ("slug", "provider", "category", "tie", "verified_on")},
        "source": values["tie_source"],
        "names": {locale: values[f"name_{locale}"] for locale in BASE_LOCALES},
        "synonyms": {locale: words for locale, words in synonyms.items() if words},
        "facts": {fact: _fact(fact, values) for fact in FACT_KINDS if values[f"{fact}_source"]},
    }


def _words(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _fact(name: str, values: Mapping[str, Value]) -> dict[str, Any]:
    as_of = values[f"{name}_as_of"]
    return {
        "text": {locale: values[f"{name}_{locale}"] for locale in BASE_LOCALES},
        "source": values[f"{name}_source"],
        "as_of": as_of.isoformat() if isinstance(as_of, date) else None,
    }
