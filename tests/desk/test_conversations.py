"""What is kept of a conversation, also when two write at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desk import contacts, conversations
from store import clock
from store.database import Database

MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def _somebody(database: Database) -> int:
    with database.write() as session:
        return contacts.find_or_create(session, "sms", "+995555000111").id


def test_what_is_remembered_is_found_again_with_its_time(database: Database) -> None:
    number = _somebody(database)
    with clock.fixed(MORNING), database.write() as session:
        conversations.remember(session, number, {"place": 7})
        conversations.keep_pages(session, number, ["the rest"])
        assert conversations.of(session, number).state == {"place": 7}
    with clock.fixed(MORNING + timedelta(hours=1)), database.write() as session:
        conversations.remember(session, number, {"place": 8})
    with database.read() as session:
        kept = conversations.of(session, number)
    assert (kept.state, kept.pages) == ({"place": 8}, ["the rest"])
    assert (kept.updated_at, kept.pages_at) == (MORNING + timedelta(hours=1), MORNING)


def test_pages_are_forgotten_when_there_are_no_more(database: Database) -> None:
    number = _somebody(database)
    for pages in (["one", "two"], ["two"], []):
        with database.write() as session:
            conversations.keep_pages(session, number, pages)
        with database.read() as session:
            assert list(conversations.of(session, number).pages) == pages


def test_news_posted_meanwhile_leave_what_was_said(postgres_database: Database) -> None:
    number = _somebody(postgres_database)
    with postgres_database.write() as news:
        conversations.of(news, number)
        with postgres_database.write() as answer:
            conversations.remember(answer, number, {"place": 7})
        conversations.keep_pages(news, number, ["the rest of the news"])
    with postgres_database.read() as session:
        kept = conversations.of(session, number)
    assert (kept.state, kept.pages) == ({"place": 7}, ["the rest of the news"])
