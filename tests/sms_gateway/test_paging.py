"""Every page fits two segments, packs as much as fits, loses nothing and breaks no word."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.messages import Choice, Reply
from knowledge.types import LOCALES
from sms_gateway.downgrade import plain
from sms_gateway.paging import SMS, WHATSAPP, asks_for_more, hint, pages, render, render_for_ask
from sms_gateway.segments import measure

WORDY = st.lists(st.text(st.sampled_from("aäბдəş{€😀é,."), min_size=1, max_size=60), max_size=300).map(" ".join)
ANY = st.one_of(st.text(max_size=5_000), WORDY)


def squeezed(text: str) -> str:
    return "".join(text.split())


def without_hint(made: list[str], more: str) -> list[str]:
    return [page.removesuffix(more) for page in made[:-1]] + made[-1:]


@settings(max_examples=150)
@given(ANY, st.sampled_from(LOCALES))
def test_any_text_fits_and_nothing_is_lost(text: str, locale: str) -> None:
    body, more = plain(text), hint(locale)  # type: ignore[arg-type]
    made = pages(body, (), more, SMS)
    assert all(measure(page).count <= 2 for page in made)
    assert all(page.endswith("\n" + more) for page in made[:-1])
    assert squeezed("".join(without_hint(made, more))) == squeezed(body)


@settings(max_examples=150)
@given(WORDY)
def test_no_word_is_cut_and_pages_are_full_or_end_with_a_sentence(text: str) -> None:
    body, more = plain(text), hint("en")
    made = pages(body, (), more, SMS)
    words = [word for page in without_hint(made, more) for word in page.split()]
    assert words == body.split()
    for page, following in itertools.pairwise(made):
        shown = page.removesuffix("\n" + more)
        fuller = shown + " " + following.split()[0]
        ends_well = shown[-1] in ".!?։" or f"{shown}\n" in body
        assert ends_well or measure(f"{fuller}\n{more}").count > 2


def test_a_page_ends_with_a_line_rather_than_in_the_middle_of_the_next() -> None:
    body = "\n".join(
        ["წაიღეთ: პირადობის მოწმობა და ძველი პასპორტი, თუ პასპორტს ცვლით.", "საფასური: " + "150 ლარი, " * 9]
    )
    first, *_ = pages(body, (), hint("ka"), SMS)
    assert first == "წაიღეთ: პირადობის მოწმობა და ძველი პასპორტი, თუ პასპორტს ცვლით.\n" + hint("ka")


@given(st.text(st.sampled_from("😀👍🏽{€"), min_size=1, max_size=600))
def test_a_word_longer_than_a_page_is_cut_between_whole_signs(text: str) -> None:
    made = without_hint(pages(text, (), hint("ka"), SMS), hint("ka"))
    assert squeezed("".join(made)) == text
    assert all(not page.startswith("🏽") for page in made) or text.startswith("🏽")
    for page in made:
        page.encode("utf-16-le")  # no half of a pair is left


def test_choices_are_numbered_lines_and_never_broken() -> None:
    choices = tuple(Choice(f"Community centre number {n} of the municipality", f"c:{n}") for n in range(1, 12))
    made = render(Reply(("Which one?",), "en", choices=choices), "sms")
    lines = [line for page in made for line in page.split("\n") if line[0].isdigit()]
    assert lines == [f"{n} {choices[n - 1].label}" for n in range(1, 10)]
    assert len(made) > 1
    assert made[0].startswith("Which one?\n1 Community")
    assert made[0].endswith("\nMore: M")


def test_a_choice_longer_than_a_page_is_shortened() -> None:
    made = render(Reply((), "en", choices=(Choice("ა" * 300, "a"), Choice("b", "b"))), "sms")
    assert all(measure(page).count <= 2 for page in made)
    assert made[0].startswith("1 " + "ა" * 100)
    assert "...\n" in made[0]
    assert made[-1].endswith("2 b")


def test_the_short_wording_is_for_sms_and_the_long_one_for_whatsapp() -> None:
    reply = Reply(("Long “words”.",), "en", short=("Short “words”.",), choices=(Choice("One", "1"),))
    assert render(reply, "sms") == ['Short "words".\n1 One']
    assert render(reply, "whatsapp") == ["Long “words”.\n1 One"]


def test_whatsapp_takes_1600_characters() -> None:
    made = render(Reply(("ა " * 1_000,), "ka"), "whatsapp")
    assert len(made) == 2
    assert len(made[0]) <= 1_600
    assert WHATSAPP.fits(made[0])


def test_a_silent_reply_and_an_empty_one_have_no_pages() -> None:
    assert render(Reply(("x",), "en", silent=True), "sms") == []
    assert render(Reply((" ",), "en"), "sms") == []


@pytest.mark.parametrize("word", ["M", "m.", "მ", "м", "М", "Մ", "more", "მეტი!", "ещё", "Еще", "DAHA", "ավելին"])
def test_more_in_every_language(word: str) -> None:
    assert asks_for_more(word)


@pytest.mark.parametrize("word", ["", "1", "?", "more about passports", "Mtskheta"])
def test_other_texts_do_not_ask_for_more(word: str) -> None:
    assert not asks_for_more(word)


@pytest.mark.parametrize("locale", LOCALES)
def test_each_locale_has_a_hint_that_brings_more(locale: str) -> None:
    words = hint(locale)  # type: ignore[arg-type]
    assert asks_for_more(words.split(":")[0])
    assert words.endswith(": M")
    if locale in {"ka-Latn", "en", "az"}:
        assert measure(words).encoding == "GSM-7"


def test_ask_shows_the_first_page_with_its_cost() -> None:
    assert render_for_ask(Reply(("Hello",), "en")) == (["Hello"], 1, "GSM-7")
    shown, segments, encoding = render_for_ask(Reply(("გამარჯობა " * 40,), "ka"))
    assert (len(shown), segments, encoding) == (1, 2, "UCS-2")
    assert render_for_ask(Reply((), "en", silent=True)) == ([], 0, "GSM-7")
