"""Every sentence of the conversation about events fits two segments, with the longest names and titles."""

from __future__ import annotations

from itertools import product

import pytest

from bot import names, wording
from bot.events import words
from desk.events.models import Event, Occurrence
from desk.events.subscriptions import MOST, Wish
from desk.events.topics import topics
from desk.messages import Choice, Reply
from knowledge.snapshot import Snapshot
from knowledge.types import LOCALES, Locale
from sms_gateway.paging import hint, render
from sms_gateway.segments import measure
from tests.desk.events.people import local

TITLES = {
    "ka": "სასოფლო-სამეურნეო კოოპერატივების შექმნა და გრანტები",
    "az": "Kənd təsərrüfatı kooperativlərinin yaradılması və qrantlar",
}
ABOUT_ONE = ("event.joined", "event.reminded", "event.left", "event.not_coming", "event.short")
ALONE = (
    *("event.heads", "event.heads.again", "event.too_many", "event.closed", "event.full", "event.register"),
    *(
        "remind.both",
        "remind.day_before",
        "remind.none",
        "subscribe.none",
        "subscribe.too_many",
        "unsubscribe.all",
    ),
)


def occurrence(snapshot: Snapshot, locale: Locale) -> Occurrence:
    center = max(snapshot.centers.values(), key=lambda one: len(names.bare_center(locale, one, snapshot)))
    event = Event(titles=TITLES, center_id=center.id, topic="agriculture")
    return Occurrence(event=event, starts_at=local(2, 15, month=12), ends_at=local(2, 17, month=12))


def fits(locale: Locale, *texts: str, choices: tuple[str, ...] = ()) -> bool:
    made = tuple(Choice(label, str(number)) for number, label in enumerate(choices))
    pages = render(Reply(texts, locale, choices=made), "sms")
    return len(pages) == 1 and measure(pages[0]).count <= 2 and not pages[0].endswith(hint(locale))


@pytest.mark.parametrize(("locale", "name"), list(product(LOCALES, ABOUT_ONE)))
def test_a_sentence_about_an_event_fits(name: str, locale: Locale, snapshot: Snapshot) -> None:
    known = words.facts(locale, occurrence(snapshot, locale), snapshot, short=True)
    assert fits(locale, wording.say(locale, name, **known, n=20))


@pytest.mark.parametrize(("locale", "name"), list(product(LOCALES, ALONE)))
def test_a_sentence_by_itself_fits(name: str, locale: Locale, snapshot: Snapshot) -> None:
    assert fits(locale, wording.say(locale, name, hotline=snapshot.hotline.display))


@pytest.mark.parametrize("locale", LOCALES)
def test_an_event_and_what_can_be_done_fit(locale: Locale, snapshot: Snapshot) -> None:
    known = words.facts(locale, occurrence(snapshot, locale), snapshot, short=True)
    texts = (wording.say(locale, "event.short", **known), wording.say(locale, "event.free", n=100))
    choices = tuple(wording.say(locale, name) for name in ("event.come", "event.remind"))
    assert fits(locale, *texts, choices=choices)


@pytest.mark.parametrize("locale", LOCALES)
def test_at_least_one_event_of_a_list_fits_the_first_page(locale: Locale, snapshot: Snapshot) -> None:
    line = words.line(locale, occurrence(snapshot, locale), snapshot)
    for lead in ("events.list", "events.list.not_then", "events.list.not_about"):
        page = render(
            Reply((wording.say(locale, f"{lead}.sms"),), locale, choices=(Choice(line, "1"), Choice(line, "2"))),
            "sms",
        )[0]
        assert page.split("\n")[1] == f"1 {line}"


@pytest.mark.parametrize("locale", LOCALES)
def test_waiting_fits(locale: Locale) -> None:
    assert fits(locale, wording.say(locale, "event.waiting", n=20, line=100))


@pytest.mark.parametrize(
    ("locale", "name"),
    list(product(LOCALES, ("subscribe.done", "subscribe.already", "unsubscribe.done", "unsubscribe.not"))),
)
def test_every_subscription_fits(name: str, locale: Locale, snapshot: Snapshot) -> None:
    assert len(topics()) < MOST
    for wish in (
        *(Wish("topic", code) for code in topics()),
        *(Wish("center", slug) for slug in snapshot.centers_by_slug),
        *(Wish("municipality", name_en) for name_en in snapshot.municipalities),
    ):
        assert fits(locale, wording.say(locale, name, what=words.wish(locale, wish, snapshot)))


@pytest.mark.parametrize("locale", LOCALES)
def test_an_offer_to_write_fits_with_its_choices(locale: Locale, snapshot: Snapshot) -> None:
    center = max(snapshot.centers.values(), key=lambda one: len(names.bare_center(locale, one, snapshot)))
    said = wording.say(
        locale,
        "events.none",
        where=names.bare_center(locale, center, snapshot),
        hotline=snapshot.hotline.display,
    )
    asked = wording.say(locale, "events.offer.short")
    assert fits(locale, said, asked, choices=(wording.say(locale, "yes"), wording.say(locale, "no")))
