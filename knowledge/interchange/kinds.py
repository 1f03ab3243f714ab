"""The kinds of data that files carry and the columns of each; reading, planning and writing go by them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from knowledge import reference
from knowledge.interchange import cells
from knowledge.interchange.cells import Cell, Value
from knowledge.scripts import Script
from knowledge.types import BASE_LOCALES, FACT_KINDS, LOCALES, BaseLocale, Locale

Fault = tuple[str, str]
"""A column whose value does not go with the rest of its row, and what is expected of it."""

PROVIDERS = (
    "psda",
    "napr",
    "archives",
    "ssa",
    "liberty",
    "magticom",
    "mekanizatori",
    "state-partner",
    "centre",
    "municipality",
    "other",
)
"""Who provides services, in the order of the catalogue."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name, what its cells hold, and whether they may be empty.

    ``blank`` is the value of an empty cell. A column may be left out of a file only where ``optional``.
    """

    name: str
    cell: Cell
    required: bool = False
    blank: Value = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its columns, those that name a row, and the rules between the columns of a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    faults: Callable[[Mapping[str, Value]], Iterable[Fault]]
    also_unique: tuple[str, ...] = ()

    def key_of(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """What names a row in this kind of file."""
        return tuple(str(values[name]) for name in self.key)


def _required(name: str, cell: Cell) -> Column:
    return Column(name, cell, required=True)


def _text(name: str, cell: Cell | None = None) -> Column:
    return Column(name, cell or cells.text(), blank="")


def _list(name: str) -> Column:
    return Column(name, cells.listed(), blank=())


def _one_of(name: str, *words: str) -> Column:
    return _required(name, cells.choice(words, "one of " + ", ".join(words)))


def _municipality(name: str = "municipality_en") -> Column:
    known = reference.municipalities()
    return _required(name, cells.choice(known, "the English name of a municipality of municipalities.csv"))


def _region() -> Column:
    known = {municipality.region_en for municipality in reference.municipalities().values()}
    return _required("region_en", cells.choice(known, "the English name of a region of municipalities.csv"))


_SOURCE = _required("source", cells.text())
_VERIFIED = Column("verified_on", cells.DAY)
_POSITION = (Column("lat", cells.LATITUDE), Column("lon", cells.LONGITUDE))


def _area_faults(values: Mapping[str, Value], accuracy: str) -> Iterable[Fault]:
    """The region is the municipality's own; a point has both its numbers, and a row says when it has none."""
    known = reference.municipalities().get(str(values.get("municipality_en")))
    if known and values.get("region_en", known.region_en) != known.region_en:
        yield "region_en", f"{known.region_en!r}, the region of {known.name_en}"
    if not {"lat", "lon", accuracy} <= values.keys():
        return
    lat, lon = values["lat"], values["lon"]
    if (lat is None) != (lon is None):
        yield ("lat" if lat is None else "lon"), "both lat and lon, or neither"
    elif (values[accuracy] == "none") != (lat is None):
        yield accuracy, "'none' where lat and lon are empty, and only there"


def _center_faults(values: Mapping[str, Value]) -> Iterable[Fault]:
    yield from _area_faults(values, "coord_quality")
    if values.get("hours") and values.get("hours_source") == "":
        yield "hours_source", "the source of the hours"
    details = [name for name in ("hall_hours", "hall_capacity") if values.get(name)]
    if values.get("hall") is False:
        yield from ((name, "nothing, as hall says no") for name in details)
    elif details and values.get("hall_source") == "":
        yield "hall_source", "the source of the hall's hours and capacity"


def _served_faults(values: Mapping[str, Value]) -> Iterable[Fault]:
    place, municipality = values.get("place_ka"), values.get("municipality_en")
    if place and municipality == "":
        yield "municipality_en", "the municipality of place_ka"
    if municipality and place == "":
        yield "municipality_en", "nothing while place_ka is empty"


def _service_faults(values: Mapping[str, Value]) -> Iterable[Fault]:
    if values.get("tie") not in (None, "none") and values.get("tie_source") == "":
        yield "tie_source", "the source of the tie, or the tie 'none'"
    for fact in FACT_KINDS:
        needed = [f"{fact}_{locale}" for locale in BASE_LOCALES] + [f"{fact}_source"]
        empty = [name for name in needed if values.get(name) == ""]
        if len(empty) < len(needed):
            yield from ((name, f"the whole of {fact}: five languages and a source, or nothing") for name in empty)
        elif values.get(f"{fact}_as_of"):
            yield f"{fact}_as_of", f"nothing while {fact} is empty"


CENTERS = Kind(
    "centers",
    (
        _required("slug", cells.slug()),
        _required("name_en", cells.lettered("latin", 80)),
        _required("name_ka", cells.lettered("georgian", 80)),
        _municipality(),
        _region(),
        Column("opened", cells.DAY),
        *_POSITION,
        _one_of("coord_quality", "village", "approx", "none"),
        _text("address_ka", cells.sentence("georgian")),
        _text("phone", cells.PHONE),
        _text("hours", cells.HOURS),
        _text("hours_source"),
        _required("hall", cells.YES_OR_NO),
        _text("hall_hours", cells.HOURS),
        Column("hall_capacity", cells.POSITIVE),
        _text("hall_source"),
        _SOURCE,
        _VERIFIED,
    ),
    ("slug",),
    _center_faults,
)

PLACES = Kind(
    "places",
    (
        Column("id", cells.POSITIVE, optional=True),
        _required("name_ka", cells.lettered("georgian", 80)),
        _required("name_en", cells.lettered("latin", 80)),
        _list("alt_names"),
        _one_of("kind", "village", "daba", "town", "city"),
        _municipality(),
        _region(),
        *_POSITION,
        _one_of("accuracy", "exact", "approx", "fuzzy", "none"),
        Column("population", cells.WHOLE),
        _one_of("status", "listed", "occupied", "unlisted"),
        Column("geonames_id", cells.POSITIVE),
        _SOURCE,
        _VERIFIED,
    ),
    ("name_ka", "municipality_en"),
    lambda values: _area_faults(values, "accuracy"),
    also_unique=("id",),
)

SERVED = Kind(
    "served",
    (
        _required("center", cells.slug()),
        _required("village", cells.text(80)),
        _text("place_ka", cells.lettered("georgian", 80)),
        _text("municipality_en", _municipality().cell),
        _SOURCE,
        _VERIFIED,
    ),
    ("center", "village"),
    _served_faults,
)

_SCRIPTS: Mapping[BaseLocale, Script] = {
    "ka": "georgian",
    "en": "latin",
    "ru": "cyrillic",
    "az": "latin",
    "hy": "armenian",
}


def synonyms_column(locale: Locale) -> str:
    """The column of a locale's synonyms; the hyphen of ka-Latn is no good in a column's name."""
    return "synonyms_" + locale.lower().replace("-", "_")


def _service_name(locale: BaseLocale, script: Script) -> Column:
    return _required(f"name_{locale}", cells.sentence(script, 200, abbreviations=0))


def _fact_columns(fact: str) -> tuple[Column, ...]:
    return (
        *(_text(f"{fact}_{locale}", cells.sentence(script)) for locale, script in _SCRIPTS.items()),
        _text(f"{fact}_source"),
        Column(f"{fact}_as_of", cells.DAY),
    )


SERVICES = Kind(
    "services",
    (
        _required("slug", cells.slug()),
        _one_of("provider", *PROVIDERS),
        _required("category", cells.slug(40)),
        _one_of("tie", "stated", "provider", "none"),
        _text("tie_source"),
        _VERIFIED,
        *(_service_name(locale, script) for locale, script in _SCRIPTS.items()),
        *(_list(synonyms_column(locale)) for locale in LOCALES),
        *(column for fact in FACT_KINDS for column in _fact_columns(fact)),
    ),
    ("slug",),
    _service_faults,
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (CENTERS, PLACES, SERVED, SERVICES)}
"""Every kind by the name that the commands know."""
