"""Settlements and centres are named as each language writes them."""

from __future__ import annotations

import pytest

from bot import names
from knowledge.snapshot import Snapshot
from knowledge.types import LOCALES, Center, Locale, Place
from sms_gateway.segments import encoding_of


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("ka", "ახალსოფელი (ყვარელი)"),
        ("ka-Latn", "Akhalsopeli (Kvareli)"),
        ("en", "Akhalsopeli (Kvareli)"),
        ("ru", "Ахалсопели (Кварели)"),
        ("hy", "Ախալսոփելի (Ղվարելի)"),
    ],
)
def test_a_settlement_is_named_with_its_municipality(
    locale: Locale, written: str, somewhere: dict[str, Place], snapshot: Snapshot
) -> None:
    place = somewhere["Akhalsopeli, Kvareli"]
    assert names.place(locale, place, snapshot) == written
    assert names.bare_place(locale, place, snapshot) == written.split(" (")[0]


@pytest.mark.parametrize("locale", LOCALES)
def test_the_seat_of_a_municipality_is_not_named_twice(
    locale: Locale, somewhere: dict[str, Place], snapshot: Snapshot
) -> None:
    town = somewhere["Lagodekhi, Lagodekhi"]
    assert "(" not in names.place(locale, town, snapshot)
    assert names.place(locale, town, snapshot) == names.municipality(locale, "Lagodekhi", snapshot)


def test_a_town_has_its_established_name(somewhere: dict[str, Place], snapshot: Snapshot) -> None:
    assert names.bare_place("hy", somewhere["Akhalkalaki, Akhalkalaki"], snapshot) == "Ախալքալաք"


def test_a_municipality_that_the_list_lacks_keeps_its_english_name(snapshot: Snapshot) -> None:
    assert names.municipality("ru", "Nowhere", snapshot) == "Nowhere"


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_has_a_name_in_every_language(locale: Locale, snapshot: Snapshot) -> None:
    places = [names.place(locale, place, snapshot) for place in snapshot.places.values()]
    centers = [names.center(locale, center, snapshot) for center in snapshot.centers.values()]
    assert all(name.strip() for name in places + centers)


def test_latin_georgian_names_are_in_gsm_7(snapshot: Snapshot) -> None:
    for place in snapshot.places.values():
        assert encoding_of(names.place("ka-Latn", place, snapshot)) == "GSM-7"


def test_a_centre_is_named_like_its_settlement(kabali: Center, snapshot: Snapshot) -> None:
    assert names.center("en", kabali, snapshot) == "Kabali (Lagodekhi)"
    assert names.bare_center("ka", kabali, snapshot) == "კაბალი"
