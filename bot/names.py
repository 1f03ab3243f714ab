"""Names of settlements and centres as each language writes them."""

from __future__ import annotations

from bot.wording import base
from knowledge.romanise import romanise, transliterate
from knowledge.snapshot import Snapshot
from knowledge.types import Center, Locale, Place


def municipality(locale: Locale, name_en: str, snapshot: Snapshot) -> str:
    """A municipality's name without the word; the English one where the list lacks it."""
    known = snapshot.municipalities.get(name_en)
    if known is None:
        return name_en
    name = known.names[base(locale)]
    return romanise(name).capitalize() if locale == "ka-Latn" else name


def settlement(locale: Locale, name_ka: str, name_en: str, municipality_en: str, snapshot: Snapshot) -> str:
    """A settlement's name; a municipality's seat has its established name, others are transliterated."""
    if name_en == municipality_en:
        return municipality(locale, municipality_en, snapshot)
    if locale == "en":
        return name_en
    return transliterate(name_ka, locale)


def _with_municipality(locale: Locale, name: str, name_en: str, municipality_en: str, snapshot: Snapshot) -> str:
    if name_en == municipality_en:
        return name
    return f"{name} ({municipality(locale, municipality_en, snapshot)})"


def place(locale: Locale, place: Place, snapshot: Snapshot) -> str:
    """A settlement with its municipality: "Akhalsopeli (Kvareli)"."""
    name = settlement(locale, place.name_ka, place.name_en, place.municipality_en, snapshot)
    return _with_municipality(locale, name, place.name_en, place.municipality_en, snapshot)


def bare_place(locale: Locale, place: Place, snapshot: Snapshot) -> str:
    """A settlement without its municipality."""
    return settlement(locale, place.name_ka, place.name_en, place.municipality_en, snapshot)


def center(locale: Locale, center: Center, snapshot: Snapshot) -> str:
    """A centre with its municipality: "Kabali (Lagodekhi)"."""
    name = settlement(locale, center.name_ka, center.name_en, center.municipality_en, snapshot)
    return _with_municipality(locale, name, center.name_en, center.municipality_en, snapshot)


def bare_center(locale: Locale, center: Center, snapshot: Snapshot) -> str:
    """A centre without its municipality, for small screens."""
    return settlement(locale, center.name_ka, center.name_en, center.municipality_en, snapshot)
