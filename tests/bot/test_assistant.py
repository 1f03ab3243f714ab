"""The mind behind every channel: whatever comes in, a short true answer in the writer's own letters goes out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.bootstrap import Neighbour
from bot import wording
from console.conversing import Talk
from desk import contacts, intake
from desk.contacts import Contact
from desk.conversations import Conversation
from desk.messages import Answer, Channel, Inbound, Media
from desk.questions import Question
from knowledge.snapshot import Snapshot
from knowledge.types import LOCALES, Locale, Place
from sms_gateway import paging
from sms_gateway.segments import encoding_of, measure
from store import clock
from store.database import Database
from tests.bot.conftest import TUESDAY_NOON

ADDRESS = "+995555123456"
NUMBER = iter(range(10**9))


def ask(
    database: Database,
    neighbour: Neighbour,
    text: str = "",
    *,
    channel: Channel = "sms",
    choice: str | None = None,
    media: Media | None = None,
    hint: str | None = None,
) -> Answer:
    """One message of one resident through the desk and the assistant."""
    inbound = Inbound(
        channel, ADDRESS, str(next(NUMBER)), clock.now(), text, choice, media=media, language_hint=hint
    )
    with clock.fixed(TUESDAY_NOON), database.write() as session:
        received = intake.record(session, inbound)
        session.flush()
        answer = neighbour.assistant.answer(session, inbound, received.row.contact_id)
        intake.finish(received.row, answer.understanding, list(answer.reply.texts))
    return answer


# Language


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("სად არის უახლოესი ცენტრი?", "ka"),
        ("sad aris uaxloesi centri?", "ka-Latn"),
        ("Where is the nearest centre?", "en"),
        ("Где ближайший центр?", "ru"),
        ("Ən yaxın mərkəz haradadır?", "az"),
        ("Որտեղ է մոտակա կենտրոնը", "hy"),
    ],
)
def test_the_answer_is_in_the_language_and_letters_of_the_question(text: str, locale: Locale, talk: Talk) -> None:
    assert talk.say("sms", "resident", text).reply.locale == locale


@pytest.mark.parametrize(
    "text",
    ["sad aris centri lagodexshi", "ra sabutebi mchirdeba pasportistvis", "telefoni minda", "rodis mushaobt"]
    + ["axalsofeli", "darbazis dajavshna minda", "gamarjoba", "ra servisebi gaqvt", "dagmexmare"],
)
def test_latin_georgian_is_answered_in_latin_georgian_within_gsm_7(text: str, talk: Talk) -> None:
    exchange = talk.say("sms", "resident", text)
    assert exchange.reply.locale == "ka-Latn"
    assert exchange.encoding == "GSM-7"
    assert 1 <= exchange.segments <= 2


def test_the_chosen_language_wins_over_the_written_one(talk: Talk) -> None:
    talk.say("telegram", "resident", choice="lang:hy")
    assert talk.say("telegram", "resident", "Where is the nearest centre?").reply.locale == "hy"
    assert talk.say("telegram", "resident", "Где ближайший центр?").reply.locale == "hy"


def test_chosen_georgian_is_written_in_the_letters_of_the_writer(talk: Talk) -> None:
    talk.say("sms", "resident", choice="lang:ka")
    assert talk.say("sms", "resident", "sad aris uaxloesi centri").reply.locale == "ka-Latn"
    assert talk.say("sms", "resident", "Где ближайший центр?").reply.locale == "ka"


def test_a_number_alone_is_answered_in_the_language_of_the_conversation(talk: Talk) -> None:
    talk.say("sms", "resident", "Где ближайший центр в Ахалсопели?")
    assert talk.say("sms", "resident", "2").reply.locale == "ru"


def test_the_hint_of_the_channel_counts_for_a_newcomer(database: Database, neighbour: Neighbour) -> None:
    assert ask(database, neighbour, hint="ru-RU", media="photo", channel="telegram").reply.locale == "ru"


@pytest.mark.parametrize("hint", ["de", "", "zz-top", "ka-Latn-GE", None])
def test_an_unknown_hint_of_the_channel_means_georgian(
    hint: str | None, sqlite_database: Database, neighbour: Neighbour
) -> None:
    assert ask(sqlite_database, neighbour, hint=hint, media="voice", channel="telegram").reply.locale == "ka"


# What is no question


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b \u00a0"])
def test_an_empty_text_is_called_empty(text: str, talk: Talk) -> None:
    assert talk.say("telegram", "resident", text).shown


def test_a_picture_without_words_is_declined(sqlite_database: Database, neighbour: Neighbour) -> None:
    answer = ask(sqlite_database, neighbour, media="photo", hint="en", channel="telegram")
    assert answer.reply.texts == (wording.say("en", "unreadable"),)


def test_the_words_under_a_picture_are_answered(sqlite_database: Database, neighbour: Neighbour) -> None:
    answer = ask(sqlite_database, neighbour, "Where is the nearest centre to Lagodekhi?", media="photo")
    assert answer.understanding.intent == "nearest_center"


def test_punctuation_alone_is_answered(talk: Talk) -> None:
    assert talk.say("sms", "resident", "?!... 😀").shown


# What is kept


def test_the_conversation_is_taken_up_from_the_database(
    database: Database, neighbour: Neighbour, snapshot: Snapshot
) -> None:
    ask(database, neighbour, "Where is the nearest centre to Lagodekhi?")
    answer = ask(database, neighbour, "and the phone?")
    assert answer.understanding.center_id == snapshot.centers_by_slug["kabali"].id


def test_an_unanswered_question_is_kept_without_its_sender_and_with_numbers_masked(
    database: Database, neighbour: Neighbour
) -> None:
    text = "who won the football, call me at 599 12 34 56 or ana@example.ge"
    assert ask(database, neighbour, text).understanding.intent == "none"
    with database.read() as session:
        (kept,) = session.scalars(select(Question))
    assert kept.text == "who won the football, call me at <number> or <mail>"
    assert (kept.language, kept.channel, kept.outcome) == ("en", "sms", "none")
    assert not {"contact_id", "resident_id", "address"} & set(Question.__table__.columns.keys())


def test_an_unsure_question_is_kept_as_such_and_an_answered_one_is_not(
    sqlite_database: Database, neighbour: Neighbour, vague: str
) -> None:
    ask(sqlite_database, neighbour, "Where is the nearest centre to Lagodekhi?")
    ask(sqlite_database, neighbour, vague)
    with sqlite_database.read() as session:
        assert [(kept.text, kept.outcome) for kept in session.scalars(select(Question))] == [(vague, "unsure")]


def test_an_unknown_contact_is_an_error(sqlite_database: Database, neighbour: Neighbour) -> None:
    inbound = Inbound("sms", ADDRESS, "1", clock.now(), "hello")
    with sqlite_database.write() as session, pytest.raises(LookupError):
        neighbour.assistant.answer(session, inbound, 404)


# Forgetting


def test_forget_me_asks_and_then_erases(database: Database, neighbour: Neighbour) -> None:
    ask(database, neighbour, "I live in Lagodekhi")
    ask(database, neighbour, "answer in English please")
    assert ask(database, neighbour, "delete all my data").reply.texts == (wording.say("en", "forget.ask"),)
    assert ask(database, neighbour, "yes").reply.texts == (wording.say("en", "forget.done"),)
    with database.read() as session:
        contact = contacts.find(session, "sms", ADDRESS)
        assert contact is not None
        assert (contact.resident.locale, contact.resident.home_place_id) == (None, None)
        assert contact.forget_at is not None
        assert session.get_one(Conversation, contact.id).state == {}
    with database.write() as session:
        assert contacts.sweep(session) == 1
    with database.read() as session:
        assert list(session.scalars(select(Contact))) == []
        assert list(session.scalars(select(intake.InboundMessage))) == []
        assert list(session.scalars(select(Conversation))) == []


@pytest.mark.parametrize(("word", "locale"), [("no", "en"), ("нет", "ru"), ("არა", "ka")])
def test_no_erases_nothing(word: str, locale: Locale, sqlite_database: Database, neighbour: Neighbour) -> None:
    ask(sqlite_database, neighbour, "I live in Lagodekhi")
    ask(sqlite_database, neighbour, "delete all my data")
    assert ask(sqlite_database, neighbour, word).reply.texts == (wording.say(locale, "forget.kept"),)
    with sqlite_database.read() as session:
        contact = contacts.find(session, "sms", ADDRESS)
        assert contact is not None
        assert contact.resident.home_place_id is not None


def test_an_opt_out_outlives_being_forgotten(database: Database, neighbour: Neighbour) -> None:
    ask(database, neighbour, "stop writing to me", channel="telegram")
    ask(database, neighbour, choice="intent:forget_me", channel="telegram")
    ask(database, neighbour, choice="forget:yes", channel="telegram")
    with database.write() as session:
        contacts.sweep(session)
    with database.write() as session:
        again = contacts.find_or_create(session, "telegram", ADDRESS)
        assert not contacts.may_receive(again)
        assert ADDRESS not in {row.digest for row in session.scalars(select(contacts.OptOut))}


# Any text at all


LETTERS = "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև"
SCRIPTS = (*LETTERS, "абвгдежзийклмнопрстуфхцчшщъыьэюя", "abcdefghijklmnopqrstuvwxyzəğıöüşç")
RANDOM_WORDS = st.lists(
    st.sampled_from(SCRIPTS).flatmap(lambda letters: st.text(letters, min_size=1, max_size=14)), max_size=40
).map(" ".join)
LONG_TEXTS = st.tuples(st.text(min_size=1, max_size=60), st.integers(1, 5_000)).map(
    lambda made: (made[0] * made[1])[:5_000]
)
KNOWN_WORDS = st.lists(
    st.sampled_from(
        [
            "Akhalsopeli",
            "ყვარელი",
            "passport",
            "პასპორტი",
            "2",
            "yes",
            "კი",
            "stop",
            "forget",
            "me",
            "on",
            "Saturday",
            "phone",
            "hall",
            "и",
            "телефон",
            "②",
            "٣",
            "{hotline}",
            "%s",
            "<b>",
            "\x00",
            "�",
            "🏳️\u200d🌈",
            "Kachreti",
            "ლაგოდეხში",
            "documents",
            "ხვალ",
            "language",
            "English",
            "dollar",
        ]
    ),
    max_size=8,
).map(" ".join)


@settings(max_examples=150)
@given(text=st.one_of(st.text(max_size=300), RANDOM_WORDS, LONG_TEXTS, KNOWN_WORDS))
def test_no_text_breaks_the_assistant_or_costs_more_than_two_segments(text: str, everyone: Talk) -> None:
    with clock.fixed(TUESDAY_NOON):
        by_text = everyone.say("sms", "one resident", text)
        by_chat = everyone.say("telegram", "another", text)
    assert by_chat.shown
    assert by_text.segments <= 2
    assert all(measure(page).count <= 2 for page in paging.render(by_text.reply, "sms"))


@pytest.fixture(scope="module")
def everyone(neighbour: Neighbour) -> Talk:
    """A talk that goes on, so that texts also meet questions left open by others; what breaks is told."""
    return Talk(neighbour.assistant)


@pytest.mark.parametrize("size", [1_600, 5_000])
def test_a_very_long_question_is_answered(size: int, talk: Talk) -> None:
    exchange = talk.say("sms", "resident", ("Where is the nearest centre to Lagodekhi? " + "word " * size)[:size])
    assert exchange.shown
    assert exchange.segments <= 2


@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_page_about_every_service_takes_two_segments_at_most(
    locale: Locale, talk: Talk, snapshot: Snapshot
) -> None:
    written = {"ka-Latn": "sad aris uaxloesi centri"}.get(locale)
    talk.say("whatsapp", locale, written or "", choice=None if written else f"lang:{locale}")
    for slug in snapshot.services:
        reply = talk.say("whatsapp", locale, choice=f"service:{slug}").reply
        assert reply.locale == locale
        page = paging.render(reply, "sms")[0]
        assert measure(page).count <= 2, slug
        assert locale != "ka-Latn" or encoding_of(page) == "GSM-7", page


@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_page_about_places_takes_two_segments_at_most(
    locale: Locale, talk: Talk, somewhere: dict[str, Place]
) -> None:
    written = {"ka-Latn": "sad aris uaxloesi centri"}.get(locale)
    talk.say("whatsapp", locale, written or "", choice=None if written else f"lang:{locale}")
    longest = sorted(somewhere.values(), key=lambda place: -len(place.name_ka))[:40]
    for place in longest:
        reply = talk.say("whatsapp", locale, choice=f"place:{place.id}").reply
        page = paging.render(replace(reply, locale=locale), "sms")[0]
        assert measure(page).count <= 2, place.name_en
        assert locale != "ka-Latn" or encoding_of(page) == "GSM-7", page
