"""What people wrote in a year and what was written back: messages, replies in the outbox, open questions."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bench import texts
from bench.country import bulk
from bench.country.bulk import Row
from bench.country.people import YEAR, Person
from bot.understanding.phrases import Phrase
from desk.intake import InboundMessage
from desk.outbox import OutboxMessage
from desk.questions import Question
from knowledge.snapshot import Snapshot
from store import clock
from store.clock import TBILISI
from store.database import Database

OPEN, UNSURE, FAULT = 0.04, 0.02, 0.003
"""The shares of messages that found no answer, an unsure one, or broke the assistant."""

KEPT = timedelta(days=180)
"""Texts that are older were erased (the default of MEZOBELI_KEEP_TEXTS_DAYS)."""

ANSWER = json.dumps(
    ["ახლოს არის კაჭრეთის საზოგადოებრივი ცენტრი: ორშაბათი-პარასკევი 09:00-18:00, ცხელი ხაზი 2 405 405."]
)
NOTHING = "[]"

LOST = (
    ("30003", "the telephone was off for too long"),
    ("30005", "the number does not exist"),
    ("blocked", "the person has blocked the bot"),
)
"""Why messages were not delivered: codes and their words."""

INBOUND = (
    *("dedupe_key", "contact_id", "channel", "text", "received_at", "answered_at", "language", "intent"),
    *("confidence", "service", "center_id", "reply", "fault", "erased_at"),
)

OUTBOX = (
    *("message_id", "dedupe_key", "contact_id", "channel", "kind", "priority", "texts", "payload", "state"),
    *("created_at", "not_before", "expires_at", "attempts", "provider_id", "error_code", "error_words"),
    *("changed_at", "announcement_id", "wording", "carrier", "attempted_at", "doubts", "sent_at", "erased_at"),
)


def talk(database: Database, known: Snapshot, people: Sequence[Person], count: int, chance: random.Random) -> None:
    """Writes so many messages down in the order in which they came, those of a few people more often."""
    said = texts.labelled()
    moments = times(count, chance)
    writers = [people[int(len(people) * chance.random() ** 1.5)] for _ in range(count)]
    spoken = [said[int(len(said) * chance.random() ** 2)] for _ in range(count)]
    turns = list(zip(moments, writers, spoken, strict=True))
    bulk.write(database, InboundMessage, INBOUND, _messages(known, turns, chance))
    columns = ("text", "language", "channel", "outcome", "asked_at", "settled_at")
    bulk.write(database, Question, columns, _questions(known, turns, chance))
    replies = (
        sent(f"reply:{number}", person, "reply", at, chance)
        for number, (at, person, _) in enumerate(turns)
        if person.channel == "telegram"
    )
    bulk.write(database, OutboxMessage, OUTBOX, replies)


def times(count: int, chance: random.Random) -> list[datetime]:
    """Moments of the last year up to now, in order; people write by day."""
    now, found = clock.now(), list[datetime]()
    midnight = now.astimezone(TBILISI).replace(hour=0, minute=0, second=0, microsecond=0)
    while len(found) < count:
        day = midnight - timedelta(days=int(chance.random() * YEAR.days))
        moment = day + timedelta(hours=chance.triangular(7, 23, 12))
        if moment < now:
            found.append(moment.astimezone(now.tzinfo))
    return sorted(found)


def sent(
    key: str,
    person: Person,
    kind: str,
    at: datetime,
    chance: random.Random,
    *,
    announcement: int | None = None,
    wording: str | None = None,
    state: str | None = None,
) -> Row:
    """A row of the outbox: what became of it is drawn where ``state`` does not say so."""
    became = state or chance.choices(("delivered", "sent", "failed", "expired"), (88, 6, 5, 1))[0]
    code, words = chance.choice(LOST) if became == "failed" else (None, None)
    over = at + timedelta(seconds=chance.uniform(1, 90))
    waits, gone = became == "queued", clock.now() - at > KEPT
    return (
        *(f"{key:>036}"[-36:], key, person.contact_id, person.channel, kind, 3 if announcement else 0),
        *(NOTHING if gone else ANSWER, "{}", became, at, at, None, 0 if waits else 1),
        *(None if waits else f"SM{key}"[:64], code, words, at if waits else over, announcement, wording),
        *(None if waits else "twilio", None if waits else at, 0),
        *(over if became in {"sent", "delivered"} else None, over if gone else None),
    )


def _messages(
    known: Snapshot, turns: Sequence[tuple[datetime, Person, Phrase]], chance: random.Random
) -> Iterator[Row]:
    centers, border = list(known.centers), clock.now() - KEPT
    for number, (at, person, phrase) in enumerate(turns):
        broke, gone = chance.random() < FAULT, at < border
        center = person.center_id if chance.random() < 0.8 else chance.choice(centers)
        meant = center if phrase.intent in {"nearest_center", "hours", "contact", "book_room", "events"} else None
        yield (
            *(f"{person.channel}:{number}", person.contact_id, person.channel, "" if gone else phrase.text, at),
            *(None if broke else at + timedelta(seconds=1), None if broke else person.language),
            *(None if broke else phrase.intent, None if broke else 0.9, phrase.service, None if broke else meant),
            *(NOTHING if gone else ANSWER, "KeyError" if broke else None, at + KEPT if gone else None),
        )


def _questions(
    known: Snapshot, turns: Sequence[tuple[datetime, Person, Phrase]], chance: random.Random
) -> Iterator[Row]:
    """Texts as they were asked; many name a place, so that most are asked once and some again and again."""
    named = [place.name_ka for place in known.places.values()]
    for at, person, phrase in turns:
        drawn = chance.random()
        if drawn < OPEN + UNSURE:
            text = f"{phrase.text} {chance.choice(named)}" if chance.random() < 0.6 else phrase.text
            settled = at + timedelta(days=3) if chance.random() < 0.1 else None
            yield text, phrase.locale, person.channel, "none" if drawn < OPEN else "unsure", at, settled
