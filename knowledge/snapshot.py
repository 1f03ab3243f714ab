"""All that is known, in memory, immutable: questions are answered from it without asking the database.

A snapshot is built from the tables and swapped whole when their version changes (see ``knowledge.live``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import models, reference, taught
from knowledge.gazetteer import Gazetteer
from knowledge.nearest import Near, nearest
from knowledge.service_index import ServiceIndex
from knowledge.taught import Taught
from knowledge.types import (
    FACT_KINDS,
    Accuracy,
    BaseLocale,
    Center,
    Fact,
    FactKind,
    Hall,
    Hotline,
    Locale,
    Municipality,
    Place,
    Service,
    Tie,
)


@dataclass(frozen=True)
class Snapshot:
    """The knowledge at one version. Shared by all threads; nothing in it changes."""

    version: int
    places: Mapping[int, Place]
    centers: Mapping[int, Center]
    services: Mapping[str, Service]
    served: Mapping[int, int]  # place id -> id of the centre that a source names for it
    municipalities: Mapping[str, Municipality]
    gazetteer: Gazetteer
    service_index: ServiceIndex
    hotline: Hotline
    taught: Mapping[str, Taught]  # the keys of a text -> what staff say that it means

    @cached_property
    def centers_by_slug(self) -> Mapping[str, Center]:
        """The centres by the name that deep links and files use."""
        return {center.slug: center for center in self.centers.values()}

    @cached_property
    def own_centers(self) -> Mapping[int, int]:
        """The id of each settlement's centre: the one in it, else the one that a source names, else the nearest.

        Going through all settlements takes half a second, once.
        """
        found = ((place.id, self._own_center(place)) for place in self.places.values())
        return {place_id: center_id for place_id, center_id in found if center_id is not None}

    def _own_center(self, place: Place) -> int | None:
        here = self.center_at(place)
        if here is not None:
            return here.id
        if place.id in self.served:
            return self.served[place.id]
        if place.lat is None or place.lon is None:
            return None
        near = self.nearest_centers(place.lat, place.lon, count=1)
        return near[0].point.id if near else None

    def nearest_centers(
        self, lat: float, lon: float, *, about: bool = False, count: int = 3
    ) -> list[Near[Center]]:
        """The centres nearest to a point, the nearest first, with metres in a straight line.

        ``about`` says that the point itself is approximate.
        """
        return nearest(lat, lon, self.centers.values(), count, about=about)

    def nearest_places(self, lat: float, lon: float, *, count: int) -> list[Near[Place]]:
        """The settlements whose middles are nearest to a point, the nearest first, with their metres."""
        return nearest(lat, lon, self.places.values(), count)

    def center_at(self, place: Place) -> Center | None:
        """The centre that stands in that very settlement."""
        for center in self.centers.values():
            if center.name_ka == place.name_ka and center.municipality_en == place.municipality_en:
                return center
        return None

    def centers_in(self, municipality_en: str) -> list[Center]:
        """The centres of a municipality, by name."""
        found = (c for c in self.centers.values() if c.municipality_en == municipality_en)
        return sorted(found, key=lambda center: center.name_ka)


_CENTER_ACCURACY: Mapping[str, Accuracy] = {"village": "exact", "approx": "approx"}


def build(session: Session) -> Snapshot:
    """Reads the tables and indexes them; the names of places are indexed when they are first looked for."""
    version = models.version(session)
    places = {row.id: _place(row) for row in session.scalars(select(models.PlaceRow))}
    centers = {row.id: _center(row) for row in session.scalars(select(models.CenterRow))}
    ordered = select(models.ServiceRow).order_by(models.ServiceRow.position)
    services = {row.slug: _service(row) for row in session.scalars(ordered)}
    served = {
        row.place_id: row.center_id
        for row in session.scalars(select(models.ServedRow))
        if row.place_id is not None
    }
    municipalities = reference.municipalities()
    learned = taught.load(session)
    session.rollback()
    return Snapshot(
        version=version,
        places=MappingProxyType(places),
        centers=MappingProxyType(centers),
        services=MappingProxyType(services),
        served=MappingProxyType(served),
        municipalities=municipalities,
        gazetteer=Gazetteer(places.values(), municipalities.values()),
        service_index=ServiceIndex(services.values()),
        hotline=reference.hotline(),
        taught=MappingProxyType(dict(learned)),
    )


def _place(row: models.PlaceRow) -> Place:
    return Place(
        id=row.id,
        name_ka=row.name_ka,
        name_en=row.name_en,
        alt_names=tuple(row.alt_names),
        kind=row.kind,
        municipality_en=row.municipality_en,
        region_en=row.region_en,
        lat=row.lat,
        lon=row.lon,
        accuracy=cast(Accuracy, row.accuracy),
        population=row.population,
        status=row.status,
    )


def _center(row: models.CenterRow) -> Center:
    return Center(
        id=row.id,
        slug=row.slug,
        name_en=row.name_en,
        name_ka=row.name_ka,
        municipality_en=row.municipality_en,
        region_en=row.region_en,
        opened=row.opened,
        lat=row.lat,
        lon=row.lon,
        accuracy=_CENTER_ACCURACY.get(row.coord_quality, "none"),
        address_ka=row.address_ka,
        phone=row.phone,
        hours=row.hours,
        hours_source=row.hours_source,
        hall=Hall(row.hall_hours, row.hall_capacity, row.hall_source) if row.hall else None,
        source=row.source,
        verified_on=row.verified_on,
    )


def _service(row: models.ServiceRow) -> Service:
    return Service(
        slug=row.slug,
        provider=row.provider,
        category=row.category,
        tie=cast(Tie, row.tie),
        names=MappingProxyType(cast(dict[BaseLocale, str], row.names)),
        synonyms=MappingProxyType({cast(Locale, locale): tuple(words) for locale, words in row.synonyms.items()}),
        facts=MappingProxyType(dict(_facts(row.facts))),
        source=row.source,
        verified_on=row.verified_on,
    )


def _facts(facts: Mapping[str, Any]) -> Iterable[tuple[FactKind, Fact]]:
    for kind in FACT_KINDS:
        fact = facts.get(kind)
        if fact:
            as_of = date.fromisoformat(fact["as_of"]) if fact.get("as_of") else None
            yield kind, Fact(MappingProxyType(fact["text"]), fact["source"], as_of)
