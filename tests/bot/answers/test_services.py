"""What is known of a service, with its date, and what is not known."""

from __future__ import annotations

import pytest

from bot import wording
from bot.answers.services import CATEGORIES
from console.conversing import Exchange, Talk
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES, BaseLocale, Center


def chat(talk: Talk, *texts: str) -> Exchange:
    return [talk.say("telegram", "resident", text) for text in texts][-1]


def about(talk: Talk, slug: str, locale: BaseLocale = "en") -> str:
    talk.say("telegram", "resident", choice=f"lang:{locale}")
    return "\n".join(talk.say("telegram", "resident", choice=f"service:{slug}").shown)


def test_documents_fee_and_time_are_told_with_the_day_they_are_from(talk: Talk, snapshot: Snapshot) -> None:
    said = about(talk, "passport")
    facts = snapshot.services["passport"].facts
    for kind, label in (("bring", "Bring: "), ("fee", "Fee: "), ("time", "Time: ")):
        assert label + facts[kind].text["en"] in said  # type: ignore[index]
    assert facts["fee"].as_of is not None
    assert f"(as of {wording.numeric_date(facts['fee'].as_of)})" in said


def test_every_dated_fact_shows_its_date(talk: Talk, snapshot: Snapshot) -> None:
    for slug, service in snapshot.services.items():
        said = about(talk, slug)
        for fact in service.facts.values():
            date = f" (as of {wording.numeric_date(fact.as_of)})" if fact.as_of else ""
            assert fact.text["en"] + date in said, slug


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("how much does a passport cost?", "Fee: "),
        ("what documents do I need for a passport?", "Bring: "),
        ("how long does it take to make a passport?", "Time: "),
    ],
)
def test_what_was_asked_comes_first(text: str, first: str, talk: Talk) -> None:
    exchange = chat(talk, text)
    assert exchange.understanding.service == "passport"
    labels = [
        line[: len(first)] for line in exchange.shown[0].splitlines() if line.startswith(("Fee", "Bring", "Time"))
    ]
    assert labels[0].strip().startswith(first.strip()[:4])


def test_an_unknown_fact_that_was_asked_says_whom_to_ask(talk: Talk, snapshot: Snapshot) -> None:
    exchange = chat(talk, "how much does a digital signature cost?")
    assert exchange.understanding.service == "digital-signature"
    said = "\n".join(exchange.shown)
    assert "I do not know exactly what it costs" in said
    assert snapshot.hotline.display in said
    assert "GEL" not in said


def test_a_service_without_any_fact_says_whom_to_ask(talk: Talk, snapshot: Snapshot) -> None:
    bare = next(one for one in snapshot.services.values() if one.tie == "stated" and not one.facts)
    said = about(talk, bare.slug)
    assert wording.say("en", "service.done_there") in said
    assert wording.say("en", "service.unknown", hotline=snapshot.hotline.display) in said


def test_a_service_that_only_its_provider_ties_to_the_centres_is_to_be_asked_for(talk: Talk) -> None:
    said = about(talk, "apostille")
    assert "The Public Service Development Agency is present at the centres, but ask first" in said
    assert "This is done at the centres" not in said


def test_a_service_that_nothing_ties_to_the_centres_is_to_be_asked_for(talk: Talk) -> None:
    said = about(talk, "notary")
    assert "Ask the centre first whether they do this" in said
    assert "This is done at the centres" not in said


@pytest.mark.parametrize("locale", BASE_LOCALES)
def test_no_service_is_promised_that_no_source_states(locale: BaseLocale, talk: Talk, snapshot: Snapshot) -> None:
    for slug, service in snapshot.services.items():
        said = about(talk, slug, locale)
        promised = any(wording.say(locale, f"service.{name}") in said for name in ("done_there", "available"))
        assert promised == (service.tie == "stated"), slug


def test_the_caution_is_on_the_first_page_of_a_small_screen(talk: Talk, snapshot: Snapshot) -> None:
    talk.say("sms", "resident", choice="lang:en")
    exchange = talk.say("sms", "resident", choice="service:notary")
    assert "Ask first if it is done there" in exchange.shown[0]
    assert snapshot.hotline.display in exchange.shown[0]


def test_the_nearest_centre_is_named_where_the_village_is_known(talk: Talk) -> None:
    assert "Write your village" in about(talk, "passport")
    chat(talk, "I live in Lagodekhi")
    assert "Nearest centre: Kabali (Lagodekhi), about 12 km" in about(talk, "passport")


def test_where_and_what_are_answered_together(talk: Talk) -> None:
    said = "\n".join(chat(talk, "where can I get a passport near Lagodekhi").shown)
    assert "1. Kabali (Lagodekhi)" in said
    assert "Biometric passport" in said


@pytest.mark.parametrize(
    "text",
    [
        "პასპორტის აღება შეიძლება მარნეულში?",
        "marneulshi pasportis agheba sheidzleba?",
        "can i get a passport in Marneuli",
        "можно ли в Марнеули получить паспорт?",
        "Marneulidə pasport almaq olar?",
        "Մառնեուլիում կարելի՞ է անձնագիր ստանալ",
    ],
)
def test_whether_it_is_done_somewhere_is_answered_with_where(text: str, talk: Talk, snapshot: Snapshot) -> None:
    read = chat(talk, text).understanding
    assert (read.service, read.center_id) == ("passport", snapshot.centers_by_slug["koda"].id)
    assert read.intent == "nearest_center"


def test_who_is_from_somewhere_and_asks_for_a_service_gets_it_there(talk: Talk, kabali: Center) -> None:
    read = chat(talk, "ჩემს სოფელში ინტერნეტი არის? კაბალიდან ვარ").understanding
    assert (read.service, read.center_id) == ("free-internet", kabali.id)


def test_all_services_are_reached_through_the_categories(talk: Talk, snapshot: Snapshot) -> None:
    overview = chat(talk, "which services are there?")
    found = set()
    for choice in overview.reply.choices:
        listed = talk.say("telegram", "resident", choice=choice.value)
        found |= {one.value.removeprefix("service:") for one in listed.reply.choices}
    assert found == set(snapshot.services)
    assert {service.category for service in snapshot.services.values()} <= set(CATEGORIES)


def test_a_service_picked_by_its_number_is_told(talk: Talk) -> None:
    chat(talk, "which services are there?", "1")
    exchange = chat(talk, "1")
    assert exchange.understanding.service == "id-card"
