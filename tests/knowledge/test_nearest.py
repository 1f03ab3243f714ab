"""Distances over the ground, and whether a point lies in Georgia."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.gazetteer_data import load_places
from knowledge.nearest import haversine, in_georgia, nearest
from knowledge.types import Accuracy

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


@dataclass(frozen=True)
class Spot:
    """A point with a name."""

    name: str
    lat: float | None
    lon: float | None
    accuracy: Accuracy = "exact"


def test_a_known_distance() -> None:
    assert haversine(41.7151, 44.8271, 41.6168, 41.6367) == pytest.approx(265_100, rel=0.01)


@given(latitudes, longitudes, latitudes, longitudes)
def test_a_distance_is_the_same_both_ways_and_at_most_half_the_earth(
    lat1: float, lon1: float, lat2: float, lon2: float
) -> None:
    there = haversine(lat1, lon1, lat2, lon2)
    assert 0 <= there <= math.pi * 6_371_009
    assert there == pytest.approx(haversine(lat2, lon2, lat1, lon1), abs=1e-3)


def test_the_nearest_come_first_and_points_without_coordinates_never() -> None:
    spots = [
        Spot("far", 42.5, 43.0),
        Spot("lost", None, None, "none"),
        Spot("near", 41.8, 46.2),
        Spot("mid", 41.9, 45.5),
    ]
    found = nearest(41.82, 46.27, spots, 2)
    assert [near.point.name for near in found] == ["near", "mid"]
    assert found[0].metres < found[1].metres


def test_approximate_coordinates_say_about() -> None:
    spots = [Spot("exact", 41.8, 46.2), Spot("approx", 41.81, 46.2, "approx"), Spot("fuzzy", 41.82, 46.2, "fuzzy")]
    assert {near.point.name: near.about for near in nearest(41.8, 46.2, spots)} == {
        "exact": False,
        "approx": True,
        "fuzzy": True,
    }
    assert all(near.about for near in nearest(41.8, 46.2, spots, about=True))


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [("Tbilisi", 41.7, 44.8), ("Sokhumi", 43.0, 41.0), ("Tskhinvali", 42.23, 43.97), ("Lagodekhi", 41.83, 46.28)],
)
def test_georgia_is_whole(name: str, lat: float, lon: float) -> None:
    assert in_georgia(lat, lon), name


@pytest.mark.parametrize(
    ("name", "lat", "lon"),
    [
        ("Yerevan", 40.18, 44.51),
        ("Sochi", 43.6, 39.73),
        ("Baku", 40.4, 49.87),
        ("Hopa", 41.39, 41.42),
        ("Null Island", 0, 0),
    ],
)
def test_the_neighbours_are_outside(name: str, lat: float, lon: float) -> None:
    assert not in_georgia(lat, lon), name


def test_every_settlement_lies_in_georgia_or_within_a_few_kilometres() -> None:
    outside = [
        p.name_en
        for p in load_places()
        if p.lat is not None and p.lon is not None and not in_georgia(p.lat, p.lon)
    ]
    assert set(outside) <= {"Bichvinta", "Inkiti", "Rapitsa"}


@given(latitudes, longitudes)
def test_any_point_has_an_answer(lat: float, lon: float) -> None:
    assert in_georgia(lat, lon) in (True, False)
