"""Everybody in the audience is counted once, where news reaches them best, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from desk import contacts
from desk.announcements import resolving
from desk.announcements.audience import Around, Audience
from desk.announcements.resolving import Crowd
from desk.contacts import Resident
from knowledge.nearest import haversine
from knowledge.snapshot import Snapshot
from store import clock
from store.database import Database
from tests.desk.announcements.people import many, resident

EVERYONE = Audience(everyone=True)


def found(session: Session, audience: Audience, known: Snapshot) -> list[tuple[int, str, str]]:
    reach = resolving.reach_of(audience, known)
    query = resolving.people(audience, reach)
    return sorted((contact, channel, locale) for _, contact, channel, locale, _ in session.execute(query))


def home(known: Snapshot, name: str, municipality: str) -> int:
    return next(p.id for p in known.places.values() if p.name_en == name and p.municipality_en == municipality)


def test_telegram_goes_before_whatsapp_before_sms(database: Database, known: Snapshot) -> None:
    with database.write() as session:
        _, first = resident(session, "sms", "telegram")
        second, _ = resident(session, "whatsapp", "sms")
        assert [row[:2] for row in found(session, EVERYONE, known)] == [
            (first.id, "telegram"),
            (second.id, "whatsapp"),
        ]


def test_the_chosen_channel_goes_before_all(database: Database, known: Snapshot) -> None:
    with database.write() as session:
        text, _ = resident(session, "sms", "telegram")
        contacts.prefer_channel(text)
        session.flush()
        assert found(session, EVERYONE, known) == [(text.id, "sms", "ka")]


@pytest.mark.parametrize("lost", ["opted_out_at", "suppressed_at", "forget_at"])
def test_contacts_that_may_not_be_written_to_are_left_out(database: Database, known: Snapshot, lost: str) -> None:
    with database.write() as session:
        _, other = resident(session, "telegram", "sms", **{lost: clock.now()})
        resident(session, "telegram", **{lost: clock.now()})
        assert found(session, EVERYONE, known) == [(other.id, "sms", "ka")]


@pytest.mark.parametrize(
    ("chosen", "spoken", "locale"),
    [
        (None, None, "ka"),
        (None, "az", "az"),
        ("hy", "ru", "hy"),
        ("ka", "ka-Latn", "ka-Latn"),
        ("ka", "ru", "ka"),
        (None, "xx", "ka"),
    ],
)
def test_the_language_is_the_chosen_or_the_spoken_one(
    database: Database, known: Snapshot, chosen: str | None, spoken: str | None, locale: str
) -> None:
    with database.write() as session:
        (contact,) = resident(session, "sms", locale=chosen, spoken=spoken)
        assert found(session, EVERYONE, known) == [(contact.id, "sms", locale)]


def test_a_person_in_two_groups_is_one_person(database: Database, known: Snapshot) -> None:
    kabali = known.centers_by_slug["kabali"]
    audience = Audience(centers=("kabali",), municipalities=("Lagodekhi",), topics=("agriculture", "rights"))
    with database.write() as session:
        resident(
            session,
            *("sms", "telegram"),
            home=home(known, "Kabali", kabali.municipality_en),
            wishes=[
                ("center", "kabali"),
                ("municipality", "Lagodekhi"),
                ("topic", "agriculture"),
                ("topic", "rights"),
            ],
        )
        crowds = resolving.count(session, audience, resolving.reach_of(audience, known))
        assert crowds == [Crowd("telegram", "ka", 1)]


def test_the_centre_of_a_settlement_is_the_one_that_a_source_names(known: Snapshot) -> None:
    for place_id, center_id in known.served.items():
        place = known.places[place_id]
        here = known.center_at(place)
        assert known.own_centers.get(place.id) == (here.id if here else center_id)


def test_a_radius_holds_what_lies_within_it(known: Snapshot) -> None:
    center = known.centers_by_slug["kabali"]
    reach = resolving.reach_of(Audience(around=(Around("kabali", 10),)), known)
    assert center.lat is not None
    assert center.lon is not None
    assert len(reach.around) > 3
    for place in known.places.values():
        if place.lat is not None and place.lon is not None:
            near = haversine(center.lat, center.lon, place.lat, place.lon) <= 10_000
            assert near == (place.id in reach.around)


def test_batches_add_up_to_the_whole(database: Database, known: Snapshot) -> None:
    many(database, 7)
    reach = resolving.reach_of(EVERYONE, known)
    with database.read() as session:
        parts = [
            session.execute(resolving.people(EVERYONE, reach, after=after, upto=after + 3)).all()
            for after in (0, 3, 6)
        ]
        whole = session.execute(resolving.people(EVERYONE, reach)).all()
    assert [len(part) for part in parts] == [3, 3, 1]
    assert sorted(row for part in parts for row in part) == sorted(whole)


HOMES = (("Kabali", "Lagodekhi"), ("Lagodekhi", "Lagodekhi"), ("Chakvi", "Kobuleti"), None)
WISHES = (("center", "kabali"), ("municipality", "Kobuleti"), ("topic", "agriculture"), ("topic", "rights"))
CHANNELS = ("sms", "whatsapp", "telegram")

one_person = st.fixed_dictionaries(
    {
        "channels": st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=3, unique=True),
        "home": st.sampled_from(HOMES),
        "locale": st.sampled_from([None, "ka", "en", "az"]),
        "spoken": st.sampled_from([None, "ka-Latn", "ru"]),
        "prefers": st.sampled_from([None, *CHANNELS]),
        "wishes": st.lists(st.sampled_from(WISHES), max_size=3, unique=True),
        "stopped": st.booleans(),
    }
)
audiences = st.builds(
    Audience,
    centers=st.sampled_from([(), ("kabali",), ("kabali", "chakvi")]),
    municipalities=st.sampled_from([(), ("Lagodekhi",), ("Lagodekhi", "Kobuleti")]),
    around=st.sampled_from([(), (Around("kabali", 8.0),), (Around("chakvi", 5.0), Around("kabali", 300.0))]),
    topics=st.sampled_from([(), ("agriculture",), ("agriculture", "rights")]),
    languages=st.sampled_from([(), ("ka",), ("en", "az"), ("ru",)]),
    channels=st.sampled_from([(), ("sms",), ("telegram", "whatsapp")]),
)


def belongs(person: dict[str, Any], audience: Audience, known: Snapshot) -> tuple[str, str] | None:
    """Where that person would be written to, and in which language; None where they are not meant."""
    left = person["channels"][1:] if person["stopped"] else person["channels"]
    if not left:
        return None
    order = [person["prefers"], "telegram", "whatsapp", "sms"]
    channel = min(left, key=order.index)
    chosen, spoken = person["locale"], person["spoken"]
    locale = "ka-Latn" if (chosen, spoken) == ("ka", "ka-Latn") else chosen or spoken or "ka"
    place = known.places[home(known, *person["home"])] if person["home"] else None
    near = {
        "centers": place is not None
        and known.own_centers.get(place.id) in {known.centers_by_slug[slug].id for slug in audience.centers},
        "municipalities": place is not None and place.municipality_en in audience.municipalities,
        "around": place is not None and place.id in resolving.reach_of(audience, known).around,
    }
    wished = {
        "centers": any(("center", slug) in person["wishes"] for slug in audience.centers),
        "municipalities": any(("municipality", name) in person["wishes"] for name in audience.municipalities),
        "topics": any(("topic", code) in person["wishes"] for code in audience.topics),
    }
    kinds = ("centers", "municipalities", "around", "topics")
    meant = all(near.get(kind) or wished.get(kind) for kind in kinds if getattr(audience, kind))
    meant = meant and (not audience.channels or channel in audience.channels)
    meant = meant and (not audience.languages or locale.removesuffix("-Latn") in audience.languages)
    return (channel, locale) if meant else None


@settings(max_examples=25)
@given(crowd=st.lists(one_person, max_size=6), audience=audiences)
def test_the_count_is_that_of_the_set_worked_out_by_hand(
    database: Database, known: Snapshot, crowd: list[dict[str, Any]], audience: Audience
) -> None:
    with database.write() as session:
        session.execute(delete(Resident))
        for person in crowd:
            resident(
                session,
                *person["channels"],
                home=home(known, *person["home"]) if person["home"] else None,
                locale=person["locale"],
                spoken=person["spoken"],
                prefers=person["prefers"],
                wishes=person["wishes"],
                opted_out_at=clock.now() if person["stopped"] else None,
            )
    expected = [at for person in crowd if (at := belongs(person, audience, known)) is not None]
    with database.read() as session:
        crowds = resolving.count(session, audience, resolving.reach_of(audience, known))
        assert session.scalar(select(Resident.id).limit(1)) is not None or not crowd
    assert {(c.channel, c.locale): c.people for c in crowds} == {at: expected.count(at) for at in expected}
