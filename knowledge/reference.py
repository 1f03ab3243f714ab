"""Small reference files that change with the program and not with the facts: municipalities, the hotline."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import yaml

from knowledge.types import BASE_LOCALES, Hotline, Municipality

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def municipalities() -> Mapping[str, Municipality]:
    """Every municipality by its English name."""
    with (DATA / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType(
            {
                row["name_en"]: Municipality(
                    row["name_en"],
                    row["region_en"],
                    MappingProxyType({locale: row[f"name_{locale}"] for locale in BASE_LOCALES}),
                )
                for row in csv.DictReader(file)
            }
        )


@lru_cache(maxsize=1)
def hotline() -> Hotline:
    """The telephone number that residents are sent to when nobody has checked a fact."""
    (entry,) = yaml.safe_load((DATA / "hotlines.yaml").read_text(encoding="utf-8"))
    as_of = entry["as_of"]
    return Hotline(
        slug=entry["slug"],
        number=entry["number"],
        display=entry["display"],
        name=MappingProxyType(entry["name"]),
        source=entry["source"],
        as_of=as_of if isinstance(as_of, date) else None,
    )
