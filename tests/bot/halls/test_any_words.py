"""Whatever anybody writes or presses: the form answers within two segments, books nothing unseen, and ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.bootstrap import Neighbour
from bot.halls import asking, words
from console.conversing import Exchange, Talk
from desk.conversations import Conversation
from desk.halls.bookings import Booking
from desk.messages import Channel
from knowledge.types import LOCALES
from sms_gateway.segments import measure
from store import clock
from tests.bot.conftest import TUESDAY_NOON, assistant_with

OPENINGS = (
    "the hall in Chakvi on Friday at 3 for two hours, chess club, 10 people",
    "მინდა დარბაზი ჩაქვში",
    "darbazi minda kachretshi orshabats 11ze 2 saatit",
    "нужен зал в Цнори в пятницу",
    "Salam, Sadaxlıda zal lazımdır",
    "Բարև ձեզ, Բարալեթում դահլիճ է պետք",
)
ANSWERS = (
    *("1", "2", "3", "4", "5", "12", "20-25", "2 3", "15:00", "09:00-18:00", "0", "1000000", "-3"),
    *(
        "Friday",
        "on Thursday at 11",
        "tomorrow",
        "next week",
        "30 November",
        "31.11",
        "7 January",
        "the whole day",
    ),
    *("პარასკევს", "3 საათზე", "ორი საათი", "10-დან 12-მდე", "ხვალ", "დილით", "კვირას", "მომავალ ორშაბათს"),
    *("в пятницу в 15:00", "часа два", "до 12", "послезавтра", "bazar ertəsi", "saat 3", "ուրբաթ", "ժամը 3-ին"),
    *("yes", "no", "კი", "არა", "да", "нет", "hə", "yox", "այո", "ոչ", "no, Thursday", "არა, 30 კაცი", "no wait"),
    *("back", "უკან", "назад", "geri", "հետ", "change", "wrong name", "შევცვალოთ", "rules", "skip", "wait"),
    *("never mind", "აღარ მინდა", "передумал", "cancel my booking", "my bookings", "move it to Monday at 10"),
    *("a resident", "მოსახლე", "школа", "şirkət", "projector and sound", "nothing", "არაფერი", "ничего", "ոչինչ"),
    *("Nino", "ქეთი", "Анна", "Անի", "Maka", "my name is Olga", "სოფლის კრება", "день рождения", "toy", "ժողով"),
    *("no, in Kachreti", "Kachreti", "what do I need for a passport?", "how much is it?", "რა საათებში მუშაობთ?"),
    *(
        "K7-3F2",
        "",
        " ",
        "😀",
        "?",
        "hello",
        "ბლა " * 400,
        "a" * 1600,
        "2026-11-27T15:00",
        "hall:yes",
        "\\u0000\\u200b",
    ),
)
CHOICES = (
    *(
        "hall:yes",
        "hall:change",
        "hall:quit",
        "hall:wait",
        "hall:back",
        "hall:skip",
        "hall:rules",
        "hall:",
        "hall:x",
    ),
    *("hall:day:2026-11-27", "hall:day:2026-11-25", "hall:day:2020-01-01", "hall:day:x", "hall:start:15:00"),
    *("hall:start:03:10", "hall:start:99:99", "hall:at:2026-11-30T10:00", "hall:at:x", "hall:minutes:120"),
    *("hall:minutes:0", "hall:minutes:-5", "hall:minutes:100000000000", "hall:who:resident", "hall:who:king"),
    *("hall:gear:none", "hall:gear:sound", "hall:gear:x", "hall:change:day", "hall:change:name", "hall:change:x"),
    *("wait:1", "wait:x", "booking:x:take", "booking::", "intent:my_bookings", "intent:book_room", "place:1"),
)
"""Values of buttons, those of other forms and none among them; those of a stranger's booking come in besides."""


@dataclass(frozen=True)
class Message:
    """A text, or a pressed value; ``stranger`` presses what is to be done with somebody else's booking."""

    text: str = ""
    choice: str | None = None
    stranger: str | None = None


MESSAGES = st.one_of(
    st.sampled_from(ANSWERS).map(Message),
    st.sampled_from(ANSWERS).map(Message),
    st.text(max_size=60).map(Message),
    st.sampled_from(CHOICES).map(lambda value: Message(choice=value)),
    st.sampled_from(("", ":cancelled", ":cancel", ":move", ":take", ":file")).map(
        lambda what: Message(stranger=what)
    ),
)


@pytest.fixture(scope="module")
def any_talk(neighbour: Neighbour) -> Iterator[Talk]:
    """One talk of many people, the first of whom has a booking."""
    made = Talk(assistant_with(neighbour, lambda *_: None))
    with clock.fixed(TUESDAY_NOON):
        for text in (OPENINGS[0], "1", "1", "Nino", "1"):
            made.say("sms", "stranger", text)
    yield made
    made.close()


def bookings(talk: Talk) -> dict[int, Booking]:
    with talk.database.read() as session:
        return {booking.id: booking for booking in session.scalars(select(Booking))}


def has_form(talk: Talk) -> bool:
    """Whether the newest person's form is open."""
    with talk.database.read() as session:
        newest = session.scalars(select(Conversation).order_by(Conversation.contact_id.desc()).limit(1)).one()
        return newest.state.get("form") is not None


def summary_times(exchange: Exchange) -> str:
    """What a summary shows; nothing for another message."""
    values = [choice.value for choice in (*exchange.reply.choices, *exchange.reply.offers)]
    return "\\n".join((*exchange.reply.texts, *(exchange.reply.short or ()))) if "hall:yes" in values else ""


def names_the_time(summary: str, booking: Booking) -> bool:
    """Whether a summary has the weekday, the date and the hours of the booking, in some language."""
    spans = (words.span(locale, booking.starts_at, booking.ends_at, short=True) for locale in LOCALES)
    return any(span in summary for span in spans)


_people = count()


@given(
    channel=st.sampled_from(("sms", "sms", "telegram")),
    opening=st.sampled_from(OPENINGS),
    messages=st.lists(MESSAGES, max_size=14),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_is_booked_unseen_and_every_answer_fits(
    channel: Channel, opening: str, messages: list[Message], any_talk: Talk
) -> None:
    sender = f"any{next(_people)}"
    before = bookings(any_talk)
    stranger = min(before)
    seen: list[str] = []
    with clock.fixed(TUESDAY_NOON):
        for message in (Message(opening), *messages):
            choice = message.choice
            if message.stranger is not None:
                choice = f"booking:{before[stranger].reference}{message.stranger}"
            said = any_talk.say(channel, sender, message.text if choice is None else "", choice=choice)
            after = bookings(any_talk)
            changed = [one for one in after.values() if _differs(before.get(one.id), one)]
            for one in changed:
                assert any(names_the_time(summary, one) for summary in seen), (message, one.starts_at)
            assert after[stranger].state == "tentative"
            if channel == "sms":
                assert all(measure(text).count <= 2 for text in said.shown), said.shown
            seen.append(summary_times(said))
            before = after


def _differs(old: Booking | None, new: Booking) -> bool:
    return old is None or (old.starts_at, old.ends_at) != (new.starts_at, new.ends_at)


@given(opening=st.sampled_from(OPENINGS), messages=st.lists(MESSAGES, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_form_that_is_not_understood_any_more_ends(
    opening: str, messages: list[Message], any_talk: Talk
) -> None:
    sender = f"any{next(_people)}"
    with clock.fixed(TUESDAY_NOON):
        for message in (Message(opening), *messages):
            any_talk.say("sms", sender, message.text, choice=message.choice)
        for _ in range(asking.MISSES_BORNE + 1):  # the first may answer a question asked in between
            any_talk.say("sms", sender, "😀")
    assert not has_form(any_talk)
