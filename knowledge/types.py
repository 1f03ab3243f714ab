"""The values that the knowledge base hands out: places, centres, services.

All are frozen: a snapshot of them is shared by every thread and swapped whole when the data changes.
Distances are metres, coordinates WGS84 degrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Locale = Literal["ka", "ka-Latn", "en", "ru", "az", "hy"]
"""A written form that a resident reads; ``ka-Latn`` is Georgian in Latin letters, for GSM-7."""

BaseLocale = Literal["ka", "en", "ru", "az", "hy"]
"""The five languages in which every sentence exists; ``ka-Latn`` is romanised from ``ka``."""

BASE_LOCALES: tuple[BaseLocale, ...] = ("ka", "en", "ru", "az", "hy")
LOCALES: tuple[Locale, ...] = ("ka", "ka-Latn", "en", "ru", "az", "hy")

Accuracy = Literal["exact", "approx", "fuzzy", "none"]


@dataclass(frozen=True, slots=True)
class Place:
    """One settlement. ``lat`` and ``lon`` are None where no source has them (accuracy ``none``)."""

    id: int
    name_ka: str
    name_en: str
    alt_names: tuple[str, ...]
    kind: str  # village, daba, town, city
    municipality_en: str
    region_en: str
    lat: float | None
    lon: float | None
    accuracy: Accuracy
    population: int | None
    status: str  # listed, occupied, unlisted


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality's name in every language; ``name_en`` is the key that places refer to."""

    name_en: str
    region_en: str
    names: Mapping[BaseLocale, str]


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence with its source; ``as_of`` is the day the source speaks of, None where undated."""

    text: Mapping[BaseLocale, str]
    source: str
    as_of: date | None


FactKind = Literal["who", "bring", "fee", "time", "note"]

FACT_KINDS: tuple[FactKind, ...] = ("bring", "fee", "time", "who", "note")
"""The kinds of facts about a service, in the order in which a clerk tells them."""

Tie = Literal["stated", "provider", "none"]
"""``stated``: a source says that the centres do this; ``provider``: only that the provider is there; ``none``."""


@dataclass(frozen=True, slots=True)
class Hall:
    """A centre's conference hall; ``hours`` in OpenStreetMap syntax, ``capacity`` in persons."""

    hours: str
    capacity: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Center:
    """A community centre. Where ``verified_on`` is None nobody has checked it: the resident is told to call."""

    id: int
    slug: str
    name_en: str
    name_ka: str
    municipality_en: str
    region_en: str
    opened: date | None
    lat: float | None
    lon: float | None
    accuracy: Accuracy
    address_ka: str
    phone: str
    hours: str
    hours_source: str
    hall: Hall | None
    source: str
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the catalogue with what is known of it; an unknown fact is absent."""

    slug: str
    provider: str
    category: str
    tie: Tie
    names: Mapping[BaseLocale, str]
    synonyms: Mapping[Locale, tuple[str, ...]]
    facts: Mapping[FactKind, Fact]
    source: str
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class Hotline:
    """A telephone number that an official source states; ``display`` is how people know it."""

    slug: str
    number: str
    display: str
    name: Mapping[BaseLocale, str]
    source: str
    as_of: date | None
