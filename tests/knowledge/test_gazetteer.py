"""Which settlement a text names."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.gazetteer import Gazetteer, PlaceMatch
from knowledge.gazetteer_data import load_municipalities, load_places, load_regions
from knowledge.scripts import words
from knowledge.types import Place
from tests import yardstick

PLACES = load_places()
GAZETTEER = Gazetteer(PLACES, load_municipalities())


def named(match: PlaceMatch) -> tuple[str, str] | None:
    """Return the best settlement's name and municipality."""
    return (match.place.name_en, match.place.municipality_en) if match.place else None


def place(name: str, municipality: str) -> Place:
    """Return a settlement of the book."""
    return next(p for p in PLACES if (p.name_en, p.municipality_en) == (name, municipality))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ლაგოდეხში", "Lagodekhi"),
        ("ლაგოდეხიდან", "Lagodekhi"),
        ("lagodexshi", "Lagodekhi"),
        ("laRodexSi", "Lagodekhi"),
        ("в Лагодехи", "Lagodekhi"),
        ("კაჭრეთთან", "Kachreti"),
        ("კაჭრეთს", "Kachreti"),
        ("Marneulidə", "Marneuli"),
        ("Qardabanidən", "Gardabani"),
        ("Ախալքալաքում", "Akhalkalaki"),
        ("ყვარლის", "Kvareli"),
        ("გარდაბნიდან", "Gardabani"),
        ("из Цалки", "Tsalka"),
        ("CxorowyuSi", "Chkhorotsku"),
        ("ts'q'alt'uboshi", "Tskaltubo"),
        ("did liloSi", "Didi Lilo"),
        ("kvemonatanebi", "Kvemo Natanebi"),
        ("ქვემო ნატანებში", "Kvemo Natanebi"),
        ("Лагодехи-ში", "Lagodekhi"),
        ("ონში", "Oni"),
        ("ᲗᲔᲚᲐᲕᲘ", "Telavi"),
    ],
)
def test_any_script_any_spelling_with_endings(text: str, expected: str) -> None:
    match = GAZETTEER.find(text)
    assert match.place is not None
    assert match.place.name_en == expected
    assert (match.certain, match.kind) == (True, "exact")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ლაგიდეხში", "Lagodekhi"),
        ("lagodexhsi", "Lagodekhi"),
        ("Лаголехи", "Lagodekhi"),
        ("Marnuelidə", "Marneuli"),
        ("Ախալքալքում", "Akhalkalaki"),
        ("ქვემი ნატანებში", "Kvemo Natanebi"),
        ("me vcxovrob kachreetshi", "Kachreti"),
        ("dedoflisckroshi", "Dedoplistskaro"),
        ("dedofliscyrshi", "Dedoplistskaro"),
        ("Գաիլց եմ", "Gali"),  # where the name and its ending meet
        ("olaverdzk", "Olaverdi"),
        ("zugdixe", "Zugdidi"),
    ],
)
def test_one_or_two_typing_errors(text: str, expected: str) -> None:
    match = GAZETTEER.find(text)
    assert match.place is not None
    assert match.place.name_en == expected


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("სად არის უახლოესი ცენტრი კაჭრეთთან?", "კაჭრეთთან"),
        ("where is the nearest centre to Sartichala please", "Sartichala"),
        ("я живу в Ахалкалаки, как получить паспорт?", "Ахалкалаки"),
        ("Sadaxlo kəndində mərkəz var?", "Sadaxlo"),
        ("ապրում եմ Նինոծմինդայում", "Նինոծմինդայում"),
    ],
)
def test_inside_a_sentence_the_span_is_the_name(text: str, written: str) -> None:
    match = GAZETTEER.find(text)
    assert match.span is not None
    assert text[slice(*match.span)].startswith(written)
    assert match.locative or "nearest" in text


def test_words_do_as_well_as_a_text() -> None:
    assert named(GAZETTEER.find(words("ცენტრი ლაგოდეხში"))) == ("Lagodekhi", "Lagodekhi")


def test_a_name_of_many_settlements_asks_and_says_all() -> None:
    match = GAZETTEER.find("Akhalsopeli")
    assert not match.certain
    assert len(match.candidates) == 19
    assert {p.name_ka for p in match.candidates} == {"ახალსოფელი"}


@pytest.mark.parametrize(
    "text",
    [
        "ახალსოფელი ყვარელი",
        "ყვარელი, ახალსოფელი",
        "Akhalsopeli, Kvareli district",
        "Ахалсопели Кварельский район Кварели",
        "ახალსოფელი ყვარლის მუნიციპალიტეტი",
        "ყვარლის რაიონის სოფელი ახალსოფელი",
        "Axalsopeli Kvareli rayonu",
    ],
)
def test_a_municipality_beside_it_settles_the_question(text: str) -> None:
    match = GAZETTEER.find(text)
    assert named(match) == ("Akhalsopeli", "Kvareli")
    assert match.certain
    assert match.municipality == "Kvareli"


def test_a_region_narrows_too() -> None:
    match = GAZETTEER.find("ახალსოფელი კახეთი")
    assert match.places
    assert {p.region_en for p in match.places} == {"Kakheti"}


def test_the_residents_own_village_breaks_ties() -> None:
    home = place("Akhalsopeli", "Zugdidi")
    match = GAZETTEER.find("ახალსოფელში", home=home)
    assert (match.place, match.certain) == (home, True)
    assert named(GAZETTEER.find("ვანი", home=place("Vani", "Chiatura"))) == ("Vani", "Chiatura")
    assert named(GAZETTEER.find("ლაგოდეხში", home=home)) == ("Lagodekhi", "Lagodekhi")


@pytest.mark.parametrize("name", ["ვანი", "გორი", "ახალციხე", "Ninotsminda", "Gori"])
def test_the_town_of_a_municipality_wins_over_hamlets(name: str) -> None:
    match = GAZETTEER.find(name)
    assert match.place is not None
    assert match.certain
    assert match.place.name_en == match.place.municipality_en


@pytest.mark.parametrize(
    "text", ["ლაგოდეხის მუნიციპალიტეტი", "Lagodekhi district", "Лагодехи район", "Laqodexi rayonu"]
)
def test_a_municipality_alone_gives_its_town(text: str) -> None:
    match = GAZETTEER.find(text)
    assert match.municipality == "Lagodekhi"
    assert named(match) == ("Lagodekhi", "Lagodekhi")


def test_old_names_are_understood() -> None:
    assert named(GAZETTEER.find("Богдановка")) == ("Ninotsminda", "Ninotsminda")
    assert named(GAZETTEER.find("ყაზბეგში")) == ("Stepantsminda", "Kazbegi")


@pytest.mark.parametrize(
    "text",
    [
        "გამარჯობა, როგორ ხართ?",
        "რა საბუთები მჭირდება პასპორტისთვის?",
        "მინდა დავჯავშნო დარბაზი ხვალ 3 საათზე",
        "კარი ღიაა?",
        "sad aris uaxloesi centri",
        "minda davjavshno darbazi xval 3 saatze",
        "what documents do I need for a passport?",
        "book the hall tomorrow at 3pm for 20 people",
        "сколько стоит удостоверение личности",
        "они работают завтра?",
        "ən yaxın mərkəz haradadır",
        "buna görə sabah gəlirəm",
        "վաղը ժամը 3-ին ուզում եմ ամրագրել դահլիճը",
        "25.12 14:00",
        "",
        "???",
    ],
)
def test_ordinary_words_are_no_places(text: str) -> None:
    assert not GAZETTEER.find(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("კარი", "Kari"), ("სოფელი კარი", "Kari"), ("village Kari", "Kari")]
)
def test_an_ordinary_word_is_a_place_alone_or_beside_village(text: str, expected: str) -> None:
    match = GAZETTEER.find(text)
    assert match.place is not None
    assert match.place.name_en == expected


def test_a_town_that_looks_like_a_pronoun_needs_its_preposition() -> None:
    assert named(GAZETTEER.find("центр в Они открыт?")) == ("Oni", "Oni")
    assert not GAZETTEER.find("когда они открыты?")


def test_every_municipality_has_its_names_and_is_understood_in_all() -> None:
    municipalities = load_municipalities()
    assert len(municipalities) == 73
    assert {m.name_en for m in municipalities} == {p.municipality_en for p in PLACES}
    assert {m.region_en for m in municipalities} == set(load_regions())
    for municipality in municipalities:
        for locale, name in municipality.names.items():
            word = {"ka": "მუნიციპალიტეტი", "en": "district", "ru": "район", "az": "rayonu", "hy": "շրջան"}[locale]
            assert GAZETTEER.find(f"{name} {word}").municipality == municipality.name_en, name


def test_ids_are_stable_and_one_to_one() -> None:
    assert [p.id for p in PLACES] == list(range(1, len(PLACES) + 1))


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_text_raises_and_the_span_is_inside(text: str) -> None:
    match = GAZETTEER.find(text)
    if match.span:
        assert 0 <= match.span[0] < match.span[1] <= len(text)
    assert bool(match) == bool(match.places)
    assert 0 <= match.score <= 1


@given(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3), st.sampled_from([" ", ", ", "-", " და "]))
@settings(max_examples=100, deadline=None)
def test_any_mix_of_names_has_an_answer_from_the_book(chosen: list[Place], joint: str) -> None:
    match = GAZETTEER.find(joint.join(p.name_ka for p in chosen))
    assert match
    assert len(match.places) <= 20


@pytest.mark.parametrize("unit", ["ლაგოდეხში ", "abcdefghi ", "sadmisamocdacxrameti ", "x", "ა-", "ქვემო ზემო "])
def test_a_very_long_text_is_quick(unit: str) -> None:
    text = (unit * 5000)[:5000]
    assert yardstick.units(lambda: GAZETTEER.find(text)) < 200


def test_it_is_built_in_about_a_second() -> None:
    assert yardstick.units(lambda: Gazetteer(PLACES, load_municipalities()), rounds=2) < 2_000


def test_threads_share_it() -> None:
    found: list[tuple[str, str] | None] = []

    def ask() -> None:
        found.extend(named(GAZETTEER.find(text)) for text in ("ლაგოდეხში", "lagodexhsi") for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [("Lagodekhi", "Lagodekhi")] * 800
