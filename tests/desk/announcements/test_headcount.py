"""The quick count of an audience comes to what counting everybody comes to."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from desk import tallies
from desk.announcements import headcount, resolving
from desk.announcements.audience import Around, Audience
from desk.contacts import Resident
from knowledge.snapshot import Snapshot
from store import clock
from store.database import Database
from tests.desk.announcements.people import TUESDAY, many, resident

AUDIENCES = (
    Audience(everyone=True),
    Audience(channels=("telegram",)),
    Audience(languages=("ka", "az")),
    Audience(centers=("kabali",)),
    Audience(centers=("kabali", "kachreti"), languages=("ka",)),
    Audience(municipalities=("Lagodekhi",)),
    Audience(municipalities=("Lagodekhi",), centers=("kachreti",)),
    Audience(around=(Around("kabali", 15),)),
    Audience(around=(Around("kabali", 15),), centers=("kabali",)),
    Audience(around=(Around("kabali", 1),), channels=("whatsapp",)),
    Audience(topics=("training",)),
    Audience(topics=("training", "rights"), municipalities=("Lagodekhi",)),
)


@pytest.fixture(autouse=True)
def _many_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headcount, "FEW", 1)


def settle(session: Session, known: Snapshot) -> None:
    """People of all kinds: with and without a home, near and far, who subscribed to this and that."""
    areas = {known.centers_by_slug[slug].municipality_en for slug in ("kabali", "kachreti")}
    homes = [None, *(place.id for place in known.places.values() if place.municipality_en in areas)]
    training, lagodekhi = ("topic", "training"), ("municipality", "Lagodekhi")
    wishes = ([], [("center", "kabali")], [lagodekhi, training], [("topic", "rights")])
    channels = (("sms",), ("telegram",), ("sms", "whatsapp"))
    for number, home in enumerate(homes):
        resident(
            session,
            *channels[number % 3],
            home=home,
            locale=("ka", None, "az")[number % 5 % 3],
            spoken="ka-Latn" if number % 2 else None,
            wishes=wishes[number % 4],
        )
    resident(session, opted_out_at=TUESDAY)
    resident(session, wishes=[("center", "kabali"), ("center", "kachreti")])


def tally(database: Database) -> int:
    """What the sweep does; the last resident whom it counted."""
    with database.write() as session:
        fresh = headcount.tally(session)
        assert fresh is not None
        headcount.keep(session, fresh)
        tallies.note(session, "crowds", clock.now(), fresh.upto)
        return fresh.upto


def test_both_ways_of_counting_agree(database: Database, known: Snapshot) -> None:
    with database.write() as session:
        settle(session, known)
    tally(database)
    with database.write() as session:
        settle(session, known)  # these came since
    with database.read() as session:
        for audience in AUDIENCES:
            reach = resolving.reach_of(audience, known)
            slow = resolving.count(session, audience, reach)
            assert slow, audience
            assert headcount.count(session, audience, reach) == slow, audience


def test_few_people_are_counted_themselves(
    database: Database, known: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headcount, "FEW", 10)
    many(database, 3)
    everybody = Audience(everyone=True)
    with database.read() as session:
        assert headcount.tally(session) is None
        reach = resolving.reach_of(everybody, known)
        assert resolving.total(headcount.count(session, everybody, reach)) == 3


def test_a_move_is_seen_at_the_next_sweep(database: Database, known: Snapshot) -> None:
    audience = Audience(centers=("kabali",))
    reach = resolving.reach_of(audience, known)

    def counted() -> int:
        with database.read() as session:
            return resolving.total(headcount.count(session, audience, reach))

    many(database, 2)
    tally(database)
    with database.write() as session:
        session.execute(update(Resident).where(Resident.id == 1).values(home_place_id=reach.centers[0]))
    assert counted() == 0
    tally(database)
    assert counted() == 1
