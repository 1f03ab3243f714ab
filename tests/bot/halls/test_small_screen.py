"""Every message of the form and every piece of news fits two segments, with the longest names and days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import NoReturn

import pytest
from sqlalchemy.orm import Session

from bot import names, wording
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.halls import asking, words
from bot.halls.asking import Lead
from bot.halls.draft import Draft, Slot
from bot.halls.news import PersonNews
from bot.understanding.parse import Parse
from desk import contacts
from desk.announcements.preview import Announcing
from desk.halls.bookings import Booking
from desk.halls.news import News
from desk.halls.requests import EQUIPMENT
from desk.messages import Inbound, Reply
from knowledge.gazetteer import PlaceMatch
from knowledge.snapshot import Snapshot
from knowledge.types import LOCALES, Center, Locale
from sms_gateway.paging import hint, render
from sms_gateway.segments import measure
from store import clock
from store.database import Database

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WEDNESDAY = "2026-12-02"  # the longest weekday of most languages
SUBJECTS: dict[Locale, str] = {
    "ka": "მეფუტკრეობის ტრენინგი დამწყებებისთვის",
    "ka-Latn": "mepoutkreobis treningi damtsqebebistvis",
    "en": "beekeeping training for beginners",
    "ru": "обучение пчеловодству для начинающих",
    "az": "arıçılıq üzrə yeni başlayanlar üçün təlim",
    "hy": "մեղվաբուծության դասընթաց սկսնակների համար",
}


def longest(locale: Locale, snapshot: Snapshot) -> Center:
    return max(snapshot.centers.values(), key=lambda one: len(names.bare_center(locale, one, snapshot)))


def turn_for(locale: Locale, snapshot: Snapshot, session: Session) -> Turn:
    contact = contacts.find_or_create(session, "sms", "+995555000001")
    inbound = Inbound("sms", contact.address, "1", NOW, text="")
    parse = Parse("", (), locale, (("book_room", 1.0),), PlaceMatch())
    return Turn(session, contact, inbound, State(), snapshot, locale, parse, lambda *_: None, NO_ANNOUNCING)


def never(*_: object) -> NoReturn:
    raise AssertionError("nobody announces anything here")


NO_ANNOUNCING = Announcing(never, approval_from=1)


def whole(locale: Locale, center: Center) -> Draft:
    return Draft(
        center.id,
        WEDNESDAY,
        "15:00",
        120,
        SUBJECTS[locale],
        120,
        "resident",
        list(EQUIPMENT),
        "Konstantine Gamsakhurdia",
    )


def in_two_segments(reply: Reply) -> list[str]:
    pages = render(reply, "sms")
    too_long = [page for page in pages if measure(page).count > 2]
    more = [page for page in pages if page.endswith(hint(reply.locale))]
    return [*too_long, *more]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "slot", ["day", "start", "minutes", "subject", "people", "applicant", "equipment", "name"]
)
def test_every_question_fits(slot: Slot, locale: Locale, snapshot: Snapshot, sqlite_database: Database) -> None:
    center = longest(locale, snapshot)
    draft = whole(locale, center)
    draft.clear(slot)
    with clock.fixed(NOW), sqlite_database.write() as session:
        assert in_two_segments(asking.question(turn_for(locale, snapshot, session), draft, center)) == []


QUESTIONS = ["day", "start", "minutes", "subject", "people", "applicant", "equipment", "name"]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("slot", QUESTIONS)
def test_every_question_fits_after_the_name_of_the_hall_and_after_a_word_that_something_was_noted(
    slot: Slot, locale: Locale, snapshot: Snapshot, sqlite_database: Database
) -> None:
    center = longest(locale, snapshot)
    draft = whole(locale, center)
    draft.clear(slot)
    with clock.fixed(NOW), sqlite_database.write() as session:
        turn = turn_for(locale, snapshot, session)
        hall = turn.say("hall.in", center=words.center(locale, center.id, snapshot, short=True))
        for lead in (hall, turn.say("hall.noted")):
            asked = asking.question(turn, draft, center, Lead.plain(lead))
            assert in_two_segments(asked) == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("slot", QUESTIONS)
def test_every_question_fits_when_it_was_not_understood(
    slot: Slot, locale: Locale, snapshot: Snapshot, sqlite_database: Database
) -> None:
    center = longest(locale, snapshot)
    draft = whole(locale, center)
    draft.clear(slot)
    with clock.fixed(NOW), sqlite_database.write() as session:
        turn = turn_for(locale, snapshot, session)
        asking.question(turn, draft, center)
        said = [asking.again(turn, draft, center) for _ in range(asking.MISSES_BORNE)]
        assert [page for reply in said for page in in_two_segments(reply)] == []
        assert turn.state.form is None


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("wait", [False, True])
def test_the_summary_fits(wait: bool, locale: Locale, snapshot: Snapshot, sqlite_database: Database) -> None:
    center = longest(locale, snapshot)
    draft = replace(whole(locale, center), wait=wait)
    if wait:  # the words about the line leave room for one device
        draft.equipment = ["projector"]
    with clock.fixed(NOW), sqlite_database.write() as session:
        assert in_two_segments(asking.question(turn_for(locale, snapshot, session), draft, center)) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_what_can_be_changed_fits(locale: Locale, snapshot: Snapshot, sqlite_database: Database) -> None:
    center = longest(locale, snapshot)
    with clock.fixed(NOW), sqlite_database.write() as session:
        turn = turn_for(locale, snapshot, session)
        assert in_two_segments(asking.what_to_change(turn, whole(locale, center), center)) == []


NEWS = [
    *(News(kind, "staff:nino", 1) for kind in ("requested", "confirmed", "cancelled_by_staff", "time_changed")),
    *(News("declined", "staff:nino", 1, {"reason": reason}) for reason in ("purpose", "nobody_to_open", "other")),
    *(News(kind, "system", 1) for kind in ("expired", "offer_lapsed")),
    News("offered", "system", 1, {"hold_until": NOW + timedelta(days=8)}),
    News("no_show", "staff:nino", 1, {"banned_until": date(2026, 12, 9)}),
]


@pytest.mark.parametrize(("locale", "news"), list(product(LOCALES, NEWS)))
def test_every_piece_of_news_fits(
    news: News, locale: Locale, snapshot: Snapshot, sqlite_database: Database
) -> None:
    center = longest(locale, snapshot)
    said: list[Reply] = []

    def post(*args: object, **_: object) -> None:
        said.append(args[4])  # type: ignore[arg-type]

    with clock.fixed(NOW), sqlite_database.write() as session:
        turn = turn_for(locale, snapshot, session)
        contacts.choose_locale(turn.contact, wording.base(locale))
        starts_at = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)
        booking = Booking(
            reference="K7-3F2",
            center_id=center.id,
            contact_id=turn.contact.id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
        )
        PersonNews(lambda: snapshot, post, two_way=True)(session, booking, news)
    (reply,) = said
    assert "K7-3F2" in "\n".join(reply.texts) or news.kind == "offer_lapsed"
    assert in_two_segments(replace(reply, choices=())) == []


def test_a_long_subject_is_cut_at_a_word() -> None:
    assert words.short("beekeeping training for beginners", 22) == "beekeeping training.."
    assert words.short("short", 22) == "short"
