"""How replies look in Telegram."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.telegram import payload, rendering
from bot.telegram.rendering import TextPart
from desk.messages import Choice, File, Outgoing, Pin, Reply
from tests.bot.telegram import bot_api_spec as spec
from tests.bot.telegram.conftest import say

MESSAGE_ID = "00000000-0000-4000-8000-000000000001"


def outgoing(reply: Reply, address: str = "7") -> Outgoing:
    return Outgoing(MESSAGE_ID, "telegram", address, reply.texts, payload.of_reply(reply))


def parts(reply: Reply, address: str = "7") -> list[rendering.Part]:
    return rendering.parts(outgoing(reply, address), say)


def labels(markup: object) -> list[list[str]]:
    assert isinstance(markup, InlineKeyboardMarkup)
    return [[button.text for button in row] for row in markup.inline_keyboard]


def many(number: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"სოფელი {n}", f"place:{n}") for n in range(number))


def test_everything_is_escaped_and_the_first_of_several_paragraphs_is_bold() -> None:
    assert rendering.split(["5 < 6 & <b>", "second"]) == ["<b>5 &lt; 6 &amp; &lt;b&gt;</b>\n\nsecond"]
    assert rendering.split(["alone <3"]) == ["alone &lt;3"]


def test_blank_paragraphs_are_left_out() -> None:
    assert rendering.split(["", " \n", "text\x00", "\ud800"]) == ["<b>text</b>\n\n?"]
    assert rendering.split([" "]) == []


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=200), max_size=6), st.integers(1, 60))
def test_every_message_is_one_that_telegram_accepts_and_no_word_is_lost(texts: list[str], times: int) -> None:
    texts = [text * times for text in texts]
    messages = rendering.split(texts)
    shown = "".join(spec.plain(message, "HTML") for message in messages)
    # HTML parsers turn control characters into others; Telegram's does too.
    keep = [sign for sign in "".join(texts) if sign.isalnum()]
    assert [sign for sign in shown if sign.isalnum()] == keep


def test_a_long_text_is_cut_between_words_and_letters_of_two_units_are_not_halved() -> None:
    words = "სოფელი " * 1500
    pieces = list(rendering.pieces(words.strip(), 4096))
    assert all(piece.startswith("სოფელი") and piece.endswith("სოფელი") for piece in pieces)
    smileys = list(rendering.pieces("😀" * 5000, 4096))
    assert [len(piece) for piece in smileys] == [2048, 2048, 904]


def test_paragraphs_that_fit_share_a_message_and_others_get_their_own() -> None:
    assert [len(text) for text in rendering.split(["a" * 4090, "b" * 10, "c"])] == [4090, 13]


def test_a_short_first_paragraph_is_a_title_and_a_long_one_is_not() -> None:
    assert rendering.split(["Lagodekhi", "12 km"]) == ["<b>Lagodekhi</b>\n\n12 km"]
    assert not rendering.split(["a" * 81, "12 km"])[0].startswith("<b>")


def test_short_labels_stand_in_pairs_and_long_ones_alone() -> None:
    choices = (
        Choice("კი", "yes"),
        Choice("არა", "no"),
        Choice("ძალიან გრძელი წარწერა ღილაკზე", "x"),
        Choice("z", "z"),
    )
    part = parts(Reply(("?",), "ka", choices))[0]
    assert isinstance(part, TextPart)
    assert labels(part.markup) == [["კი", "არა"], ["ძალიან გრძელი წარწერა ღილაკზე"], ["z"]]


def test_more_than_eight_choices_come_in_pages_with_the_offers_below() -> None:
    offers = (Choice("help", "intent:help"),)
    first = labels(rendering.keyboard(many(19), offers, 0, MESSAGE_ID))
    assert first[-2:] == [["›"], ["help"]]
    assert sum(map(len, first)) == 8 + 1 + 1
    middle = rendering.keyboard(many(19), offers, 1, MESSAGE_ID)
    assert labels(middle)[-2] == ["‹", "›"]
    assert middle is not None
    assert [button.callback_data for button in middle.inline_keyboard[-2]] == [
        f"page:0:{MESSAGE_ID}",
        f"page:2:{MESSAGE_ID}",
    ]
    assert labels(rendering.keyboard(many(19), offers, 99, MESSAGE_ID))[-2:] == [["‹"], ["help"]]


def test_a_value_that_telegram_would_refuse_is_no_button() -> None:
    choices = (Choice("a", "ა" * 22), Choice("b", ""), Choice(" ", "c"))
    assert labels(rendering.keyboard(choices, (), 0, MESSAGE_ID)) == [["c"]]


def test_the_question_for_the_location_has_a_button_for_it() -> None:
    part = parts(Reply(("where?",), "ka", offers=many(1), asks_location=True))[0]
    assert isinstance(part, TextPart)
    assert isinstance(part.markup, ReplyKeyboardMarkup)
    assert part.markup.keyboard[0][0].request_location
    assert part.markup.keyboard[0][0].text == "[ka] button.location"


def test_choices_and_the_location_button_come_in_two_messages() -> None:
    first, second = parts(Reply(("where?",), "en", many(2), asks_location=True))
    assert isinstance(first, TextPart)
    assert isinstance(second, TextPart)
    assert isinstance(first.markup, InlineKeyboardMarkup)
    assert isinstance(second.markup, ReplyKeyboardMarkup)


def test_a_later_message_takes_the_location_button_away() -> None:
    part = parts(Reply(("here",), "ka"))[0]
    assert isinstance(part, TextPart)
    assert isinstance(part.markup, ReplyKeyboardRemove)
    in_group = parts(Reply(("here",), "ka", asks_location=True), "-5")[0]
    assert isinstance(in_group, TextPart)
    assert in_group.markup is None


def test_a_reply_survives_the_outbox() -> None:
    reply = Reply(
        ("a", "b"),
        "hy",
        many(2),
        offers=many(1),
        pins=(Pin("t", "a", 41.7, 44.8),),
        files=(File("e.ics", "text/calendar", b"\x00\xff"),),
        asks_location=True,
    )
    assert payload.to_reply(outgoing(reply)) == reply


@pytest.mark.parametrize("kept", [{}, {"locale": "tlh"}])
def test_a_row_of_nothing_but_texts_is_a_reply_too(kept: dict[str, str]) -> None:
    assert payload.to_reply(Outgoing(MESSAGE_ID, "telegram", "7", ("a",), kept)) == Reply(("a",), "ka")


def test_at_most_three_pins_are_shown() -> None:
    pins = tuple(Pin(f"t{n}", "a", 41.0, 44.0) for n in range(5))
    assert parts(Reply(("a",), "ka", pins=pins))[1:] == list(pins[:3])
