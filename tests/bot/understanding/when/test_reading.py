"""What must hold for any text, and for every day and hour as the assistant itself writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.halls import words as written
from bot.understanding.when import Asked, When, read
from bot.understanding.when.words import vocabularies
from knowledge.scripts import words
from knowledge.types import Locale
from store.clock import TBILISI
from tests.bot.understanding.when.table import phrases

NOW = datetime(2026, 11, 24, 10, 0)
LOCALES: tuple[Locale, ...] = ("ka", "ka-Latn", "en", "ru", "az", "hy")
ASKED: tuple[Asked | None, ...] = (None, "date", "time", "duration")
HANGS = 5.0
"""Seconds of processor time that no text may take on any machine: the longest takes some thousandths."""

nows = st.datetimes(datetime(2021, 1, 1), datetime(2035, 12, 31))
days_ahead = st.integers(0, 364)
half_hours = st.integers(18, 35).map(lambda half: time(half // 2, half % 2 * 30))
hours = st.builds(time, st.integers(9, 17), st.integers(0, 59))

# Texts of the very words and signs that the grammar knows, in any order.
_SAID = sorted({word.raw for phrase in phrases() for word in words(phrase.text)})
of_our_words = st.lists(st.sampled_from([*_SAID, "-", ",", ":", ".", "3", "15", "2026"]), max_size=40).map(
    " ".join
)


@pytest.fixture(autouse=True, scope="module")
def _words_are_known() -> None:
    """The words of time are read from their files before anything is measured."""
    vocabularies()


@given(st.text(max_size=600), nows, st.sampled_from(ASKED))
def test_no_text_is_too_strange(text: str, now: datetime, asked: Asked | None) -> None:
    check(text, now, asked)


@given(of_our_words, nows, st.sampled_from(ASKED))
def test_words_of_time_in_any_order_contradict_nothing(text: str, now: datetime, asked: Asked | None) -> None:
    check(text[:600], now, asked)


@given(st.text(alphabet="0123456789:.-/ ,", max_size=600), nows, st.sampled_from(ASKED))
def test_figures_in_any_order_contradict_nothing(text: str, now: datetime, asked: Asked | None) -> None:
    check(text, now, asked)


def check(text: str, now: datetime, asked: Asked | None) -> None:
    """Reads a text and looks whether the answer agrees with itself."""
    started = thread_time()
    when = read(text, now, asked=asked)
    assert thread_time() - started < HANGS
    assert all(0 <= index < len(words(text)) for index in when.covered)
    if when.ambiguous:
        assert len(set(when.ambiguous)) == len(when.ambiguous) > 1
        assert when.ambiguous[0].date in {None, when.date}
        assert when.ambiguous[0].start in {None, when.start}
    assert when.minutes is None or 0 < when.minutes <= 24 * 60
    if when.start is not None and when.end is not None and when.minutes is not None:
        assert (_minutes(when.end) or 24 * 60) == _minutes(when.start) + when.minutes
    if when.date is not None:
        assert when.said_date
        assert bool(when)
    if when.start is not None:
        assert when.said_time


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


@pytest.mark.parametrize("locale", LOCALES)
@given(now=nows, ahead=days_ahead, start=half_hours)
def test_a_day_is_read_as_the_assistant_writes_it(locale: Locale, now: datetime, ahead: int, start: time) -> None:
    day = now.date() + timedelta(days=ahead)
    begins = datetime.combine(day, start, TBILISI)
    span = written.span(locale, begins, begins + timedelta(minutes=90))
    short = written.span(locale, begins, begins + timedelta(minutes=90), short=True)
    for text in (wording.day(locale, day), wording.month_day(locale, day), written.day(locale, day, short=True)):
        assert_day(read(text, now), day, text)
    for text in (wording.numeric_date(day), day.isoformat(), f"{day.day}/{day.month}/{day.year}"):
        assert_day(read(text, now), day, text)
    for text in (span, short):
        when = read(text, now)
        assert_day(when, day, text)
        assert (when.start, when.minutes) == (start, 90), text
        first = 1 if locale == "hy" and text == short else 0  # երկ and երք sound alike, and are left aside
        assert when.covered >= frozenset(range(first, len(words(text)))), text


def assert_day(when: When, day: date, text: str) -> None:
    """That day, without doubt."""
    assert (when.date, when.problem, when.ambiguous) == (day, None, ()), text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("minutes", [30, 45, 60, 90, 120, 150, 180, 210, 240, 300, 540])
def test_a_length_is_read_as_the_assistant_writes_it(locale: Locale, minutes: int) -> None:
    assert read(written.length(locale, minutes), NOW).minutes == minutes


CLOCKS: dict[str, tuple[str, ...]] = {
    "ka": ("{0}:{1:02}-ზე", "{0}:{1:02} საათზე", "ხვალ {0}.{1:02} საათზე", "{0} საათსა და {1} წუთზე"),
    "ka-Latn": ("{0}:{1:02}ze", "{0}:{1:02} ze", "xval {0}:{1:02} saatze"),
    "en": ("at {0}:{1:02}", "tomorrow {0}:{1:02}"),
    "ru": ("в {0}:{1:02}", "в {0}.{1:02}", "завтра в {0} ч {1} мин"),
    "az": ("saat {0}:{1:02}", "saat {0}:{1:02}-də", "sabah saat {0}.{1:02}"),
    "hy": ("ժամը {0}:{1:02}", "ժամը {0}։{1:02}-ին", "վաղը {0}:{1:02}-ին"),
}


@pytest.mark.parametrize("language", CLOCKS)
@given(at=hours)
def test_an_hour_is_read_as_each_language_says_it(language: str, at: time) -> None:
    for pattern in CLOCKS[language]:
        for hour in {at.hour, (at.hour - 1) % 12 + 1}:  # 15:30 and 3:30 are the same hour of a hall
            text = pattern.format(hour, at.minute)
            if at.minute or ":" in text:
                when = read(text, NOW)
                assert (when.start, when.ambiguous, when.problem) == (at, (), None), text


SPOKEN: dict[str, tuple[tuple[str, ...], str, str]] = {
    # The hours from one to twelve, then "at three o'clock", then "half past two" or "half of three".
    "ka": (
        ("ერთ", "ორ", "სამ", "ოთხ", "ხუთ", "ექვს", "შვიდ", "რვა", "ცხრა", "ათ", "თერთმეტ", "თორმეტ"),
        "{} საათზე",
        "{}ის ნახევარზე",
    ),
    "ka-Latn": (
        ("ert", "or", "sam", "otx", "xut", "eqvs", "shvid", "rva", "cxra", "at", "tertmet", "tormet"),
        "{} saatze",
        "{}is naxevarze",
    ),
    "en": (
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        "at {} o'clock",
        "half past {}",
    ),
    "ru": (
        ("час", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать",
         "двенадцать"),
        "в {}",
        "",
    ),
    "az": (
        ("bir", "iki", "üç", "dörd", "beş", "altı", "yeddi", "səkkiz", "doqquz", "on", "on bir", "on iki"),
        "saat {}",
        "",
    ),
    "hy": (
        ("մեկ", "երկուս", "երեք", "չորս", "հինգ", "վեց", "յոթ", "ութ", "ինն", "տաս", "տասնմեկ", "տասներկուս"),
        "ժամը {}ին",
        "ժամը {}ն անց կես",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("hour", range(9, 19))
def test_an_hour_in_words_is_one_when_halls_are_open(language: str, hour: int) -> None:
    names, whole, _half = SPOKEN[language]
    when = read(whole.format(names[(hour - 1) % 12]), NOW)
    assert (when.start, when.ambiguous) == (time(hour), ())


@pytest.mark.parametrize("language", [language for language, (_, _, half) in SPOKEN.items() if half])
@pytest.mark.parametrize("hour", range(9, 18))
def test_half_an_hour_counts_as_the_language_counts(language: str, hour: int) -> None:
    names, _whole, half = SPOKEN[language]
    said = (hour if language in {"ka", "ka-Latn"} else hour - 1) % 12  # Georgian says the half of the hour to come
    name = names[said]
    if language == "ka":
        name = "პირველ" if said == 0 else name.removesuffix("ა")
    elif language == "ka-Latn":
        name = "pirvel" if said == 0 else name.removesuffix("a")
    assert read(half.format(name), NOW).start == time(hour, 30), half.format(name)


@given(st.sampled_from(sorted(phrases(), key=lambda phrase: phrase.text)), st.integers(100_000_000, 999_999_999))
def test_people_and_telephones_around_a_phrase_are_not_of_it(phrase: object, number: int) -> None:
    assert hasattr(phrase, "text")
    assert hasattr(phrase, "now")
    alone = read(phrase.text, phrase.now)
    beside = read(f"{phrase.text}. 5{number}", phrase.now)
    assert beside == alone, phrase.text


def test_words_give_the_same_as_their_text_where_no_signs_matter() -> None:
    text = "xval sam saatze ori saatit"
    assert read(words(text), NOW) == read(text, NOW)
