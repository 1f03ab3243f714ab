"""Where the nearest centre is, and how to reach it."""

from __future__ import annotations

import pytest

from bot import names, wording
from bot.answers import centers
from console.conversing import Exchange, Talk
from knowledge.snapshot import Snapshot
from knowledge.types import LOCALES, Locale, Place

LANGUAGES: tuple[Locale, ...] = tuple(locale for locale in LOCALES if locale != "ka-Latn")


def about(talk: Talk, place: Place, locale: Locale = "en") -> Exchange:
    talk.say("telegram", "resident", choice=f"lang:{locale}")
    return talk.say("telegram", "resident", choice=f"place:{place.id}")


def shown(exchange: Exchange) -> str:
    return "\n".join(exchange.shown)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_three_centres_are_named_with_their_distance_and_the_hotline(
    locale: Locale, talk: Talk, somewhere: dict[str, Place], snapshot: Snapshot
) -> None:
    exchange = about(talk, somewhere["Lagodekhi, Lagodekhi"], locale)
    for slug, km in (("kabali", 12), ("tsnori", 34), ("nukriani", 40)):
        name = names.center(locale, snapshot.centers_by_slug[slug], snapshot)
        assert any(name in line and str(km) in line for line in shown(exchange).splitlines())
    assert snapshot.hotline.display in shown(exchange)


def test_a_distance_is_called_about_and_in_a_straight_line(talk: Talk, snapshot: Snapshot) -> None:
    approximate = next(
        place
        for place in snapshot.places.values()
        if place.accuracy in {"approx", "fuzzy"} and place.status == "listed" and place.id not in snapshot.served
    )
    lines = [line for line in shown(about(talk, approximate)).splitlines() if " km" in line]
    assert len(lines) == 3
    assert all("about" in line and "in a straight line" in line for line in lines)


def test_an_approximate_distance_says_about_on_a_small_screen_too(talk: Talk, snapshot: Snapshot) -> None:
    exchange = talk.say("sms", "resident", "Where is the nearest centre to Lagodekhi?")
    assert "~12 km in a straight line" in exchange.shown[0]


def test_a_centre_in_the_village_comes_first_and_is_said_to_be_there(
    talk: Talk, somewhere: dict[str, Place]
) -> None:
    first = shown(about(talk, somewhere["Kachreti, Gurjaani"])).splitlines()[2]
    assert first == "1. Kachreti (Gurjaani) - right there"


def test_the_centre_that_serves_the_village_comes_before_a_nearer_one(
    talk: Talk, somewhere: dict[str, Place], snapshot: Snapshot
) -> None:
    place = somewhere["Khertvisi, Aspindza"]
    assert place.lat is not None
    assert place.lon is not None
    assert snapshot.nearest_centers(place.lat, place.lon)[0].point.name_en == "Kumurdo"
    lines = shown(about(talk, place)).splitlines()
    assert lines[2].startswith("1. Aspindza - it serves your village, about")
    assert lines[3].startswith("2. Kumurdo")


def test_every_served_village_gets_its_own_centre_first(talk: Talk, snapshot: Snapshot) -> None:
    for place_id, center_id in snapshot.served.items():
        place = snapshot.places[place_id]
        here = snapshot.center_at(place)
        exchange = about(talk, place)
        assert exchange.understanding.center_id == (here.id if here else center_id), place.name_en


def test_a_served_village_without_coordinates_still_gets_its_centre(
    talk: Talk, somewhere: dict[str, Place]
) -> None:
    exchange = about(talk, somewhere["Gezruli, Chiatura"])
    assert "1. Chiatura - it serves your village" in exchange.shown[0].splitlines()
    assert " km" not in shown(exchange)
    assert not exchange.reply.pins or exchange.reply.pins[0].title


def test_a_place_without_coordinates_gets_the_centres_of_its_municipality(
    talk: Talk, somewhere: dict[str, Place]
) -> None:
    exchange = about(talk, somewhere["Shua Amaghleba, Chokhatauri"])
    assert "I do not have its exact position" in exchange.shown[0]
    assert "1. Khidistavi (Chokhatauri)" in exchange.shown[0]
    assert " km" not in shown(exchange)


def test_a_place_without_coordinates_and_centres_gets_the_hotline(
    talk: Talk, somewhere: dict[str, Place], snapshot: Snapshot
) -> None:
    exchange = about(talk, somewhere["Gamochinebuli, Samtredia"])
    assert exchange.reply.texts == (
        wording.say(
            "en",
            "place.no_coordinates.none",
            place="Gamochinebuli (Samtredia)",
            hotline=snapshot.hotline.display,
        ),
    )


@pytest.mark.parametrize("channel", ["telegram", "sms"])
def test_an_occupied_village_is_told_to_call_first(channel: str, talk: Talk, snapshot: Snapshot) -> None:
    place = next(place for place in snapshot.places.values() if place.status == "occupied")
    talk.say("telegram" if channel == "telegram" else "sms", "resident", choice="lang:en")
    exchange = talk.say("telegram" if channel == "telegram" else "sms", "resident", choice=f"place:{place.id}")
    assert "occupied territory. Please call the hotline first" in shown(exchange)


def test_a_location_in_georgia_needs_no_name(talk: Talk) -> None:
    exchange = talk.say("telegram", "resident", "hello")
    exchange = talk.say("telegram", "resident", location=(41.826, 46.276))
    assert "1. Kabali (Lagodekhi) - about 12 km in a straight line" in shown(exchange)
    assert exchange.reply.pins[0].title == "Kabali (Lagodekhi)"


@pytest.mark.parametrize("location", [(48.85, 2.35), (0.0, 0.0), (-90.0, 180.0), (41.01, 28.97)])
def test_a_location_outside_georgia_is_called_so(location: tuple[float, float], talk: Talk) -> None:
    talk.say("telegram", "resident", "hello")
    exchange = talk.say("telegram", "resident", location=location)
    assert exchange.reply.texts == (wording.say("en", "place.outside"),)


def test_without_a_village_it_is_asked_for_and_the_answer_follows(talk: Talk) -> None:
    asked = talk.say("telegram", "resident", "Where is the nearest centre?")
    assert asked.reply.asks_location
    assert "1. Kabali" in shown(talk.say("telegram", "resident", "Lagodekhi"))


def test_the_map_shows_the_first_centre_with_a_word_of_caution(talk: Talk, somewhere: dict[str, Place]) -> None:
    (pin,) = about(talk, somewhere["Lagodekhi, Lagodekhi"]).reply.pins
    assert (pin.title, pin.address) == ("Kabali (Lagodekhi)", "The map shows the village, not the building.")


def test_the_village_is_offered_to_be_remembered_until_it_is(talk: Talk, somewhere: dict[str, Place]) -> None:
    place = somewhere["Lagodekhi, Lagodekhi"]
    offered = f"home:{place.id}"
    assert offered in [choice.value for choice in about(talk, place).reply.offers]
    talk.say("telegram", "resident", choice=offered)
    assert offered not in [choice.value for choice in about(talk, place).reply.offers]


def test_an_unknown_telephone_is_not_made_up(talk: Talk, snapshot: Snapshot) -> None:
    talk.say("telegram", "resident", "Where is the nearest centre to Lagodekhi?")
    exchange = talk.say("telegram", "resident", choice="intent:contact")
    assert "I do not have this centre's telephone or street address" in shown(exchange)
    digits = "".join(char for char in shown(exchange) if char.isdigit())
    assert digits == "".join(char for char in snapshot.hotline.display if char.isdigit())


def test_a_telephone_asked_of_no_centre_in_particular_asks_which(talk: Talk) -> None:
    exchange = talk.say("telegram", "resident", "what is your phone number?")
    assert "Which centre do you mean?" in shown(exchange)
    assert "Kabali" in shown(talk.say("telegram", "resident", "Lagodekhi"))


def test_a_link_to_a_centre_says_what_is_known_of_it(talk: Talk) -> None:
    talk.say("telegram", "resident", "hello")
    exchange = talk.say("telegram", "resident", choice="center:kabali")
    assert exchange.shown[0].startswith("Community centre: Kabali (Lagodekhi).")
    assert "Please confirm by telephone before you travel" in shown(exchange)


def test_a_small_screen_names_two_more_centres_at_most() -> None:
    assert centers.OTHERS_ON_SMALL_SCREEN == 2
