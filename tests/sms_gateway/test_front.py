"""One text in, at most one out: recorded, limited, paged, and never lost to a fault of ours."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from desk import contacts, conversations, outbox
from desk.contacts import Contact
from desk.intake import InboundMessage
from desk.messages import Choice, Inbound, Reply
from sms_gateway import sentences
from sms_gateway.front import SmsFront
from sms_gateway.segments import measure
from store import clock
from store.database import Database
from tests.sms_gateway.scripted import NUMBER, SETTINGS, ScriptedAssistant, reply, text

MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def front(database: Database, assistant: ScriptedAssistant | None = None, **changes: object) -> SmsFront:
    return SmsFront(database, assistant or ScriptedAssistant(), replace(SETTINGS, **changes))  # type: ignore[arg-type]


def rows(database: Database) -> list[InboundMessage]:
    with database.read() as session:
        return list(session.scalars(select(InboundMessage).order_by(InboundMessage.id)))


def contact(database: Database) -> Contact:
    with database.read() as session:
        found = contacts.find(session, "sms", NUMBER)
        assert found is not None
        return found


def test_a_message_is_recorded_and_answered(database: Database) -> None:
    assert front(database).receive(text("Kachreti")) == ["You wrote: Kachreti"]
    (row,) = rows(database)
    assert (row.text, row.reply, row.intent, row.fault) == ("Kachreti", ["You wrote: Kachreti"], "hours", None)
    assert row.answered_at is not None


def test_a_repeated_message_gets_the_same_answer_and_changes_nothing(database: Database) -> None:
    assistant = ScriptedAssistant()
    message = text("Kachreti")
    one = front(database, assistant)
    assert one.receive(message) == one.receive(message) == ["You wrote: Kachreti"]
    assert len(assistant.asked) == 1
    assert len(rows(database)) == 1
    assert contact(database).budget_used == 1


def test_the_first_messages_of_a_new_number_may_race(database: Database) -> None:
    assistant = ScriptedAssistant()
    one, message, answers = front(database, assistant), text("Kachreti", provider_id="SMsame"), []
    ready = threading.Barrier(8)

    def deliver(inbound: Inbound) -> None:
        ready.wait()
        answers.append(one.receive(inbound))

    deliveries = [message] * 4 + [text(f"text {n}") for n in range(4)]
    threads = [threading.Thread(target=deliver, args=(inbound,)) for inbound in deliveries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert answers.count(["You wrote: Kachreti"]) == 4
    assert len(rows(database)) == 5
    with database.read() as session:
        assert session.scalar(select(func.count(Contact.id))) == 1


def test_stop_is_final_until_start(database: Database) -> None:
    assistant = ScriptedAssistant()
    one = front(database, assistant)
    assert one.receive(text("Стоп!")) == [sentences.say("stopped", "ru")]
    assert contact(database).opted_out_at is not None
    assert one.receive(text("STOP")) == []
    assert one.receive(text("Kachreti")) == []
    assert one.receive(text("M")) == []
    assert one.receive(text("помощь")) == [sentences.say("help", "ru")]
    assert one.receive(text("старт")) == [sentences.say("started", "ru")]
    assert contact(database).opted_out_at is None
    assert assistant.asked == []
    assert one.receive(text("Kachreti")) == ["You wrote: Kachreti"]
    assert [row.intent for row in rows(database)] == ["stop", None, None, None, "help", "start", "hours"]


def test_yes_is_start_only_for_somebody_who_stopped(database: Database) -> None:
    one = front(database)
    assert one.receive(text("yes")) == ["You wrote: yes"]
    one.receive(text("stop"))
    assert one.receive(text("Yes")) == [sentences.say("started", "en")]


def test_start_of_somebody_who_never_stopped_is_for_the_assistant(database: Database) -> None:
    assert front(database).receive(text("start")) == ["You wrote: start"]


def test_what_twilio_answered_itself_is_recorded_and_not_answered(database: Database) -> None:
    one = front(database)
    assert one.receive(text("STOP"), "STOP") == []
    assert contact(database).opted_out_at is not None
    assert one.receive(text("HELP"), "HELP") == []
    assert one.receive(text("YES"), "START") == []
    assert contact(database).opted_out_at is None
    assert contact(database).budget_used == 0
    assert [row.intent for row in rows(database)] == ["stop", "help", "start"]


def test_m_brings_the_next_page_until_there_is_none(database: Database) -> None:
    assistant = ScriptedAssistant(lambda inbound: Reply(("სოფელი კაჩრეთი " * 25,), "ka"))
    one = front(database, assistant)
    (first,), (second,), (third,) = one.receive(text("centres")), one.receive(text("მ")), one.receive(text("M"))
    assert first.endswith("მეტი: M")
    assert second.endswith("მეტი: M")
    assert "მეტი" not in third
    assert all(measure(page).count <= 2 for page in (first, second, third))
    assert one.receive(text("m")) == [sentences.say("no_more", "en")]
    assert len(assistant.asked) == 1


def test_a_repeated_m_does_not_turn_two_pages(database: Database) -> None:
    one = front(database, ScriptedAssistant(lambda inbound: Reply(("სოფელი კაჩრეთი " * 25,), "ka")))
    one.receive(text("centres"))
    more = text("M")
    assert one.receive(more) == one.receive(more)


def test_a_new_question_forgets_the_old_pages(database: Database) -> None:
    script = {"long": Reply(("word " * 200,), "en"), "short": reply("Short.")}
    one = front(database, ScriptedAssistant(lambda inbound: script[inbound.text]))
    one.receive(text("long"))
    one.receive(text("short"))
    assert one.receive(text("M")) == [sentences.say("no_more", "en")]


def test_pages_of_yesterday_are_not_shown(database: Database) -> None:
    one = front(database, ScriptedAssistant(lambda inbound: Reply(("word " * 200,), "en")))
    with clock.fixed(MORNING):
        one.receive(text("long"))
    with clock.fixed(MORNING + timedelta(hours=25)):
        assert one.receive(text("M")) == [sentences.say("no_more", "en")]


def test_the_rest_of_news_is_shown_to_whoever_wrote_long_ago(database: Database) -> None:
    one = front(database)
    with clock.fixed(MORNING - timedelta(days=9)):
        one.receive(text("Kachreti"))
    with clock.fixed(MORNING), database.write() as session:
        conversations.keep_pages(session, contact(database).id, ["The rest of the news."])
    with clock.fixed(MORNING + timedelta(hours=2)):
        assert one.receive(text("M")) == ["The rest of the news."]


def test_the_word_more_without_pages_is_for_the_assistant(database: Database) -> None:
    assert front(database).receive(text("more")) == ["You wrote: more"]


def test_an_assistant_that_breaks_is_apologised_for(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(inbound: Inbound) -> Reply:
        raise ZeroDivisionError

    one, message = front(database, ScriptedAssistant(broken)), text("სად არის ცენტრი?")
    assert one.receive(message) == [sentences.say("fault", "ka")]
    assert "სად" not in capsys.readouterr().out
    (row,) = rows(database)
    assert (row.fault, row.reply) == ("ZeroDivisionError", [sentences.say("fault", "ka")])
    assert one.receive(message) == [sentences.say("fault", "ka")]


def test_what_a_broken_assistant_wrote_is_rolled_back(database: Database) -> None:
    class HalfWay(ScriptedAssistant):
        def answer(self, session, inbound, contact_id):  # type: ignore[no-untyped-def]
            contacts.opt_out(session, session.get_one(Contact, contact_id))
            session.flush()
            raise RuntimeError

    front(database, HalfWay()).receive(text("Kachreti"))
    assert contact(database).opted_out_at is None


def test_an_assistant_that_breaks_a_rule_of_the_database_is_apologised_for(database: Database) -> None:
    class Doubled(ScriptedAssistant):
        def answer(self, session, inbound, contact_id):  # type: ignore[no-untyped-def]
            session.add(Contact(channel="sms", address=NUMBER, created_at=clock.now(), resident_id=1))
            session.flush()

    assert front(database, Doubled()).receive(text("привет")) == [sentences.say("fault", "ru")]
    assert rows(database)[0].fault == "IntegrityError"


def test_the_budget_ends_with_one_sentence_and_then_silence(database: Database) -> None:
    assistant = ScriptedAssistant()
    one = front(database, assistant, replies_per_hour=3)
    with clock.fixed(MORNING):
        answers = [one.receive(text(f"question {n}")) for n in range(6)]
    assert answers[3] == [sentences.say("limit", "en")]
    assert answers[4:] == [[], []]
    assert len(assistant.asked) == 3
    with clock.fixed(MORNING + timedelta(minutes=59)):
        assert one.receive(text("again")) == []
        assert one.receive(text("stop")) == []
    assert contact(database).opted_out_at is not None
    with clock.fixed(MORNING + timedelta(minutes=61)):
        assert one.receive(text("start")) == [sentences.say("started", "en")]


def test_the_same_text_again_and_again_is_a_loop(database: Database) -> None:
    counted = iter(range(100))
    one = front(database, ScriptedAssistant(lambda inbound: reply(f"answer {next(counted)}")))
    with clock.fixed(MORNING):
        answers = [one.receive(text("I am busy, call later")) for _ in range(6)]
    assert [bool(answer) for answer in answers] == [True, True, True, False, False, False]
    with clock.fixed(MORNING + timedelta(minutes=11)):
        assert one.receive(text("I am busy, call later")) == ["answer 3"]


def test_the_same_answer_again_and_again_is_a_loop(database: Database) -> None:
    one = front(database, ScriptedAssistant(lambda inbound: reply("I did not understand.")))
    with clock.fixed(MORNING):
        answers = [one.receive(text(f"busy until {n} o'clock")) for n in range(6)]
    assert [bool(answer) for answer in answers] == [True, True, True, False, False, False]


def test_a_number_may_be_chosen_again_and_again(database: Database) -> None:
    counted = iter(range(100))
    one = front(database, ScriptedAssistant(lambda inbound: reply(f"step {next(counted)}")))
    with clock.fixed(MORNING):
        assert all(one.receive(text("1")) for _ in range(8))


@pytest.mark.parametrize("number", ["8555", "MAGTI", "+37491123456", "+19005550123", "+12025550123"])
def test_who_is_not_answered_is_recorded(database: Database, number: str) -> None:
    assistant = ScriptedAssistant()
    assert front(database, assistant).receive(text("Buy now", number=number)) == []
    assert front(database, assistant).receive(text("stop", number=number)) == []
    assert [row.text for row in rows(database)] == ["Buy now", "stop"]
    assert assistant.asked == []


def test_machines_are_not_answered(database: Database) -> None:
    assert front(database).receive(text("Auto-reply: I am driving")) == []


def test_media_empty_and_long_texts_reach_the_assistant(database: Database) -> None:
    assistant = ScriptedAssistant(lambda inbound: reply(f"{inbound.media} {len(inbound.text)}"))
    one = front(database, assistant)
    assert one.receive(replace(text(""), media="photo")) == ["photo 0"]
    assert one.receive(text("")) == ["None 0"]
    assert one.receive(text("კ" * 1_600)) == ["None 1600"]
    assert [row.text[:7] for row in rows(database)] == ["<photo>", "", "კ" * 7]


def test_whatsapp_goes_through_the_same_code_without_the_segment_limit(database: Database) -> None:
    long = "ქართული ტექსტი " * 60
    script = Reply((long,), "ka", short=("short",), choices=(Choice("One", "1"),))
    one = front(database, ScriptedAssistant(lambda inbound: script))
    assert one.receive(text("hi", channel="whatsapp")) == [long.strip() + "\n1 One"]
    assert one.receive(text("stop", channel="whatsapp")) == [sentences.say("stopped", "en")]


def test_a_queued_answer_is_written_with_the_message(database: Database) -> None:
    one, message = front(database), text("Kachreti")
    outgoing = one.receive_and_queue(message, ("me", timedelta(seconds=90)))
    assert outgoing is not None
    assert (outgoing.texts, outgoing.address, outgoing.channel) == (("You wrote: Kachreti",), NUMBER, "sms")
    assert one.receive_and_queue(message, ("me", timedelta(seconds=90))) is None
    with database.read() as session:
        row = outbox.by_message_id(session, outgoing.message_id)
        assert row is not None
        assert (row.state, row.kind, row.lease_owner, row.attempts) == ("sending", "reply", "me", 1)
    assert one.receive_and_queue(text("STOP", number="8555"), None) is None


def test_a_resident_who_asks_to_be_forgotten_gets_the_last_answer(database: Database) -> None:
    class Forgetting(ScriptedAssistant):
        def answer(self, session, inbound, contact_id):  # type: ignore[no-untyped-def]
            contacts.forget(session, session.get_one(Contact, contact_id))
            return super().answer(session, inbound, contact_id)

    one = front(database, Forgetting(lambda inbound: reply("Forgotten. " * 100)))
    assert one.receive_and_queue(text("forget me"), None) is not None
    assert contact(database).forget_at is not None


def test_stop_at_the_end_of_the_budget_is_confirmed_as_stop(database: Database) -> None:
    one = front(database, replies_per_hour=1)
    one.receive(text("Kachreti"))
    assert one.receive(text("stop")) == [sentences.say("stopped", "en")]
