"""A map of the centres whose people are reached, drawn from coordinates: no tiles, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians

from desk.announcements.audience import Audience
from desk.announcements.resolving import reach_of
from knowledge.nearest import EARTH_RADIUS, outline
from knowledge.snapshot import Snapshot
from knowledge.types import Center

WIDTH = 640.0
"""Units of the drawing from the westernmost to the easternmost point."""

MARGIN = 8.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A centre on the map; ``reached`` ones are drawn big and full."""

    x: float
    y: float
    center_id: int
    reached: bool


@dataclass(frozen=True, slots=True)
class Circle:
    """What lies within so many kilometres of a centre."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map: ``border`` are the points of an SVG polygon."""

    width: int
    height: int
    border: str
    dots: Sequence[Dot]
    circles: Sequence[Circle]


def reached(audience: Audience, snapshot: Snapshot) -> list[Center]:
    """The centres to which the settlements of the audience belong, by name; all where it names no place."""
    reach = reach_of(audience, snapshot)
    kinds = [
        set(ids)
        for named, ids in (
            (audience.centers, reach.centers),
            (audience.municipalities, reach.municipalities),
            (audience.around, reach.around),
        )
        if named
    ]
    if not kinds:
        return _sorted(snapshot.centers.values())
    ids = {snapshot.own_centers.get(place) for place in set.intersection(*kinds)}
    return _sorted(center for center in snapshot.centers.values() if center.id in ids)


def draw(audience: Audience, centers: Iterable[Center], snapshot: Snapshot) -> Drawing:
    """All centres, these being reached, and the circles of the audience."""
    ids, frame = {center.id for center in centers}, _frame()
    dots = [
        Dot(*_point(center.lat, center.lon), center.id, center.id in ids)
        for center in snapshot.centers.values()
        if center.lat is not None and center.lon is not None
    ]
    dots.sort(key=lambda dot: dot.reached)  # those that are reached are drawn last, on top
    border = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_point(lat, lon) for lon, lat in outline()))
    width, height = round(WIDTH + 2 * MARGIN), round(frame.height + 2 * MARGIN)
    return Drawing(width, height, border, dots, list(_circles(audience, snapshot)))


def _circles(audience: Audience, snapshot: Snapshot) -> Iterator[Circle]:
    unit = _frame().degree / (EARTH_RADIUS * radians(1))  # of the drawing, for a metre
    for one in audience.around:
        center = snapshot.centers_by_slug.get(one.center)
        if center is not None and center.lat is not None and center.lon is not None:
            yield Circle(*_point(center.lat, center.lon), round(one.km * 1000 * unit, 1))


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the drawing lies: its western and northern edge, units to a degree north, height in units."""

    west: float
    north: float
    shrink: float  # by how much a degree east is shorter here than one north
    degree: float
    height: float


@cache
def _frame() -> _Frame:
    lons, lats = zip(*outline(), strict=True)
    shrink = cos(radians((min(lats) + max(lats)) / 2))
    degree = WIDTH / ((max(lons) - min(lons)) * shrink)
    return _Frame(min(lons), max(lats), shrink, degree, (max(lats) - min(lats)) * degree)


def _point(lat: float, lon: float) -> tuple[float, float]:
    frame = _frame()
    x = MARGIN + (lon - frame.west) * frame.shrink * frame.degree
    y = MARGIN + (frame.north - lat) * frame.degree
    return round(x, 1), round(y, 1)


def _sorted(centers: Iterable[Center]) -> list[Center]:
    return sorted(centers, key=lambda center: center.name_en)
