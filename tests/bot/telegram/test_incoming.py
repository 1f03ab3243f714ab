"""What each kind of update means."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update, User

from bot.telegram import incoming
from bot.telegram.incoming import Arrival, Membership, Paging, Unanswerable
from tests.bot.telegram import updates
from tests.bot.telegram.bot_api_server import BOT
from tests.bot.telegram.updates import (
    GROUP,
    edited,
    location,
    member,
    message,
    pressed,
    reply_to_bot,
    text,
    update,
)

ME = User(BOT["id"], BOT["first_name"], True, username=BOT["username"])


def read(data: dict[str, Any]) -> incoming.Event:
    return incoming.read(Update.de_json(data, None), ME)


def arrival(data: dict[str, Any]) -> Arrival:
    event = read(data)
    assert isinstance(event, Arrival)
    return event


@pytest.mark.parametrize(
    ("command", "choice"),
    [
        ("/start", "intent:start"),
        ("/start center_koda", "center:koda"),
        ("/start center_", "intent:start"),
        ("/start whatever", "intent:start"),
        ("/help", "intent:help"),
        ("/HELP@mezobelitestbot", "intent:help"),
        ("/nearest", "intent:nearest_center"),
        ("/services", "intent:services"),
        ("/hours", "intent:hours"),
        ("/contact", "intent:contact"),
        ("/events", "intent:events"),
        ("/hall", "intent:book_room"),
        ("/language", "intent:language"),
        ("/village", "intent:set_home"),
        ("/stop", "intent:stop"),
        ("/forget", "intent:forget_me"),
        ("/human", "intent:human"),
    ],
)
def test_a_command_is_a_choice(command: str, choice: str) -> None:
    inbound = arrival(text(command)).inbound
    assert (inbound.choice, inbound.text) == (choice, "")


def test_what_follows_a_command_is_its_text() -> None:
    inbound = arrival(text("/nearest კოდა\nთეთრიწყარო")).inbound
    assert (inbound.choice, inbound.text) == ("intent:nearest_center", "კოდა\nთეთრიწყარო")


def test_an_unknown_command_is_text_without_the_slash() -> None:
    assert arrival(text("/passport in Koda")).inbound.text == "passport in Koda"
    assert arrival(text("/პასპორტი")).inbound.text == "პასპორტი"


def test_text_comes_with_the_language_of_the_account_and_without_what_no_database_keeps() -> None:
    data = text("გამარჯობა\x00 \ud800")
    data["message"]["from"]["language_code"] = "ru-RU"
    inbound = arrival(data).inbound
    assert inbound.text == "გამარჯობა ?"
    assert inbound.language_hint == "ru"
    assert inbound.address == str(updates.NINO)
    assert inbound.provider_id.startswith(str(data["update_id"]))


def test_places_are_locations_and_live_ones_count_once() -> None:
    assert arrival(location(41.7, 44.8)).inbound.location == (41.7, 44.8)
    live = location(41.7, 44.8, live_period=900)
    assert arrival(live).inbound.location == (41.7, 44.8)
    assert read(update(edited_message={**live["message"], "edit_date": 1})) is None
    point = {"latitude": 1.0, "longitude": 2.0}
    venue = {"location": point, "title": "t", "address": "a"}
    assert arrival(update(message=message(location=point, venue=venue))).inbound.location == (1.0, 2.0)


FILE = {"file_id": "f", "file_unique_id": "u"}
PHOTO = [{**FILE, "width": 1, "height": 1}]
CLIP = {**FILE, "width": 1, "height": 1, "duration": 1}
STICKER = {**FILE, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}


@pytest.mark.parametrize(
    ("content", "media"),
    [
        ({"photo": PHOTO}, "photo"),
        ({"voice": {**FILE, "duration": 1}}, "voice"),
        ({"audio": {**FILE, "duration": 1}}, "voice"),
        ({"video": CLIP}, "video"),
        ({"video_note": {**FILE, "length": 1, "duration": 1}}, "video"),
        ({"animation": CLIP, "document": FILE}, "video"),
        ({"sticker": STICKER}, "sticker"),
        ({"document": FILE}, "document"),
        ({"contact": {"phone_number": "1", "first_name": "n"}}, "contact"),
        ({"dice": {"emoji": "🎲", "value": 1}}, "other"),
    ],
)
def test_what_cannot_be_read_is_named(content: dict[str, Any], media: str) -> None:
    assert arrival(update(message=message(**content))).inbound.media == media
    assert read(update(message=message(GROUP, **content))) is None


def test_a_caption_is_text() -> None:
    inbound = arrival(update(message=message(photo=PHOTO, caption="რა არის ეს?"))).inbound
    assert (inbound.text, inbound.media) == ("რა არის ეს?", None)


def test_the_pictures_of_an_album_are_one_message() -> None:
    first, second = (update(message=message(photo=PHOTO, media_group_id="77")) for _ in range(2))
    assert arrival(first).inbound.provider_id == arrival(second).inbound.provider_id


@pytest.mark.parametrize(
    "data",
    [
        update(message=message(GROUP, new_chat_members=[BOT])),
        update(message=message(GROUP, text="we talk among ourselves")),
        update(message=message(GROUP, text="/help@AnotherBot")),
        update(message=message(GROUP, text="@MezobeliTestBot hi", is_automatic_forward=True)),
        update(message=message(GROUP, text="/help", sender={"id": 9, "is_bot": True, "first_name": "b"})),
        update(channel_post={**message(), "chat": {"id": -9, "type": "channel", "title": "t"}, "text": "news"}),
        update(
            poll_answer={"poll_id": "1", "option_ids": [0], "option_persistent_ids": ["0"], "user": updates.user()}
        ),
    ],
)
def test_what_is_not_said_to_the_bot_is_nothing(data: dict[str, Any]) -> None:
    assert read(data) is None


def test_in_a_group_mentions_replies_and_commands_are_for_the_bot() -> None:
    asked = arrival(text("სად არის ცენტრი @mezobelitestbot", GROUP))
    assert asked.inbound.text == "სად არის ცენტრი"
    assert (asked.group, asked.private_link) == (True, "https://t.me/MezobeliTestBot")
    assert asked.inbound.address == str(GROUP)
    assert arrival(reply_to_bot("კოდა")).inbound.text == "კოდა"
    assert arrival(text("/hours", GROUP)).inbound.choice == "intent:hours"
    named = text("ნინო hello", GROUP)
    named["message"]["entities"] = [{"type": "text_mention", "offset": 0, "length": 4, "user": BOT}]
    assert arrival(named).group


def test_buttons() -> None:
    data = pressed("place:5")
    event = arrival(data)
    assert event.inbound.choice == "place:5"
    assert event.callback == data["callback_query"]["id"]
    page = "00000000-0000-4000-8000-000000000001"
    assert isinstance(read(pressed(f"page:2:{page}")), Paging)
    assert arrival(pressed("page:2")).inbound.choice == "page:2"
    del data["callback_query"]["message"]
    assert read(data) == Unanswerable(data["callback_query"]["id"])


def test_an_edit_says_that_it_is_one() -> None:
    event = arrival(edited(text("a"), "b"))
    assert event.inbound.edited
    assert event.inbound.text == "b"


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("left", False), ("member", True)])
def test_memberships(status: str, reachable: bool) -> None:
    assert read(member(status)) == Membership(str(updates.NINO), reachable)
