"""What staff see beforehand is what people get, and it warns of what makes it dear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.staff import warnings
from console import announcing, previewing
from desk import audit, contacts
from desk.announcements import editing
from desk.announcements.audience import Audience
from desk.announcements.editing import Draft
from desk.announcements.models import Announcement, BadAnnouncement
from desk.announcements.preview import Item, Preview
from desk.messages import Channel
from knowledge.snapshot import Snapshot
from knowledge.types import Locale
from store import clock
from store.database import Database

NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.fixed(NOON):
        yield


def person(database: Database, number: int, locale: Locale, channel: Channel = "sms") -> None:
    with database.write() as session:
        contacts.choose_locale(contacts.find_or_create(session, channel, f"+9955{number:08}"), locale)


def made(database: Database, known: Snapshot, texts: dict[str, str], **more: object) -> int:
    draft = Draft("Seeds", texts, more.pop("audience", Audience(everyone=True)), **more)  # type: ignore[arg-type]
    with database.write() as session:
        return editing.create(session, draft, known, audit.staff("nino")).id


def preview(database: Database, known: Snapshot, number: int, price: float | None = 10) -> Preview:
    with database.read() as session:
        row = session.get_one(Announcement, number)
        return previewing.of(session, row, known, price=price, approval_from=3)


def shown(database: Database, known: Snapshot, text: str, language: str = "en") -> Preview:
    """The preview of one text to one reader of it, on SMS."""
    person(database, 1, "en" if language == "en" else "az")
    return preview(database, known, made(database, known, {language: text}))


def sms(found: Preview) -> Item:
    return next(item for item in found.items if item.channel == "sms")


def codes(found: Preview) -> list[str]:
    return [one.code for one in found.warnings]


def test_what_is_shown_is_what_is_queued(known: Snapshot, sqlite_database: Database) -> None:
    texts = {"ka": "„თესლი“ მოვიდა — {hotline}", "en": "The “seeds” are here — {hotline}"}
    number = made(sqlite_database, known, texts)
    person(sqlite_database, 1, "en", "whatsapp")
    found = preview(sqlite_database, known, number)
    with sqlite_database.read() as session:
        row = session.get_one(Announcement, number)
        wordings, _ = announcing.prepare_for(lambda: known)(row)
    assert [(item.name, (item.text,)) for item in found.items] == [
        (name, one.texts)
        for name, one in wordings.items()
        if name != "whatsapp:ka"  # which nobody would get
    ]
    assert sms(found).text.startswith('"')


def test_one_curly_quote_is_replaced_and_said(known: Snapshot, sqlite_database: Database) -> None:
    found = shown(sqlite_database, known, "It’s free. " + "x" * 100)
    assert (sms(found).encoding, sms(found).segments) == ("GSM-7", 1)
    (warned,) = found.warnings
    assert warned.code == "replaced_sign"
    assert "2 segments a person instead of 1. ' is sent instead" in warnings.sentence("en", warned)
    assert "RIGHT SINGLE QUOTATION MARK" in warnings.sentence("en", warned)


@pytest.mark.parametrize(
    ("text", "code", "advice"),
    [
        ("Сome to the centre " + "x" * 60, "costly_sign", "Write C instead"),  # a Cyrillic letter
        ("Come ☀ to the centre " + "x" * 60, "costly_sign_out", "Leave it out"),
        ("Café Łódź " + "x" * 80, "costly_sign_out", "Leave it out"),
    ],
)
def test_a_dear_sign_is_named(
    text: str, code: str, advice: str, known: Snapshot, sqlite_database: Database
) -> None:
    found = shown(sqlite_database, known, text)
    assert sms(found).encoding == "UCS-2"
    assert code in codes(found)
    assert any(advice in warnings.sentence("en", one) for one in found.warnings)


def test_a_dear_sign_in_a_short_text_costs_nothing(known: Snapshot, sqlite_database: Database) -> None:
    (warned,) = shown(sqlite_database, known, "Come ☀").warnings
    assert "as many segments a person as without it (1)" in warnings.sentence("en", warned)


def test_letters_that_a_language_needs_are_not_blamed(known: Snapshot, sqlite_database: Database) -> None:
    found = shown(sqlite_database, known, "Mərkəzə gəlin, toxum gəlib, çox yaxşıdır", "az")
    assert sms(found).encoding == "UCS-2"
    assert codes(found) == []


def test_the_cost_is_that_of_all_segments(known: Snapshot, sqlite_database: Database) -> None:
    person(sqlite_database, 1, "en")
    person(sqlite_database, 2, "en")
    person(sqlite_database, 3, "en", "telegram")
    number = made(sqlite_database, known, {"en": "x" * 161})
    found = preview(sqlite_database, known, number)
    assert (found.people, found.by_channel()) == (3, {"sms": 2, "telegram": 1})
    assert (found.segments, found.tetri) == (4, 40)
    assert preview(sqlite_database, known, number, None).tetri is None
    assert "no_price" in codes(preview(sqlite_database, known, number, None))
    assert "approval" in codes(found)


def test_a_missing_language_is_counted(known: Snapshot, sqlite_database: Database) -> None:
    for reader, locale in enumerate(("hy", "hy", "en")):
        person(sqlite_database, reader, locale)  # type: ignore[arg-type]
    found = preview(sqlite_database, known, made(sqlite_database, known, {"en": "Seeds", "ru": "Семена"}))
    sentences = [warnings.sentence("en", one) for one in found.warnings if one.code == "missing_language"]
    assert sentences == ["No text in Armenian: those who read it (2) get the one in Russian."]


def test_a_long_text_nobody_and_the_night_are_said(known: Snapshot, sqlite_database: Database) -> None:
    number = made(sqlite_database, known, {"ka": "ა" * 300})
    with clock.fixed(NOON + timedelta(hours=12)):
        assert {"too_long", "nobody", "quiet"} <= set(codes(preview(sqlite_database, known, number)))


@pytest.mark.parametrize("locale", ["ka", "ka-Latn", "en", "ru", "az", "hy"])
def test_every_placeholder_is_filled_in_every_language(
    locale: Locale, known: Snapshot, sqlite_database: Database
) -> None:
    text = "{center} / {municipality} / {name_of_day} / {date} / {time} / {hotline} / {{}}"
    number = made(
        sqlite_database,
        known,
        dict.fromkeys(("ka", "en", "ru", "az", "hy"), text),
        audience=Audience(centers=("kabali",)),
        about=datetime(2026, 11, 28, 11, 0, tzinfo=UTC),
    )
    with sqlite_database.read() as session:
        row = session.get_one(Announcement, number)
        said = announcing.said(row, locale, known).split(" / ")
    assert len(said) == 7
    assert all(said)
    assert said[4:] == ["15:00", known.hotline.display, "{}"]


def test_a_centre_that_is_gone_is_said(known: Snapshot, sqlite_database: Database) -> None:
    number = made(sqlite_database, known, {"en": "{center}"}, audience=Audience(centers=("kabali",)))
    with sqlite_database.write() as session:
        session.get_one(Announcement, number).audience = {"centers": ["gone"]}
    with pytest.raises(BadAnnouncement, match="not there any more"):
        preview(sqlite_database, known, number)
