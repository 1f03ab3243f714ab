"""Georgian names in the letters of the other languages."""

from __future__ import annotations

import pytest

from knowledge.gazetteer_data import load_places
from knowledge.romanise import romanise, transliterate
from knowledge.types import Locale

GSM_LATIN = set("abcdefghijklmnopqrstuvwxyz '-?")


def test_the_national_system_without_apostrophes() -> None:
    assert romanise("სად არის წყალტუბო?") == "sad aris tskaltubo?"
    assert romanise("ᲭᲘᲐᲗᲣᲠᲐ") == "chiatura"


def test_other_letters_are_left_alone() -> None:
    assert romanise("SMS Жизнь ლ") == "SMS Жизнь l"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("ka", "ეწერი"), ("ka-Latn", "Etseri"), ("en", "Etseri"), ("ru", "Эцери"), ("az", "Etseri"), ("hy", "Էծերի")],
)
def test_a_name_in_every_locale(locale: Locale, expected: str) -> None:
    assert transliterate("ეწერი", locale) == expected


def test_azerbaijani_dotted_capital() -> None:
    assert transliterate("ირაგა", "az") == "İraqa"


def test_each_word_of_a_name_has_a_capital() -> None:
    assert transliterate("ქვემო ნატანები", "ru") == "Квемо Натанеби"


def test_every_name_is_gsm_safe_in_latin_letters_and_agrees_with_the_book() -> None:
    places = [place for place in load_places() if "(" not in place.name_en]
    assert all(set(romanise(place.name_ka)) <= GSM_LATIN for place in places)
    same = sum(romanise(place.name_ka) == place.name_en.lower() for place in places)
    assert same / len(places) > 0.97
