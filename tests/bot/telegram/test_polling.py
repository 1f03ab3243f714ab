"""Updates come in by long polling: each is answered once, in order, and none is lost."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from desk import contacts
from desk.contacts import Contact
from desk.messages import Choice, File, Pin, Reply
from store.database import Database
from tests.bot.telegram.bot_api_server import TOKEN, BotApiServer
from tests.bot.telegram.conftest import Books, FrontMaker, ScriptedAssistant
from tests.bot.telegram.updates import GIORGI, NINO, location, member, pressed, text


def test_a_question_is_answered_and_everything_is_written_down(
    books: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    fronts(books.database)
    api.push(text("სად არის ცენტრი <აქ>?"))
    assert api.wait_for_messages(1)[0]["text"] == "you said სად არის ცენტრი <აქ>?"
    api.wait(lambda: books.states() == ["sent"])
    row, inbound = books.outbox()[0], books.inbound()[0]
    assert row.provider_id == str(api.messages[0]["message_id"])
    assert row.lease_owner is None
    assert inbound.answered_at is not None
    assert (inbound.fault, inbound.reply) == (None, row.texts)


def test_an_update_is_confirmed_only_after_it_was_committed(
    books: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    seen: list[int] = []

    def answer(_session: Session, _contact: int) -> Reply:
        time.sleep(0.1)
        seen.append(api.confirmed)
        return Reply(("done",), "ka")

    assistant.script["q"] = answer
    asked = text("q")
    fronts(books.database)
    api.push(asked)
    api.wait(lambda: api.confirmed == asked["update_id"])
    assert seen[0] < asked["update_id"]
    assert len(books.inbound()) == 1


def test_the_same_update_again_does_nothing(
    books: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    asked = text("once")
    fronts(books.database).sender()
    api.push(asked, asked)
    api.wait_for_messages(1)
    api.wait(lambda: books.states() == ["sent"])
    later = fronts(books.database)  # another process that gets the same updates
    api.push(asked, text("twice"))
    api.wait_for_messages(2)
    later.stop()
    assert assistant.said == ["once", "twice"]
    assert len(api.messages) == 2


def test_a_chat_is_answered_in_order_and_other_chats_do_not_wait_for_it(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    fronts(lite.database)
    api.trouble("sendMessage", seconds=0.4)
    api.push(text("1", NINO))
    api.wait(lambda: api.called("sendMessage"))
    api.push(*(text(str(number), NINO) for number in range(2, 6)), text("quick", GIORGI))
    api.wait_for_messages(1, GIORGI)
    assert api.to(NINO) == []
    assert [sent["text"] for sent in api.wait_for_messages(5, NINO)] == [f"you said {n}" for n in range(1, 6)]


def test_buttons_pins_and_files_are_sent(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    assistant.script["intent:hours"] = Reply(
        ("Koda", "Open"),
        "en",
        (Choice("Call", "intent:contact"),),
        pins=(Pin("Koda", "", 41.56, 44.75),),
        files=(File("visit.ics", "text/calendar", b"BEGIN:VCALENDAR"),),
    )
    fronts(lite.database)
    api.push(pressed("intent:hours"))
    words, venue, document = api.wait_for_messages(3)
    assert words["html"] == "<b>Koda</b>\n\nOpen"
    assert words["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "intent:contact"
    assert (venue["venue"]["title"], venue["venue"]["address"]) == ("Koda", "Koda")
    assert (document["document"]["file_name"], document["content"]) == ("visit.ics", b"BEGIN:VCALENDAR")


def test_a_location_arrives(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    fronts(lite.database)
    api.push(location(41.7, 44.8))
    api.wait_for_messages(1)
    assert assistant.inbounds[0].location == (41.7, 44.8)


def test_every_press_of_a_button_is_answered_even_a_stale_one(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    fronts(lite.database)
    api.push(pressed("place:1", query="fresh"), pressed("place:2", query="stale-1"))
    api.wait_for_messages(2)
    api.wait(lambda: len(api.called("answerCallbackQuery")) == 2)
    assert {call["callback_query_id"] for call in api.called("answerCallbackQuery")} == {"fresh", "stale-1"}
    assert api.callbacks == set()
    assert api.called("editMessageReplyMarkup") == []


def test_a_silent_reply_sends_nothing(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    assistant.script["psst"] = Reply(("nothing",), "ka", silent=True)
    fronts(lite.database)
    api.push(text("psst"), text("hello"))
    assert [sent["text"] for sent in api.wait_for_messages(1)] == ["you said hello"]
    assert [row.reply for row in lite.inbound()] == [[], ["you said hello"]]


def test_a_fault_of_the_assistant_is_apologised_for_and_written_down(
    books: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    def half_done(session: Session, contact_id: int) -> Reply:
        contact = session.get(Contact, contact_id)
        assert contact is not None
        contacts.set_home(contact, 5)
        session.flush()
        raise LookupError("my number is 599123456")

    assistant.script["fall"] = half_done
    with capture_logs() as logs:
        fronts(books.database)
        api.push(text("fall"), text("still there?"))
        sent = api.wait_for_messages(2)
    assert [message["text"] for message in sent] == ["[ka] apology 1488", "you said still there?"]
    assert [row.fault for row in books.inbound()] == ["LookupError", None]
    contact = books.contact(NINO)
    assert contact is not None
    assert contact.resident.home_place_id is None
    faults = [line for line in logs if line["event"] == "telegram.fault"]
    assert len(faults) == 1
    assert "599123456" not in str(logs)
    assert str(NINO) not in str(logs)


def test_a_race_in_the_database_is_run_once_more(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    def race_once(_session: Session, _contact: int) -> Reply:
        if assistant.said.count("race") == 1:
            raise IntegrityError("insert", {}, Exception("unique"))
        return Reply(("won",), "ka")

    assistant.script["race"] = race_once
    fronts(lite.database)
    api.push(text("race"))
    assert api.wait_for_messages(1)[0]["text"] == "won"


def test_an_update_that_raises_again_and_again_does_not_hold_up_the_others(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    assistant.script["poison"] = OperationalError("select", {}, Exception("no such thing"))
    fronts(lite.database)
    api.push(text("poison", NINO), text("water", NINO))
    assert [sent["text"] for sent in api.wait_for_messages(2)] == ["[ka] apology 1488", "you said water"]
    assert assistant.said.count("poison") == 3
    assert [row.fault for row in lite.inbound()] == ["OperationalError", None]


def test_a_database_that_is_down_is_waited_for(
    lite: Books,
    api: BotApiServer,
    assistant: ScriptedAssistant,
    fronts: FrontMaker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    down = OperationalError("connect", {}, Exception("refused"))
    real_write, real_answers = Database.write, Database.answers

    def broken(*_: Any) -> Any:
        raise down

    with capture_logs() as logs:
        monkeypatch.setattr(Database, "write", broken)
        monkeypatch.setattr(Database, "answers", broken)
        front = fronts(lite.database)
        asked = text("patience")
        api.push(asked)
        api.wait(lambda: front.health().outage == "database: OperationalError")
        time.sleep(0.2)
        assert api.confirmed < asked["update_id"]
        monkeypatch.setattr(Database, "write", real_write)
        monkeypatch.setattr(Database, "answers", real_answers)
        assert api.wait_for_messages(1)[0]["text"] == "you said patience"
        api.wait(lambda: front.health().outage is None)
    assert [line["event"] for line in logs].count("telegram.outage") == 1


def test_the_network_goes_and_comes_back(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    with capture_logs() as logs:
        api.trouble("getMe", drop=True)
        api.trouble("getMe", status=502, description="Bad Gateway")
        api.trouble("getUpdates", drop=True, times=3)
        api.trouble("getUpdates", status=500, description="Internal Server Error", times=2)
        api.trouble("getUpdates", status=429, description="Too Many Requests", retry_after=1)
        front = fronts(lite.database)
        api.push(text("still there?"))
        assert api.wait_for_messages(1)[0]["text"] == "you said still there?"
    events = [(line["event"], line["what"]) for line in logs if "outage" in line["event"]]
    outages = ["telegram.outage", "telegram.outage_over"]
    assert events == [(event, what) for what in ("connecting", "polling") for event in outages]
    assert front.health().outage is None
    assert front.health().last_heard is not None


def test_an_update_that_the_library_cannot_read_is_skipped(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    strange = text("strange")
    strange["message"]["date"] = "yesterday"
    fronts(lite.database)
    api.push(strange, text("plain"))
    assert api.wait_for_messages(1)[0]["text"] == "you said plain"
    api.wait(lambda: api.confirmed > strange["update_id"])


def test_a_wrong_token_neither_stops_the_process_nor_gets_into_the_logs(
    lite: Books, api: BotApiServer, fronts: FrontMaker
) -> None:
    wrong = "4711:" + "A" * 35
    with capture_logs() as logs:
        front = fronts(lite.database, token=wrong)
        api.wait(lambda: front.health().outage)
    assert front.health().running
    assert wrong not in str(logs)
    assert TOKEN not in str(logs)


def test_who_asks_to_be_forgotten_gets_one_last_word(
    books: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    def forget(session: Session, contact_id: int) -> Reply:
        contact = session.get(Contact, contact_id)
        assert contact is not None
        contacts.forget(session, contact)
        return Reply(("forgotten",), "ka")

    assistant.script["intent:forget_me"] = forget
    fronts(books.database)
    api.push(text("hello"), text("/forget"))
    assert [sent["text"] for sent in api.wait_for_messages(2)] == ["you said hello", "forgotten"]
    api.wait(lambda: books.states() == ["sent", "sent"])
    with books.database.write() as session:
        assert contacts.sweep(session) == 1
    assert (books.contact(NINO), books.outbox(), books.inbound()) == (None, [], [])


def test_blocking_the_bot_suppresses_the_contact_and_unblocking_lifts_that_but_not_an_opt_out(
    books: Books, api: BotApiServer, fronts: FrontMaker
) -> None:
    fronts(books.database)
    api.push(text("hello"))
    api.wait(lambda: books.states() == ["sent"])
    with books.database.write() as session:
        contact = contacts.find(session, "telegram", str(NINO))
        assert contact is not None
        contacts.opt_out(session, contact)
    api.push(member("kicked"), member("kicked", GIORGI))
    api.wait(lambda: (found := books.contact(NINO)) and found.suppressed_reason == "blocked")
    api.push(member("member"))
    api.wait(lambda: (found := books.contact(NINO)) and found.suppressed_at is None)
    found = books.contact(NINO)
    assert found is not None
    assert found.opted_out_at is not None
    assert books.contact(GIORGI) is None


def test_a_front_is_started_once_and_stops_quickly(lite: Books, api: BotApiServer, fronts: FrontMaker) -> None:
    front = fronts(lite.database)
    with pytest.raises(RuntimeError):
        front.start()
    api.wait(lambda: api.called("getUpdates"))
    begun = time.monotonic()
    front.stop()
    assert time.monotonic() - begun < 2
    assert not front.health().running
