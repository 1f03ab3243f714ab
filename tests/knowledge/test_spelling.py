"""One key for a word in any script and any habit; endings come off."""

from __future__ import annotations

from itertools import count, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.spelling import key, keys, latin, stems, syncopated
from tests import yardstick


@pytest.mark.parametrize(
    "spellings",
    [
        ["ლაგოდეხი", "lagodekhi", "Lagodexi", "LAGODEKHI", "Лагодехи", "Լագոդեխի", "lagodehi", "laghodekhi"],
        ["ყვარელი", "kvareli", "qvareli", "yvareli", "q'vareli", "Кварели"],
        ["წყალტუბო", "tskaltubo", "wyaltubo", "cqaltubo", "ts'q'alt'ubo"],
        ["ჩხოროწყუ", "chkhorotsku", "Chxorocqu", "chxorowyu"],
        ["ლაღიძე", "laghidze", "laRiZe", "lagize"],
        ["მესტია", "mestia", "mestiya", "Местия", "Местиа"],
        ["შუახევი", "shuakhevi", "Şuaxevi", "Шуахеви", "Շուախևի"],
        ["პასპორტი", "pasporti", "p'asp'ort'i", "PASPORTI"],
    ],
)
def test_every_habit_gives_one_key(spellings: list[str]) -> None:
    assert len({key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Silda", "შილდა"),
        ("WiaTura", "ჭიათურა"),
        ("Qardabani", "გარდაბანი"),
        ("Cava", "ჯავა"),
        ("Ղվարելի", "ყვარელი"),
    ],
)
def test_an_ambiguous_letter_gives_a_further_key(written: str, meant: str) -> None:
    assert key(meant) in keys(written)
    assert keys(written)[0] == key(written)


@pytest.mark.parametrize(
    "pair",
    [
        ("სახლი", "სახელი"),
        ("პასპორტი", "პასუხი"),
        ("ბინა", "ბანი"),
        ("ქალი", "ცოლი"),
        ("час", "часть"),
        ("hall", "hill"),
    ],
)
def test_different_words_keep_different_keys(pair: tuple[str, str]) -> None:
    assert key(pair[0]) != key(pair[1])


@pytest.mark.parametrize(
    ("inflected", "base"),
    [
        ("ლაგოდეხში", "lagodex"),
        ("ლაგოდეხიდან", "lagodex"),
        ("ლაგოდეხშიც", "lagodex"),
        ("კაჭრეთთან", "kačret"),
        ("კაჭრეთს", "kačret"),
        ("ზუგდიდზე", "zugdid"),
        ("lagodexshi", "lagodex"),
        ("laRodexSi", "lagodex"),
        ("Marneulidə", "marneul"),
        ("Marneulidən", "marneul"),
        ("Ախալքալաքում", "axalkalak"),
        ("Ախալքալաքից", "axalkalak"),
        ("Цалке", "calk"),
        ("Lagodekh's", "lagodex"),
    ],
)
def test_endings_come_off_in_every_language(inflected: str, base: str) -> None:
    assert base in stems(inflected)


def test_a_stem_loses_its_last_vowel_before_a_genitive() -> None:
    assert syncopated(key("ყვარელ")) == key("ყვარლ")
    assert syncopated(key("გარდაბან")) == key("გარდაბნ")
    assert syncopated("kačret") is None


def test_digits_are_kept_and_signs_dropped() -> None:
    assert key("აიდი-2024!") == "aidi2024"


def test_latin_keeps_what_the_key_folds() -> None:
    assert latin("ღვინო") == "ghvino"
    assert key("ღვინო") == key("gvino")


@given(st.text(max_size=60))
def test_a_key_of_a_key_is_itself(text: str) -> None:
    once = key(text)
    assert key(once) == once


def test_a_new_word_takes_microseconds() -> None:
    numbers = count()

    def three_thousand() -> None:
        for number in islice(numbers, 3_000):
            key(f"ლაგოდეხისთვის{number}")

    assert yardstick.units(three_thousand) < 300
