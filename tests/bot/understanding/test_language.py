"""The language of a text: by its letters, and among Latin letters by its words."""

from __future__ import annotations

import pytest

from app.bootstrap import Neighbour
from bot.understanding import language
from bot.understanding.linear import LinearModel, Sample, train
from knowledge.scripts import words
from knowledge.snapshot import Snapshot
from knowledge.types import Locale

TAUGHT: list[tuple[str, Locale]] = [
    ("sad aris centri", "ka-Latn"),
    ("ra sabutebi mchirdeba", "ka-Latn"),
    ("rodis aris gia centri", "ka-Latn"),
    ("where is the centre", "en"),
    ("what do i need for the passport", "en"),
    ("when is the centre open", "en"),
    ("merkez haradadir", "az"),
    ("hansi senedler lazimdir", "az"),
    ("merkez ne vaxt acilir", "az"),
]


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return train([Sample(language.features(words(text)), locale) for text, locale in TAUGHT] * 3)


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("სად არის ცენტრი", "ka"),
        ("ᲡᲐᲓ ᲐᲠᲘᲡ", "ka"),
        ("где центр", "ru"),
        ("որտեղ է կենտրոնը", "hy"),
        ("мәркәз һарададыр", "az"),
        ("mərkəz", "az"),
        ("where is it", "en"),
        ("sad aris", "ka-Latn"),
        ("merkez haradadir", "az"),
    ],
)
def test_letters_decide_and_then_words(text: str, locale: Locale, model: LinearModel) -> None:
    assert language.detect(words(text), model) == locale


@pytest.mark.parametrize("known", ["ka", "ru", "hy", "en", "az"])
def test_a_text_that_tells_nothing_is_in_the_language_known_before(known: Locale, model: LinearModel) -> None:
    assert language.detect(words("2"), model, known=known) == known
    assert language.detect(words(""), model, known=known) == known


def test_without_anything_known_georgian_is_taken(model: LinearModel) -> None:
    assert language.detect(words("2 !"), model) == "ka"


def test_a_name_in_latin_letters_tells_no_language(model: LinearModel) -> None:
    assert language.detect(words("Kachreti"), model, names=[0]) == "ka-Latn"
    assert language.detect(words("Kachreti"), model, names=[0], known="en") == "en"
    assert language.detect(words("Kachreti"), model, names=[0], known="ka") == "ka-Latn"


def test_a_name_does_not_outweigh_the_words_around_it(model: LinearModel) -> None:
    assert language.detect(words("где კაჭრეთი"), model, names=[1]) == "ru"


def test_another_script_beats_the_language_known_before(model: LinearModel) -> None:
    assert language.detect(words("где центр"), model, known="ka") == "ru"


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Hello, where can I get a birth certificate?", "en"),
        ("gamarjoba, dabadebis mowmoba sad aviRo", "ka-Latn"),
        ("salam, dogum haqqinda sehadetname harda alim", "az"),
        ("Здравствуйте, где получить паспорт", "ru"),
        ("Բարև, որտեղ կարող եմ անձնագիր ստանալ", "hy"),
        ("გამარჯობა, passport სად ავიღო", "ka"),
    ],
)
def test_the_shipped_model_knows_the_five_languages(
    text: str, locale: Locale, neighbour: Neighbour, snapshot: Snapshot
) -> None:
    assert neighbour.reader.read(text, snapshot).language == locale
