"""Small good files to start from, as dictionaries of text by column."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from knowledge import interchange
from knowledge.interchange.kinds import KINDS

Line = Mapping[str, str]

PLACE = {
    "id": "",
    "name_ka": "გომი",
    "name_en": "Gomi",
    "alt_names": "Гоми|Gomy",
    "kind": "village",
    "municipality_en": "Khashuri",
    "region_en": "Shida Kartli",
    "lat": "42.02",
    "lon": "43.72",
    "accuracy": "exact",
    "population": "1164",
    "status": "listed",
    "geonames_id": "614000",
    "source": "Geostat 2022",
    "verified_on": "",
}

CENTER = {
    "slug": "gomi",
    "name_en": "Gomi",
    "name_ka": "გომი",
    "municipality_en": "Khashuri",
    "region_en": "Shida Kartli",
    "opened": "2012-09-27",
    "lat": "42.02029",
    "lon": "43.72487",
    "coord_quality": "village",
    "address_ka": "",
    "phone": "",
    "hours": "Mo-Fr 09:00-18:00; PH off",
    "hours_source": "https://example.org/hours",
    "hall": "yes",
    "hall_hours": "",
    "hall_capacity": "",
    "hall_source": "",
    "source": "https://example.org/gomi",
    "verified_on": "",
}

SERVED = {
    "center": "gomi",
    "village": "გომი",
    "place_ka": "გომი",
    "municipality_en": "Khashuri",
    "source": "https://example.org/served",
    "verified_on": "",
}

SERVICE = {
    **{column.name: "" for column in KINDS["services"].columns},
    "slug": "id-card",
    "provider": "psda",
    "category": "identity",
    "tie": "stated",
    "tie_source": "https://example.org/tie",
    "name_ka": "პირადობის მოწმობა",
    "name_en": "ID card",
    "name_ru": "Удостоверение личности",
    "name_az": "Şəxsiyyət vəsiqəsi",
    "name_hy": "ID քարտ",
    "synonyms_ka": "პირადობა|აიდი",
    "synonyms_ka_latn": "ID barati",
    "fee_ka": "45 ₾.",
    "fee_en": "GEL 45.",
    "fee_ru": "GEL 45.",
    "fee_az": "GEL 45.",
    "fee_hy": "GEL 45։",
    "fee_source": "https://example.org/fee",
    "fee_as_of": "2022-05-01",
}

GOOD: Mapping[str, Line] = {"places": PLACE, "centers": CENTER, "served": SERVED, "services": SERVICE}


def write_csv(path: Path, lines: Iterable[Line], separator: str = ",") -> Path:
    """Writes lines that all have the columns of the first."""
    rows = list(lines)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    return path


def load(session: Session, kind: str, lines: Iterable[Line], folder: Path) -> interchange.Changes:
    """Imports lines as a whole file of that kind."""
    rows = interchange.read(kind, write_csv(folder / f"load-{kind}.csv", lines), session=session)
    changes = interchange.plan(session, kind, rows, allow_removals=True)
    interchange.apply(session, changes)
    return changes


def problems_of(kind: str, path: Path, session: Session | None = None) -> list[tuple[int | None, str, str, str]]:
    """What reading the file complains of; empty where it is good."""
    try:
        interchange.read(kind, path, session=session)
    except interchange.BadFile as error:
        return [(fault.row, fault.column, fault.value, fault.expected) for fault in error.problems]
    return []
