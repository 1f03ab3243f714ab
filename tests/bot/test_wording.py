"""Every sentence exists in every language, and fits."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot import names, wording
from bot.halls import words
from desk.halls.requests import EQUIPMENT
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES, LOCALES, BaseLocale, Locale
from sms_gateway.downgrade import plain
from sms_gateway.segments import measure

IDS = sorted(wording.catalogue("ka"))
SHORT_IDS = [name for name in IDS if name.endswith(wording.SMALL_SCREEN)]
GENERAL_WEEK = "Mo-Fr 09:00-18:00; PH off"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def longest(names_: list[str]) -> str:
    return max(names_, key=lambda name: measure(plain(name)).units)


def values(locale: Locale, snapshot: Snapshot) -> dict[str, str]:
    """What fills the sentences of small screens at their longest, out of the real names."""
    centers = [names.bare_center(locale, one, snapshot) for one in snapshot.centers.values()]
    places = [names.bare_place(locale, one, snapshot) for one in snapshot.places.values()]
    center = longest(centers)
    other = wording.say(locale, "nearest.sms.other", center=center, km="199")
    first = wording.say(locale, "nearest.sms.first.serves", center=center, km="199")
    return {
        "hotline": snapshot.hotline.display,
        "hotline_name": wording.localised(locale, snapshot.hotline.name),
        "center": center,
        "place": longest(places),
        "name": longest(places),
        "first": first,
        "others": f"{other}, {other}",
        "km": "199",
        "week": wording.week(locale, GENERAL_WEEK),
        **hall_values(locale),
    }


def hall_values(locale: Locale) -> dict[str, str]:
    """What fills the sentences about a hall: a Wednesday, whose name is the longest in most languages."""
    starts_at = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)
    states = [name for name in IDS if name.startswith("hall.state.")]
    return {
        "reference": "K7-3F2",
        "when": words.span(locale, starts_at, starts_at + timedelta(hours=2), short=True),
        "until": words.moment(locale, starts_at, short=True),
        "earliest": words.day(locale, starts_at.date(), short=True),
        "business_days": "2",
        "subject": wording.say(locale, "hall.applicant.resident")[: words.SHORT_SUBJECT],
        "people": "120",
        "equipment": words.equipment(locale, EQUIPMENT, short=True),
        "state": longest([wording.say(locale, name) for name in states]),
        "n": "2",
        "limit": "2",
        "days": "2",
        "capacity": "30",
    }


def test_every_catalogue_has_the_same_ids() -> None:
    for locale in BASE_LOCALES:
        assert sorted(wording.catalogue(locale)) == IDS


@pytest.mark.parametrize("locale", BASE_LOCALES)
def test_no_sentence_is_empty(locale: BaseLocale) -> None:
    assert [name for name, text in wording.catalogue(locale).items() if not text.strip()] == []


@pytest.mark.parametrize("locale", BASE_LOCALES)
def test_a_sentence_has_the_same_placeholders_in_every_language(locale: BaseLocale) -> None:
    english, other = wording.catalogue("en"), wording.catalogue(locale)
    assert {name for name in IDS if placeholders(english[name]) != placeholders(other[name])} == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_short_sentence_fits_two_segments_with_the_longest_real_names(
    locale: Locale, snapshot: Snapshot
) -> None:
    filled = values(locale, snapshot)
    assert SHORT_IDS
    for name in SHORT_IDS:
        said = plain(wording.say(locale, name, **filled))
        assert measure(said).count <= 2, f"{locale} {name}: {said}"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_longest_short_answer_about_the_nearest_centre_fits_two_segments(
    locale: Locale, snapshot: Snapshot
) -> None:
    filled = values(locale, snapshot)
    said = wording.say(locale, "nearest.sms", **filled)
    assert measure(plain(f"{said}\n{wording.say(locale, 'verify.sms', **filled)}")).count <= 2


def test_latin_georgian_stays_in_gsm_7(snapshot: Snapshot) -> None:
    filled = values("ka-Latn", snapshot)
    for name in IDS:
        if placeholders(wording.catalogue("ka")[name]) <= set(filled):
            assert measure(plain(wording.say("ka-Latn", name, **filled))).encoding == "GSM-7", name


def test_latin_georgian_keeps_its_placeholders() -> None:
    for name, text in wording.catalogue("ka").items():
        assert placeholders(wording.latin_sentences(text)) == placeholders(text), name


def test_latin_georgian_begins_sentences_with_a_capital() -> None:
    assert wording.latin_sentences("სად არის? აქ.\nიქ") == "Sad aris? Ak.\nIk"


def test_an_id_that_no_catalogue_has_is_an_error() -> None:
    with pytest.raises(KeyError):
        wording.say("en", "no.such.sentence")


def test_an_ordinary_week_puts_equal_days_together() -> None:
    assert wording.week("en", GENERAL_WEEK) == "Mon-Fri 09:00-18:00"
    assert wording.week("en", "Mo-Tu 09:00-13:00,14:00-18:00; Th 10:00-12:00") == (
        "Mon-Tue 09:00-13:00, 14:00-18:00, Thu 10:00-12:00"
    )
    assert wording.week("ka-Latn", GENERAL_WEEK) == "orsh-par 09:00-18:00"
    assert wording.week("en", "off") == "closed"


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("ka", "შაბათი, 28 ნოემბერი"),
        ("ka-Latn", "shabati, 28 noemberi"),
        ("en", "Saturday, 28 November"),
        ("ru", "суббота, 28 ноября"),
        ("az", "şənbə, 28 noyabr"),
        ("hy", "շաբաթ, 28 նոյեմբերի"),
    ],
)
def test_a_date_is_written_as_its_language_writes_it(locale: Locale, written: str) -> None:
    assert wording.day(locale, date(2026, 11, 28)) == written


def test_a_date_in_figures_and_spans_are_the_same_in_every_language() -> None:
    assert wording.numeric_date(date(2022, 5, 1)) == "01.05.2022"
    assert wording.spans(((time(9), time(13)), (time(14), time(18)))) == "09:00-13:00, 14:00-18:00"


def test_distances_are_whole_kilometres_and_below_one_a_tenth() -> None:
    assert wording.kilometres("en", 12_345) == "12"
    assert wording.kilometres("en", 949) == "0.9"
    assert wording.kilometres("ru", 420) == "0,4"
    assert wording.kilometres("en", 3) == "0.1"
    assert wording.kilometres("en", 960) == "1"
