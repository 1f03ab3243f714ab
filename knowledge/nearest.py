"""Distances over the ground, the nearest of several points, and whether a point lies in Georgia."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from itertools import pairwise
from math import asin, cos, hypot, radians, sin, sqrt
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from knowledge.types import Accuracy

EARTH_RADIUS = 6_371_008.8
"""Mean radius in metres: a great circle on it differs from the ellipsoid by 0.26 % at most here."""

BORDER_MARGIN = 3_000.0
"""Metres beyond the simplified outline that still count as Georgia."""

_OUTLINE = Path(__file__).parent / "data" / "georgia_outline.geojson"


class Located(Protocol):
    """Anything with coordinates and a word on how good they are; `knowledge.types.Place` is one."""

    @property
    def lat(self) -> float | None:
        """Degrees north, None where unknown."""

    @property
    def lon(self) -> float | None:
        """Degrees east, None where unknown."""

    @property
    def accuracy(self) -> Accuracy:
        """How the coordinates were found."""


P = TypeVar("P", bound=Located)


@dataclass(frozen=True, slots=True)
class Near(Generic[P]):
    """A point and how far it is; ``about`` when its coordinates are not exact, so the reply says so."""

    point: P
    metres: float
    about: bool


def haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the metres between two points along the great circle."""
    south, north = radians(lat1), radians(lat2)
    arc = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(min(1.0, arc)))


def is_approximate(accuracy: Accuracy) -> bool:
    """Return whether a distance to or from such coordinates must be called "about"."""
    return accuracy != "exact"


def nearest(lat: float, lon: float, points: Iterable[P], n: int = 3, *, about: bool = False) -> list[Near[P]]:
    """Return the ``n`` points nearest to a place, the nearest first; points without coordinates are left out.

    ``about`` says that the starting point itself is approximate.
    """
    measured = (
        Near(point, haversine(lat, lon, point.lat, point.lon), about or is_approximate(point.accuracy))
        for point in points
        if point.lat is not None and point.lon is not None
    )
    return nsmallest(n, measured, key=lambda near: near.metres)


def in_georgia(lat: float, lon: float) -> bool:
    """Return whether a point lies in Georgia (Abkhazia and the Tskhinvali region included) or just outside."""
    ring = outline()
    inside = False
    for (lon1, lat1), (lon2, lat2) in pairwise(ring):
        if (lat1 > lat) != (lat2 > lat) and lon < (lon2 - lon1) * (lat - lat1) / (lat2 - lat1) + lon1:
            inside = not inside
    if inside:
        return True
    return any(_metres_to_edge(lat, lon, start, end) <= BORDER_MARGIN for start, end in pairwise(ring))


@cache
def outline() -> tuple[tuple[float, float], ...]:
    """Return Georgia's outline as (longitude, latitude) corners, the first repeated at the end."""
    shape = json.loads(_OUTLINE.read_text(encoding="utf-8"))
    return tuple((lon, lat) for lon, lat in shape["geometry"]["coordinates"][0])


def _metres_to_edge(lat: float, lon: float, start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the distance to one edge, on a plane touching the Earth at the point."""
    degree = EARTH_RADIUS * radians(1)
    across = degree * cos(radians(lat))
    x1, y1 = (start[0] - lon) * across, (start[1] - lat) * degree
    x2, y2 = (end[0] - lon) * across, (end[1] - lat) * degree
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(x1 * (x2 - x1) + y1 * (y2 - y1)) / length))
    return hypot(x1 + along * (x2 - x1), y1 + along * (y2 - y1))
