"""Making announcements ready for the channels: rendering their texts, sending one to oneself, waking them up."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from bot import names, wording
from bot.halls.news import language_of
from bot.telegram import payload
from desk import contacts, outbox, pauses
from desk.announcements import audience as audiences
from desk.announcements import life, resolving, sending, texts
from desk.announcements.models import Announcement, BadAnnouncement, Refused
from desk.fan_out import Wording
from desk.messages import Channel, Reply
from desk.outbox import OutboxMessage
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES, Locale
from sms_gateway.downgrade import plain
from sms_gateway.paging import WHATSAPP
from store import clock
from store.clock import TBILISI
from store.database import Database

BREATH = 0.01
"""Seconds between two batches, in which whoever waits to write gets their turn."""

TEST_LASTS = timedelta(hours=1)
"""After so long nobody waits for a test any more."""


def said(row: Announcement, locale: Locale, snapshot: Snapshot) -> str:
    """The text in a language that it is written in, filled in. Raises BadAnnouncement where that cannot be."""
    text = str(row.texts[wording.base(locale)])
    if locale == "ka-Latn":
        text = wording.latin_sentences(text)
    return texts.filled(text, _values(row, locale, snapshot)).strip()


def on_channel(channel: Channel, locale: Locale, text: str) -> Wording:
    """A text as a channel carries it, whole: what is too long for one SMS segment goes in several."""
    if channel == "telegram":
        return Wording((text,), payload.of_reply(Reply((text,), locale)))
    return Wording((plain(text) if channel == "sms" else WHATSAPP.polish(text),))


def wordings(row: Announcement, snapshot: Snapshot) -> dict[str, Wording]:
    """Everything that somebody could get of an announcement, by the name of the wording."""
    made = {}
    for channel, locale in names_of(row):
        made[f"{channel}:{locale}"] = on_channel(channel, locale, said(row, locale, snapshot))
    return made


def names_of(row: Announcement) -> list[tuple[Channel, Locale]]:
    """The channels and languages of the wordings. Georgian in Latin letters is there for text messages."""
    locales: list[Locale] = [locale for locale in BASE_LOCALES if locale in row.texts]
    pairs = [(channel, locale) for channel in resolving.ORDER for locale in locales]
    return [*pairs, ("sms", "ka-Latn")] if "ka" in row.texts else pairs


def prepare_for(knowledge: Callable[[], Snapshot]) -> sending.Prepare:
    """What the sweep that starts announcements needs of the channels and of the knowledge."""

    def prepare(row: Announcement) -> tuple[dict[str, Wording], resolving.Reach]:
        snapshot = knowledge()
        reach = resolving.reach_of(audiences.from_json(row.audience), snapshot)
        return wordings(row, snapshot), reach

    return prepare


def _values(row: Announcement, locale: Locale, snapshot: Snapshot) -> dict[str, str]:
    audience = audiences.from_json(row.audience)
    used = texts.placeholders(row.texts)
    values = {"hotline": snapshot.hotline.display}
    if "center" in used:
        center = snapshot.centers_by_slug.get(audience.one_center or "")
        if center is None:
            problem = f"the centre {audience.one_center} is not there any more"
            raise BadAnnouncement(problem, "unknown", name=audience.one_center)
        values["center"] = names.bare_center(locale, center, snapshot)
    if "municipality" in used:
        municipality = audience.one_municipality(snapshot)
        if municipality is None:
            raise BadAnnouncement("the municipality of the audience is not known any more", "needs_municipality")
        values["municipality"] = names.municipality(locale, municipality, snapshot)
    if row.about is not None:
        local = row.about.astimezone(TBILISI)
        values["name_of_day"] = wording.day_name(locale, local.weekday())
        values["date"] = wording.month_day(locale, local.date())
        values["time"] = f"{local:%H:%M}"
    return values


class CannotTest(Refused):
    """A test cannot be sent there; the sentence says why and what to do."""


def send_test(
    session: Session, row: Announcement, snapshot: Snapshot, channel: Channel, address: str, locale: Locale | None
) -> OutboxMessage:
    """Queues the announcement for one address, exactly as others would get it; it does not count as sent.

    ``locale`` None is that person's own language. Raises CannotTest for who said stop or never wrote on Telegram.
    """
    contact = contacts.find(session, channel, address)
    if contact is None and channel == "telegram":
        problem = "Telegram lets us write only to those who wrote first: write to the assistant from there"
        raise CannotTest(problem, "never_wrote")
    contact = contact or contacts.find_or_create(session, channel, address)
    name = texts.wording_for(channel, locale or language_of(session, contact), row.texts)
    ready = on_channel(*texts.parts_of(name), said(row, texts.parts_of(name)[1], snapshot))
    key = f"announcement-test:{row.id}:{uuid.uuid4().hex}"
    queued = outbox.enqueue(
        session, contact, "notice", key, ready.texts, payload=dict(ready.payload), expires_after=TEST_LASTS
    )
    if queued is None:
        problem = "that address has said stop, or cannot be reached: write START from it first"
        raise CannotTest(problem, "stopped")
    return queued


def wake(database: Database, announcement_id: int) -> int:
    """Makes the rows due that were put off while an announcement stood still; how many."""
    woken = 0
    while True:
        with database.write() as session:
            row = session.get_one(Announcement, announcement_id)
            if row.state != "running" or pauses.is_paused(session, row.id):
                return woken
            done = pauses.take_back(session, row.id, life.begins(row, clock.now()))
        if not done:
            return woken
        woken += done
        time.sleep(BREATH)


def channel_of(address: str) -> Channel:
    """The channel of an address that staff give: with a plus it is a telephone number, else a Telegram chat."""
    return "sms" if address.startswith("+") else "telegram"
