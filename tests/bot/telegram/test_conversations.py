"""Groups, edited messages, and the pages of a keyboard."""

from __future__ import annotations

import uuid

from desk.messages import Choice, Reply
from tests.bot.telegram.bot_api_server import BotApiServer
from tests.bot.telegram.conftest import Books, FrontMaker, ScriptedAssistant
from tests.bot.telegram.updates import GIORGI, GROUP, NINO, edited, pressed, text

VILLAGES = tuple(Choice(f"სოფელი {number}", f"place:{number}") for number in range(12))


def test_a_group_gets_a_short_answer_under_the_question(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    offer = (Choice("Book", "intent:book_room"),)
    assistant.script["intent:hours"] = Reply(("a", "b", "c"), "en", offers=offer, asks_location=True)
    fronts(lite.database)
    asked = text("/hours@MezobeliTestBot", GROUP)
    api.push(text("we talk among ourselves", GROUP), asked)
    sent = api.wait_for_messages(1, GROUP)[0]
    assert sent["text"] == "a\n\nb"
    assert sent["reply_parameters"]["message_id"] == asked["message"]["message_id"]
    assert "reply_markup" not in sent
    assert assistant.said == ["intent:hours"]


def test_what_is_about_one_person_is_not_talked_about_in_a_group(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    fronts(lite.database)
    api.push(text("/village", GROUP), text("/stop", GROUP), pressed("intent:book_room", GROUP))
    sent = api.wait_for_messages(3, GROUP)
    assert all("https://t.me/MezobeliTestBot" in message["text"] for message in sent)
    assert assistant.inbounds == []
    assistant.intent = "book_room"
    api.push(text("@MezobeliTestBot book the hall", GROUP))
    assert "https://t.me/MezobeliTestBot" in api.wait_for_messages(4, GROUP)[3]["text"]
    assert [row.fault for row in lite.inbound()] == [None] * 4


def test_a_link_to_a_centre_works_in_a_group(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    fronts(lite.database)
    api.push(text("/start@MezobeliTestBot center_koda", GROUP))
    api.wait_for_messages(1, GROUP)
    assert assistant.said == ["center:koda"]


def test_an_edit_of_the_last_message_is_answered_and_nothing_is_said_twice(
    books: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    fronts(books.database)
    first = text("kida")
    api.push(first, edited(first, "koda"), edited(first, "koda"))
    api.push(edited(first, "koda "), edited(first, "kodaa"))
    api.push(text("the end"))
    api.wait(lambda: assistant.said[-1:] == ["the end"])
    assert assistant.said == ["kida", "koda", "kodaa", "the end"]
    assert [inbound.edited for inbound in assistant.inbounds] == [False, True, True, False]


def test_an_edit_of_an_older_message_or_of_an_unknown_chat_is_ignored(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    fronts(lite.database)
    first, second = text("one"), text("two")
    api.push(first, second, edited(first, "ONE"), edited(text("x", GIORGI), "y"), text("three"))
    api.wait(lambda: assistant.said[-1:] == ["three"])
    assert assistant.said == ["one", "two", "three"]
    assert lite.contact(GIORGI) is None


def test_pages_turn_even_after_a_restart(
    books: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    assistant.script["which?"] = Reply(("Which?",), "ka", VILLAGES)
    front = fronts(books.database)
    api.push(text("which?"))
    sent = api.wait_for_messages(1)[0]
    api.wait(lambda: books.states() == ["sent"])
    front.stop()
    fronts(books.database)
    forward = sent["reply_markup"]["inline_keyboard"][-1][0]
    assert forward["text"] == "›"
    turn = pressed(forward["callback_data"], under=sent)
    api.push(turn, pressed(forward["callback_data"], under=sent))  # impatiently, twice
    api.wait(lambda: len(api.called("editMessageReplyMarkup")) == 2)
    rows = api.wait(lambda: sent["reply_markup"]["inline_keyboard"][-1][0]["text"] == "‹" and sent["reply_markup"])
    values = [button["callback_data"] for row in rows["inline_keyboard"][:-1] for button in row]
    assert values == ["place:8", "place:9", "place:10", "place:11"]
    api.wait(lambda: turn["callback_query"]["id"] not in api.callbacks)
    assert assistant.said == ["which?"]


def test_the_pages_of_another_chat_or_of_a_forgotten_message_do_not_turn(
    lite: Books, api: BotApiServer, assistant: ScriptedAssistant, fronts: FrontMaker
) -> None:
    assistant.script["which?"] = Reply(("Which?",), "ka", VILLAGES)
    fronts(lite.database)
    api.push(text("which?", GIORGI))
    data = api.wait_for_messages(1)[0]["reply_markup"]["inline_keyboard"][-1][0]["callback_data"]
    api.push(pressed(data, NINO), pressed(f"page:1:{uuid.uuid4()}", NINO))
    api.wait(lambda: len(api.called("answerCallbackQuery")) == 2)
    api.push(text("hello", NINO))
    api.wait_for_messages(1, NINO)
    assert api.called("editMessageReplyMarkup") == []
