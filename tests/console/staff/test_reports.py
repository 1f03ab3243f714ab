"""Reports: the page adds up, each table can be taken away, and centre staff see what is theirs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import counting
from desk import contacts, outbox, questions
from desk.accounts import sessions
from desk.contacts import Contact
from desk.halls import life
from desk.halls.bookings import Booking
from desk.intake import InboundMessage
from store import clock
from tests.console.staff.world import HERE, NOW, THERE, World

TABLES = (
    *("days", "channels", "languages", "intents", "centers"),
    *("answered", "deliveries", "reasons", "bookings", "events"),
)
WHOLE = {"answered", "deliveries", "reasons"}
"""Tables of which nobody knows whose centre they belong to."""


def fill(world: World) -> None:
    """Four messages on two days, one without an answer, and two failures."""
    here, there = world.center(HERE).id, world.center(THERE).id
    with world.database.write() as session:
        contact = session.scalars(select(Contact)).one()
        telegram = contacts.find_or_create(session, "telegram", "1")
        for number, (days, channel, language, intent, center) in enumerate(
            [
                (0, "sms", "ka", "hours", here),
                (0, "telegram", "ka-Latn", "hours", there),
                (0, "telegram", "en", "none", None),
                (3, "telegram", None, None, None),
            ]
        ):
            session.add(
                InboundMessage(
                    dedupe_key=str(number),
                    contact_id=telegram.id if channel == "telegram" else contact.id,
                    channel=channel,
                    text="=1+1",
                    received_at=NOW - timedelta(days=days),
                    language=language,
                    intent=intent,
                    center_id=center,
                    reply=[],
                )
            )
        questions.keep(session, "where is the moon", "en", "telegram", "none")
        for key in ("a", "b"):
            row = outbox.enqueue(session, contact, "notice", key, ["text"])
            assert row is not None
            outbox.move(row, "sending")
            outbox.move(row, "failed", code="=cmd", words="no such number")
    count(world)


def count(world: World) -> None:
    """What the sweeps do."""
    for job in counting.of(world.database):
        job.run()


def table(world: World, name: str, who: str = "administrator", days: int = 7) -> list[list[str]]:
    came = world.browser(who).get(f"/staff/reports/{name}.csv?days={days}")
    assert came.status_code == 200
    return list(csv.reader(io.StringIO(came.data.decode("utf-8-sig"))))


def test_messages_are_counted_by_everything(world: World) -> None:
    fill(world)
    days = table(world, "days")
    assert len(days) == 1 + 7
    assert days[-1] == ["2026-11-24", "2", "1", "0", "3"]
    assert days[-4] == ["2026-11-21", "1", "0", "0", "1"]
    assert ["Telegram", "3"] in table(world, "channels")
    assert ["Georgian in Latin letters", "1"] in table(world, "languages")
    assert table(world, "intents")[1] == ["opening hours", "2"]
    assert ["no centre was meant", "2"] in table(world, "centers")


def test_the_answered_share_and_the_reasons(world: World) -> None:
    fill(world)
    answered = table(world, "answered")
    assert answered[-1] == ["2026-11-24", "3", "1", "67%"]
    assert answered[-2] == ["2026-11-23", "0", "0", ""]
    assert table(world, "reasons")[1:] == [["SMS", "'=cmd", "no such number", "2"]]
    page = world.browser("administrator").get("/staff/reports?days=7").text
    assert "<strong>75%</strong>" in page
    assert "<strong>0%</strong>" in page


def test_bookings_events_and_the_wait(world: World) -> None:
    with clock.fixed(NOW + timedelta(hours=3)), world.database.write() as session:
        life.confirm(session, session.scalars(select(Booking)).one(), "here", lambda *_: None)
    with clock.fixed(NOW + timedelta(days=5)):
        with world.database.write() as session:
            world.tokens["editor"] = sessions.begin(session, world.members["editor"], whole=True)
        assert table(world, "events", "editor") == [
            ["Centre", "What became of it", "Number"],
            ["Kachreti (Gurjaani)", "held", "1"],
        ]
        assert [row[2] for row in table(world, "bookings", "editor")[1:]] == ["1"]
        page = world.browser("editor").get("/staff/reports?days=7").text
    assert "<strong>3 hours</strong>" in page


@pytest.mark.parametrize("who", ["here", "there"])
def test_centre_staff_see_what_meant_their_centres(world: World, who: str) -> None:
    fill(world)
    own = "Kachreti (Gurjaani)" if who == "here" else "Kabali (Lagodekhi)"
    assert table(world, "centers", who)[1:] == [[own, "1"]]
    browser = world.browser(who)
    for name in TABLES:
        status = browser.get(f"/staff/reports/{name}.csv").status_code
        assert status == (404 if name in WHOLE else 200), name
    page = browser.get("/staff/reports").text
    assert "no such number" not in page
    assert "what concerns your centres" in page


@pytest.mark.parametrize("days", ["7", "30", "90", "100000", "x", ""])
def test_every_period_and_language(world: World, days: str) -> None:
    fill(world)
    browser = world.browser("administrator")
    for locale in ("ka", "en"):
        browser.post("/staff/language", {"locale": locale})
        page = browser.get(f"/staff/reports?days={days}")
        assert page.status_code == 200
        assert page.text.count('class="plot') >= 7
        assert "style=" not in page.text
    for name in TABLES:
        assert browser.get(f"/staff/reports/{name}.xlsx?days={days}").data.startswith(b"PK")
    assert browser.get("/staff/reports/nothing.csv").status_code == 404
