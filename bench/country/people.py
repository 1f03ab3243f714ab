"""The residents: where they live, how they write, in which language, and what they want to hear of."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.country import bulk
from bench.country.bulk import Row
from desk.contacts import Contact, Resident
from desk.conversations import Conversation
from desk.events.models import Subscription
from desk.events.topics import topics
from desk.messages import Channel
from knowledge.snapshot import Snapshot
from knowledge.types import Locale
from store import clock
from store.database import Database

SPOKEN: dict[Locale, int] = {"ka": 62, "ka-Latn": 14, "ru": 6, "az": 9, "hy": 7, "en": 2}
"""In hundredths: who writes in which language and letters."""

WRITE_BY: dict[Channel, int] = {"sms": 57, "telegram": 40, "whatsapp": 3}

HAVE_TWO = 0.06
"""The share of people who write by SMS and by WhatsApp from the same number."""

OPTED_OUT, SUPPRESSED = 0.02, 0.01

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody and the first of their contacts; ``center_id`` is the centre nearest to their home."""

    contact_id: int
    channel: Channel
    language: Locale
    center_id: int | None
    place_id: int | None


def settle_in(database: Database, known: Snapshot, count: int, chance: random.Random) -> list[Person]:
    """Writes so many residents down, with contacts, conversations and subscriptions."""
    people, residents, contacts, talks = [], list[Row](), list[Row](), list[Row]()
    homes = _homes(known, count, chance)
    for number, home in enumerate(homes, 1):
        language = chance.choices(list(SPOKEN), list(SPOKEN.values()))[0]
        channel = chance.choices(list(WRITE_BY), list(WRITE_BY.values()))[0]
        since = clock.now() - YEAR * chance.random()
        chosen = language.partition("-")[0] if chance.random() < 0.3 else None
        residents.append((since, chosen, home, channel if chance.random() < 0.2 else None))
        center = known.own_centers.get(home) if home is not None else None
        people.append(Person(len(contacts) + 1, channel, language, center, home))
        both = chance.random() < HAVE_TWO and channel != "telegram"
        for each in ("sms", "whatsapp") if both else (channel,):
            contacts.append((number, each, _address(each, number), since, *_silent(since, chance), 0, 0))
            talks.append((len(contacts), _state(language, center, home), "[]", since))
    bulk.write(database, Resident, ("created_at", "locale", "home_place_id", "preferred_channel"), residents)
    columns = ("resident_id", "channel", "address", "created_at", "opted_out_at", "suppressed_at")
    bulk.write(database, Contact, (*columns, "suppressed_reason", "budget_used", "strikes"), contacts)
    bulk.write(database, Conversation, ("contact_id", "state", "pages", "updated_at"), talks)
    wishes = _wishes(known, people, chance)
    bulk.write(database, Subscription, ("contact_id", "kind", "value", "created_at"), wishes)
    return people


def _homes(known: Snapshot, count: int, chance: random.Random) -> Sequence[int | None]:
    """Four in five people have told us their settlement; the bigger ones have more of them."""
    places = [place for place in known.places.values() if place.lat is not None]
    drawn = chance.choices(places, [(place.population or 300) ** 0.5 for place in places], k=count)
    return [place.id if chance.random() < 0.8 else None for place in drawn]


def _address(channel: str, number: int) -> str:
    return str(100_000_000 + number) if channel == "telegram" else f"+9955{number:08}"


def _silent(since: datetime, chance: random.Random) -> Row:
    """When they said stop, and when and why they could not be reached any more."""
    drawn = chance.random()
    if drawn < OPTED_OUT:
        return (since + timedelta(hours=1), None, None)
    return (None, since + timedelta(hours=1), "blocked") if drawn < OPTED_OUT + SUPPRESSED else (None, None, None)


def _wishes(known: Snapshot, people: Sequence[Person], chance: random.Random) -> Iterator[Row]:
    """A third of the people subscribed to something."""
    codes = list(topics())
    for person in people:
        drawn = chance.random()
        if drawn < 0.15 and person.center_id is not None:
            yield person.contact_id, "center", known.centers[person.center_id].slug, clock.now()
        elif drawn < 0.25 and person.place_id is not None:
            yield person.contact_id, "municipality", known.places[person.place_id].municipality_en, clock.now()
        elif drawn < 0.33:
            yield person.contact_id, "topic", chance.choice(codes), clock.now()


def _state(language: Locale, center: int | None, place: int | None) -> str:
    """As ``bot.dialogue.state`` keeps it."""
    last = {"intent": "nearest_center", "language": language, "choices": ["hours", "services", "book_room"]}
    return json.dumps({"place": place, "center": center, **last})
