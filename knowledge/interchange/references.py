"""What rows may refer to: served villages name a centre and a settlement that the tables must have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.interchange.cells import Value
from knowledge.interchange.kinds import SERVED, Fault, Kind
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
            yield "center", "the slug of a centre" + _nearest(str(center), self.centers)
        municipality = values.get("municipality_en")
        if place and municipality and (place, municipality) not in self.places:
            names = [name for name, area in self.places if area == municipality]
            yield "place_ka", f"a settlement of {municipality}" + _nearest(str(place), names)


def _nearest(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1)
    return f"; perhaps {near[0]!r}" if near else ""


def load(session: Session) -> References:
    """Reads what the tables have now."""
    centers = session.execute(select(CenterRow.slug, CenterRow.id)).tuples()
    places = session.execute(select(PlaceRow.name_ka, PlaceRow.municipality_en, PlaceRow.id)).tuples()
    return References(dict(centers.all()), {(name, area): key for name, area, key in places})
