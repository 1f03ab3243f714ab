"""Reading the committed tables of settlements, municipalities and regions."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import cast

from knowledge.types import BASE_LOCALES, Accuracy, BaseLocale, Municipality, Place

DATA = Path(__file__).parent / "data"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def place_from_row(row: dict[str, str]) -> Place:
    """Return the settlement that a row of ``places.csv`` describes."""
    return Place(
        id=int(row["id"]),
        name_ka=row["name_ka"],
        name_en=row["name_en"],
        alt_names=tuple(name for name in row["alt_names"].split("|") if name),
        kind=row["kind"],
        municipality_en=row["municipality_en"],
        region_en=row["region_en"],
        lat=float(row["lat"]) if row["lat"] else None,
        lon=float(row["lon"]) if row["lon"] else None,
        accuracy=cast(Accuracy, row["accuracy"] or "none"),
        population=int(row["population"]) if row["population"] else None,
        status=row["status"],
    )


def load_places(path: Path = DATA / "places.csv") -> list[Place]:
    """Return the committed settlements, in the order of the file."""
    return [place_from_row(row) for row in _rows(path)]


def load_municipalities(path: Path = DATA / "municipalities.csv") -> list[Municipality]:
    """Return the committed municipalities."""
    return [
        Municipality(row["name_en"], row["region_en"], {code: row[f"name_{code}"] for code in BASE_LOCALES})
        for row in _rows(path)
    ]


def load_regions(path: Path = DATA / "regions.csv") -> dict[str, dict[BaseLocale, str]]:
    """Return the names of each region by its English name."""
    return {row["name_en"]: {code: row[f"name_{code}"] for code in BASE_LOCALES} for row in _rows(path)}
