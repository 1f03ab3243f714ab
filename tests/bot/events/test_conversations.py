"""Whole conversations about events: what is on, coming, leaving, reminders, subscriptions, in all languages."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import wording
from console.conversing import Exchange, Talk
from desk.events.models import Attendance, ReminderChoice, Subscription
from desk.messages import Channel
from knowledge.snapshot import Snapshot
from knowledge.types import Locale

ASKED: dict[Locale, str] = {
    "ka": "რა ღონისძიებებია ყაბალში?",
    "ka-Latn": "ra ghonisdziebebia kabalshi",
    "en": "what's on in Kabali?",
    "ru": "какие события в Кабали?",
    "az": "Kabalidə hansı tədbirlər var?",
    "hy": "ի՞նչ միջոցառումներ կան Կաբալիում",
}
COMING: dict[Locale, str] = {
    "ka": "მოვდივართ 3 კაცი",
    "ka-Latn": "movdivart 3 katsi",
    "en": "we are coming, 3 people",
    "ru": "мы придем, 3 человека",
    "az": "gəlirik, 3 nəfər",
    "hy": "գալիս ենք, 3 հոգի",
}
LEAVING: dict[Locale, str] = {
    "ka": "ვერ მოვალთ",
    "ka-Latn": "ver movalt",
    "en": "we are not coming",
    "ru": "не придем",
    "az": "gələ bilmirik",
    "hy": "չենք գալիս",
}
REMIND: dict[Locale, str] = {
    "ka": "შემახსენეთ",
    "ka-Latn": "shemakhsenet",
    "en": "remind me",
    "ru": "напомните мне",
    "az": "mənə xatırladın",
    "hy": "հիշեցրեք ինձ",
}
SUBSCRIBE: dict[Locale, str] = {
    "ka": "გამოწერა სოფლის მეურნეობა",
    "ka-Latn": "gamotsera soplis meurneoba",
    "en": "subscribe agriculture",
    "ru": "подписаться сельское хозяйство",
    "az": "abunə kənd təsərrüfatı",
    "hy": "բաժանորդագրվել գյուղատնտեսություն",
}


def say(talk: Talk, *said: str, channel: Channel = "sms", sender: str = "nino") -> Exchange:
    """The last exchange of a conversation; ``>value`` is a pressed button."""
    exchanges = [
        talk.say(channel, sender, choice=text[1:]) if text.startswith(">") else talk.say(channel, sender, text)
        for text in said
    ]
    return exchanges[-1]


def visits(talk: Talk) -> list[tuple[str, int]]:
    with talk.database.read() as session:
        return [
            (row.state, row.heads) for row in session.scalars(select(Attendance).order_by(Attendance.id)).unique()
        ]


def wishes(talk: Talk) -> list[tuple[str, str]]:
    with talk.database.read() as session:
        return [(row.kind, row.value) for row in session.scalars(select(Subscription).order_by(Subscription.id))]


@pytest.mark.parametrize("locale", list(ASKED))
def test_from_whats_on_to_coming_and_not_coming_in_every_language(locale: Locale, event_talk: Talk) -> None:
    listed = say(event_talk, ASKED[locale])
    assert listed.understanding.intent == "events"
    assert [choice.value for choice in listed.reply.choices] == ["event:2", "event:1"]
    shown = say(event_talk, "2")
    assert wording.say(locale, "event.free", n=5) in "\n".join(shown.reply.texts)
    joined = say(event_talk, COMING[locale])
    assert visits(event_talk) == [("coming", 3)]
    assert joined.reply.locale == locale
    say(event_talk, LEAVING[locale])
    assert visits(event_talk) == [("cancelled", 3)]


@pytest.mark.parametrize("locale", list(REMIND))
def test_remind_me_in_every_language(locale: Locale, event_talk: Talk) -> None:
    answered = say(event_talk, ASKED[locale], "2", REMIND[locale])
    assert wishes(event_talk) == [("event", "1")]
    assert wording.say(locale, "remind.both") in answered.reply.texts


@pytest.mark.parametrize("locale", list(SUBSCRIBE))
def test_a_word_and_a_topic_subscribe_in_every_language(locale: Locale, event_talk: Talk) -> None:
    assert say(event_talk, SUBSCRIBE[locale]).understanding.intent == "subscribe"
    assert wishes(event_talk) == [("topic", "agriculture")]


def test_a_title_in_another_language_says_which(event_talk: Talk) -> None:
    listed = say(event_talk, ASKED["en"])
    assert "Вечер кино (in Russian)" in listed.reply.choices[0].label
    assert "Beekeeping for beginners," in listed.reply.choices[1].label
    shown = say(event_talk, "1", channel="telegram", sender="nobody")
    assert shown.understanding.intent != "events"  # somebody else's list is not theirs
    described = say(event_talk, ASKED["en"], ">event:1", channel="telegram")
    assert "(in Georgian) მოიტანეთ ხელთათმანები." in described.reply.texts


def test_a_series_shows_its_next_times(event_talk: Talk) -> None:
    shown = say(event_talk, ASKED["en"], ">event:2", channel="telegram")
    assert any("Wed 02.12 18:00" in text for text in shown.reply.texts)


def test_the_number_of_people_is_asked_for(event_talk: Talk) -> None:
    asked = say(event_talk, ASKED["en"], "2", "1")
    assert asked.reply.texts == (wording.say("en", "event.heads"),)
    say(event_talk, "2")
    assert visits(event_talk) == [("coming", 2)]


def test_more_than_there_is_room_for_is_asked_again(event_talk: Talk) -> None:
    again = say(event_talk, ASKED["en"], "2", "I'm coming", "8")
    assert wording.say("en", "event.too_many.free", n=5) in again.reply.texts
    say(event_talk, "5")
    assert visits(event_talk) == [("coming", 5)]


def test_where_there_is_no_room_one_stands_in_line(event_talk: Talk) -> None:
    say(event_talk, ASKED["en"], ">event:1:come:4", channel="telegram", sender="gia")
    full = say(event_talk, ASKED["en"], ">event:1:come:2")
    assert wording.say("en", "event.waiting", n=2, line=1) in full.reply.texts
    mine = say(event_talk, "my events")
    assert wording.say("en", "event.mine.waiting", n=1) in mine.reply.texts


def test_the_calendar_file_can_be_read(event_talk: Talk) -> None:
    (file,) = say(event_talk, ASKED["ka"], ">event:1:file", channel="telegram").reply.files
    text = file.content.decode().replace("\r\n ", "")
    assert "DTSTART:20261128T110000Z\r\n" in text
    assert "SUMMARY:მეფუტკრეობა დამწყებთათვის\r\n" in text
    assert all(len(line) <= 75 for line in file.content.split(b"\r\n"))


def test_a_topic_or_a_day_narrows_and_what_is_left_out_is_offered_instead(event_talk: Talk) -> None:
    assert "Вечер кино" in say(event_talk, "films in Kabali").reply.texts[0]
    other = say(event_talk, "health events in Kabali")
    assert other.reply.texts[0] == wording.say("en", "events.list.not_about", topic="health")
    then = say(event_talk, "any events in Kabali on Saturday?")
    assert "Beekeeping" in then.reply.texts[0]


def test_where_nothing_is_on_yes_subscribes_and_no_does_not(event_talk: Talk, snapshot: Snapshot) -> None:
    nothing = say(event_talk, "what's on in Chakvi?")
    assert (
        wording.say("en", "events.none", where="Chakvi", hotline=snapshot.hotline.display) in nothing.reply.texts
    )
    say(event_talk, "no")
    assert wishes(event_talk) == []
    say(event_talk, "what's on in Chakvi?", "yes")
    assert wishes(event_talk) == [("center", "chakvi")]


def test_subscriptions_are_listed_and_ended_one_by_one_or_all_at_once(event_talk: Talk) -> None:
    say(event_talk, "subscribe agriculture", "subscribe films", "subscribe Kabali")
    listed = say(event_talk, "my subscriptions")
    assert [choice.value for choice in listed.reply.choices] == [
        "sub:off:all",
        "sub:off:topic:agriculture",
        "sub:off:topic:films",
        "sub:off:center:kabali",
    ]
    say(event_talk, "2")
    assert wishes(event_talk) == [("topic", "films"), ("center", "kabali")]
    say(event_talk, "unsubscribe from films")
    assert wishes(event_talk) == [("center", "kabali")]
    say(event_talk, "subscribe films", "unsubscribe from all")
    assert wishes(event_talk) == []


def test_stop_ends_every_subscription(event_talk: Talk) -> None:
    say(event_talk, "subscribe agriculture", "STOP")
    assert wishes(event_talk) == []


def test_forget_me_erases_visits_and_subscriptions(event_talk: Talk) -> None:
    say(event_talk, "subscribe agriculture", ASKED["en"], "2", "I'm coming", "2")
    say(event_talk, "forget me", "yes")
    assert (wishes(event_talk), visits(event_talk)) == ([], [])


def test_about_what_is_asked_and_a_topic_answers(event_talk: Talk) -> None:
    say(event_talk, "what's on in Kabali?", "subscribe")
    asked = say(event_talk, ">sub:topics", channel="sms")
    assert "agriculture" in asked.reply.wording(small_screen=True)[0]
    say(event_talk, "films please")
    assert wishes(event_talk) == [("topic", "films")]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("remind me only the day before", "day_before"),
        ("turn off reminders", "none"),
        ("remind me two hours before", "both"),
    ],
)
def test_reminders_are_chosen_in_words(text: str, wish: str, event_talk: Talk) -> None:
    answered = say(event_talk, text)
    assert answered.reply.texts == (wording.say("en", f"remind.{wish}"),)
    with event_talk.database.read() as session:
        assert session.scalars(select(ReminderChoice.wish)).all() == [wish]


@pytest.mark.parametrize(
    "value",
    ["event:99", "event:1:eat", "sub:on:center:nowhere", "sub:on:planet:mars", "topic:war", "remind:hourly"],
)
def test_an_old_button_is_answered_kindly(value: str, event_talk: Talk) -> None:
    assert say(event_talk, f">{value}", channel="telegram").reply.texts == (wording.say("ka", "choice.gone"),)
