"""Who is one person: a telephone number on two channels; and what becomes of them when they are forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import contacts, outbox
from desk.contacts import Contact, Resident
from desk.events import subscriptions
from desk.events.subscriptions import Wish
from desk.messages import Channel
from store.database import Database

NUMBER = "+995555000001"


def people(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Resident)) or 0


@pytest.mark.parametrize("first", ["sms", "whatsapp"])
def test_a_number_on_two_channels_is_one_person(database: Database, first: Channel) -> None:
    second: Channel = "whatsapp" if first == "sms" else "sms"
    with database.write() as session:
        contacts.set_home(contacts.find_or_create(session, first, NUMBER), 7)
    with database.write() as session:
        contact = contacts.find_or_create(session, second, NUMBER)
        assert (people(session), contact.resident.home_place_id) == (1, 7)


def test_other_numbers_and_telegram_are_other_people(database: Database) -> None:
    with database.write() as session:
        contacts.find_or_create(session, "sms", NUMBER)
        contacts.find_or_create(session, "whatsapp", "+995555000002")
        contacts.find_or_create(session, "telegram", NUMBER.removeprefix("+"))
        assert people(session) == 3


def test_news_goes_where_somebody_asked_for_it(database: Database) -> None:
    with database.write() as session:
        text = contacts.find_or_create(session, "sms", NUMBER)
        chat = contacts.find_or_create(session, "whatsapp", NUMBER)
        assert text.resident.preferred_channel is None
        subscriptions.subscribe(session, text, Wish("topic", "films"))
        assert text.resident.preferred_channel == "sms"
        subscriptions.subscribe(session, chat, Wish("topic", "films"))
        assert text.resident.preferred_channel == "whatsapp"


def test_to_be_forgotten_on_one_channel_is_to_be_forgotten_on_both(database: Database) -> None:
    with database.write() as session:
        text = contacts.find_or_create(session, "sms", NUMBER)
        chat = contacts.find_or_create(session, "whatsapp", NUMBER)
        answer = outbox.enqueue(session, text, "reply", "forgotten", ["You are forgotten"])
        contacts.forget(session, chat)
        assert answer is not None
    with database.write() as session:
        assert contacts.sweep(session) == 1
        assert [row.channel for row in session.scalars(select(Contact))] == ["sms"]
        row = session.get_one(outbox.OutboxMessage, answer.id)
        outbox.move(row, "sending")
        outbox.move(row, "sent")
    with database.write() as session:
        assert contacts.sweep(session) == 1
        assert people(session) == 0


def test_who_comes_back_before_they_are_erased_keeps_the_address(database: Database) -> None:
    with database.write() as session:
        contacts.find_or_create(session, "sms", NUMBER)
        contacts.forget(session, contacts.find_or_create(session, "whatsapp", NUMBER))
        contacts.find_or_create(session, "sms", NUMBER)
    with database.write() as session:
        assert contacts.sweep(session) == 1
        assert [row.channel for row in session.scalars(select(Contact))] == ["sms"]
        assert people(session) == 1


def test_who_is_being_forgotten_is_not_joined(database: Database) -> None:
    with database.write() as session:
        contacts.forget(session, contacts.find_or_create(session, "sms", NUMBER))
        contacts.find_or_create(session, "whatsapp", NUMBER)
        assert people(session) == 2
