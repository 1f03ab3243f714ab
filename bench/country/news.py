"""Announcements of a year: many that are over, one to the whole country that goes out just now."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bench.country import bulk
from bench.country.bulk import Row
from bench.country.people import Person
from bench.country.talk import OUTBOX, sent
from desk import audit
from desk.announcements import texts
from desk.announcements.models import Announcement
from desk.announcements.resolving import ORDER
from desk.fan_out import Recipient
from desk.outbox import OutboxMessage
from knowledge.snapshot import Snapshot
from knowledge.types import LOCALES
from store import clock
from store.database import Database

TEXTS = {"ka": "ხვალ {center} კონსულტაცია იქნება. გელოდებით!", "en": "There is a talk tomorrow. Welcome!"}

GONE = 0.45
"""The share of the running one that was sent already, all of it within the last hour."""

COLUMNS = (
    *("name", "texts", "audience", "urgent", "state", "send_at", "created_by", "sent_by", "approved_by"),
    *("wordings", "reach", "recipients", "frozen_to", "frozen_at", "queued_to", "queued_at", "created_at"),
    *("changed_at", "started_at"),
)


@dataclass(frozen=True, slots=True)
class Sending:
    """An announcement to be written down: its number, whom it is for, since when it goes out."""

    number: int
    audience: dict[str, Any]
    people: Sequence[Person]
    at: datetime
    is_over: bool


def announce(
    database: Database, known: Snapshot, people: Sequence[Person], count: int, chance: random.Random
) -> None:
    """Writes so many down that are over, each to the people of a centre, and two drafts."""
    near: dict[int, list[Person]] = {}
    for person in people:
        if person.center_id is not None:
            near.setdefault(person.center_id, []).append(person)
    chosen = chance.choices(list(near), k=count)
    over = [
        _to_center(number, known.centers[center].slug, near[center], chance)
        for number, center in enumerate(chosen, 1)
    ]
    bulk.write(database, Announcement, COLUMNS, map(_begun, over))
    _queue(database, over, chance)
    drafts = [_row("draft", {"centers": [known.centers[center].slug]}, clock.now(), 0) for center in chosen[:2]]
    bulk.write(database, Announcement, COLUMNS, drafts)


def go_out(database: Database, people: Sequence[Person], chance: random.Random) -> None:
    """Writes one to everybody down that goes out just now: the last thing that happened to this database."""
    with database.read() as session:
        last = session.scalar(select(func.max(Announcement.id))) or 0
    running = Sending(last + 1, {"everyone": True}, people, clock.now() - timedelta(minutes=70), is_over=False)
    bulk.write(database, Announcement, COLUMNS, [_begun(running)])
    _queue(database, [running], chance)


def _queue(database: Database, announcements: Sequence[Sending], chance: random.Random) -> None:
    for one in announcements:
        rows = ((one.number, person.contact_id, _wording(person)) for person in one.people)
        bulk.write(database, Recipient, ("announcement_id", "contact_id", "wording"), rows)
        bulk.write(database, OutboxMessage, OUTBOX, _messages(one, chance))


def _to_center(number: int, slug: str, near: Sequence[Person], chance: random.Random) -> Sending:
    at = clock.now() - timedelta(days=chance.uniform(1, 360))
    return Sending(number, {"centers": [slug]}, near, at, is_over=True)


def _begun(one: Sending) -> Row:
    return _row("done" if one.is_over else "running", one.audience, one.at, len(one.people))


def _row(state: str, audience: dict[str, Any], at: datetime, recipients: int) -> Row:
    lali, begun = audit.staff("Lali"), None if state == "draft" else at
    written = {"ka": TEXTS["ka"].replace("{center} ", ""), "en": TEXTS["en"]}
    names = (f"{channel}:{locale}" for channel in ORDER for locale in LOCALES)
    ready = {name: {"texts": [TEXTS["en"]], "payload": {}} for name in names}
    last = 10**9 if begun else 0
    return (
        *(
            "Consultation",
            json.dumps(written),
            json.dumps(audience),
            False,
            state,
            begun,
            lali,
            lali if begun else None,
            None,
        ),
        *(json.dumps(ready if begun else {}), "{}", recipients, last, begun, last, begun, at, at, begun),
    )


def _wording(person: Person) -> str:
    return texts.wording_for(person.channel, person.language, TEXTS)


def _messages(one: Sending, chance: random.Random) -> Iterator[Row]:
    """What is queued waits in the order of the contacts; the rest went out one after the other."""
    last = len(one.people) if one.is_over else int(GONE * len(one.people))
    step = timedelta(minutes=65) / max(last, 1)
    for place, person in enumerate(one.people):
        state, at = (None, one.at + step * place) if place < last else ("queued", one.at)
        key = f"announcement:{one.number}:{person.contact_id}"
        wording = _wording(person)
        yield sent(key, person, "announcement", at, chance, announcement=one.number, wording=wording, state=state)
