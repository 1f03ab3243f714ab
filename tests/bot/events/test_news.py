"""The news of events and the reminders, in every language; each fits two segments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot import names
from bot.events import words
from bot.events.news import EventWords
from desk import contacts
from desk.events import editing, life
from desk.events.models import Event, EventNews, NewsKind, Occurrence, Reminder
from desk.halls.bookings import Booking
from desk.messages import Reply
from knowledge.snapshot import Snapshot
from knowledge.types import LOCALES, Center, Locale
from sms_gateway.paging import hint, render
from sms_gateway.segments import measure
from store import clock
from store.database import Database
from tests.bot.events.conftest import NINO, write_down

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
KINDS: tuple[NewsKind, ...] = ("announced", "time_changed", "cancelled", "place_freed")
TITLE = "სასოფლო-სამეურნეო კოოპერატივების შექმნა და გრანტები"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


def longest(locale: Locale, snapshot: Snapshot) -> Center:
    return max(snapshot.centers.values(), key=lambda one: len(names.bare_center(locale, one, snapshot)))


def said_in(
    locale: Locale, snapshot: Snapshot, database: Database, kind: NewsKind | None, *, booking: bool = False
) -> Reply:
    """The news of that kind, or a reminder where it is None, of an event with the longest names."""
    said: list[Reply] = []
    center = longest(locale, snapshot)

    def post(*arguments: object, **_: object) -> None:
        said.append(arguments[4])  # type: ignore[arg-type]

    with database.write() as session:
        event, _ = write_down(session, center)
        titles = {"ka": TITLE, "ru": "Создание сельскохозяйственных кооперативов"}
        life.change(session, event, replace(editing.of(event), titles=titles), NINO)
        occurrence = session.query(Occurrence).filter_by(event_id=event.id).one()
        contact = contacts.find_or_create(session, "sms", "+995555000001")
        from desk import conversations

        conversations.remember(session, contact.id, {"language": locale})
        told = EventWords(lambda: snapshot, post, two_way=kind != "place_freed")
        times = {"starts_at": occurrence.starts_at, "useful_until": occurrence.starts_at}
        if kind is not None:
            news = EventNews(
                event_id=event.id,
                occurrence_id=occurrence.id,
                kind=kind,
                number=1,
                facts={"heads": 20},
                useful_until=occurrence.starts_at,
            )
            assert told.tell(session, contact, news)
        elif booking:
            row = Booking(
                reference="K7-3F2",
                center_id=center.id,
                applicant="resident",
                subject="",
                people=1,
                starts_at=occurrence.starts_at,
                ends_at=occurrence.starts_at + timedelta(hours=2),
                state="confirmed",
                created_at=NOW,
                changed_at=NOW,
            )
            session.add(row)
            session.flush()
            assert told.remind(
                session, contact, Reminder(booking_id=row.id, kind="day_before", dedupe_key="x", **times)
            )
        else:
            due = Reminder(occurrence_id=occurrence.id, kind="day_before", dedupe_key="x", **times)
            assert told.remind(session, contact, due)
    return said[0]


def fits(reply: Reply) -> bool:
    pages = render(replace(reply, choices=()), "sms")
    return all(measure(page).count <= 2 for page in pages) and not any(
        page.endswith(hint(reply.locale)) for page in pages
    )


@pytest.mark.parametrize(("locale", "kind"), list(product(LOCALES, (*KINDS, None))))
def test_every_message_names_the_event_and_fits(
    locale: Locale, kind: NewsKind | None, snapshot: Snapshot, seeded_database: Database
) -> None:
    reply = said_in(locale, snapshot, seeded_database, kind)
    assert reply.locale == locale
    assert names.bare_center(locale, longest(locale, snapshot), snapshot) in reply.wording(small_screen=True)[0]
    assert fits(reply)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_booking_is_reminded_of_by_its_reference_and_fits(
    locale: Locale, snapshot: Snapshot, seeded_database: Database
) -> None:
    reply = said_in(locale, snapshot, seeded_database, None, booking=True)
    assert "K7-3F2" in reply.texts[0]
    assert fits(reply)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_title_is_in_the_readers_language_or_says_in_which(locale: Locale) -> None:
    event = Event(titles={"ka": "კინო", "ru": "Кино"})
    expected = {"ka": "კინო", "ka-Latn": "Kino", "ru": "Кино"}
    shown = words.title(locale, event)
    assert shown == expected[locale] if locale in expected else shown.startswith("კინო (")
