"""What rows may refer to: served villages name a centre and a settlement that the tables must have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.interchange.cells import Value
from knowledge.interchange.kinds import SERVED, Fault, Kind
from knowledge.interchange.problems import perhaps
from knowledge.models import CenterRow, PlaceRow


@dataclass(frozen=True, slots=True)
class References:
    """The keys of the centres by slug, and of the settlements by Georgian name and municipality."""

    centers: Mapping[str, int]
    places: Mapping[tuple[str, str], int]

    def faults(self, kind: Kind, values: Mapping[str, Value]) -> Iterable[Fault]:
        """What the row refers to and the tables do not have."""
        if kind is not SERVED:
            return
        center, place = values.get("center"), values.get("place_ka")
        if center is not None and center not in self.centers:
            yield "center", _like("the slug of a centre", str(center), self.centers)
        municipality = values.get("municipality_en")
        if place and municipality and (place, municipality) not in self.places:
            names = [name for name, area in self.places if area == municipality]
            yield "place_ka", _like(f"a settlement of {municipality}", str(place), names)


def _like(expected: str, word: str, known: Iterable[str]) -> str:
    return "; ".join(filter(None, (expected, perhaps(word, known))))


def load(session: Session) -> References:
    """Reads what the tables have now."""
    centers = session.execute(select(CenterRow.slug, CenterRow.id))
    places = session.execute(select(PlaceRow.name_ka, PlaceRow.municipality_en, PlaceRow.id))
    return References(
        {row.slug: row.id for row in centers},
        {(row.name_ka, row.municipality_en): row.id for row in places},
    )
