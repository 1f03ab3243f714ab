"""The halls' bookings of a year and of the weeks to come, with what the audit trail says of each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from bench.country import bulk
from bench.country.bulk import Row
from bench.country.people import Person
from desk import audit
from desk.audit import AuditEntry
from desk.halls import days, grid, references
from desk.halls.bookings import LIVE, Booking
from desk.halls.calendar import BookingSlot
from desk.halls.requests import APPLICANTS
from knowledge.snapshot import Snapshot
from knowledge.types import Center
from store import clock
from store.database import Database

PAST, AHEAD = 270, 80
"""Days before and after today on which halls are booked."""

SUBJECTS = ("მეფუტკრეების ტრენინგი", "სოფლის შეხვედრა", "Computer course", "Встреча фермеров")

BOOKING = (
    *("reference", "center_id", "contact_id", "booked_by", "applicant", "subject", "people", "equipment"),
    *("contact_name", "starts_at", "ends_at", "state", "hold_until", "flagged", "flag_reasons"),
    *("decline_reason", "created_at", "changed_at"),
)

ENDS = {"cancelled": "cancel", "declined": "decline", "expired": "expire"}

AUDIT = ("at", "actor", "action", "subject_kind", "subject_id", "details")


def lend(database: Database, known: Snapshot, people: Sequence[Person], count: int, chance: random.Random) -> None:
    """Writes so many bookings down, each hall's one after the other, and the half-hours that are taken."""
    halls = [center for center in known.centers.values() if center.hall is not None]
    times = _times(halls, count, chance)
    with references.drawn_by(chance.choice):
        names = _names(count)
    rows = [_booking(name, *time, chance.choice(people), chance) for name, time in zip(names, times, strict=True)]
    bulk.write(database, Booking, BOOKING, rows)
    taken = [row for row in enumerate(rows, 1) if row[1][11] in {*LIVE, "held", "no_show"}]
    slots = ((row[1], slot, number) for number, row in taken for slot in grid.slots_of(row[9], row[10]))
    bulk.write(database, BookingSlot, ("center_id", "slot", "booking_id"), slots)
    trail = sorted((entry for row in enumerate(rows, 1) for entry in _trail(*row)), key=lambda entry: entry[0])
    bulk.write(database, AuditEntry, AUDIT, trail)


def _names(count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[references.fresh()] = None
    return list(found)


def _times(halls: Sequence[Center], count: int, chance: random.Random) -> list[tuple[Center, datetime]]:
    """Mornings and afternoons on which a hall is open, each once, those of small halls as often as of others."""
    today, found = clock.local_now().date(), list[tuple[Center, datetime]]()
    every = [today + timedelta(days=number) for number in range(-PAST, AHEAD)]
    for center in halls:
        spec = grid.hours_of(center.hall) if center.hall is not None else ""
        open_ = [day for day in every if grid.open_spans(spec, day)]
        found += [(center, _at(day, hour)) for day in open_ for hour in (10, 12, 14)]
    return chance.sample(found, min(count, len(found)))


def _at(day: date, hour: int) -> datetime:
    return days.at(day, time(hour))


def _booking(name: str, center: Center, starts_at: datetime, person: Person, chance: random.Random) -> Row:
    now = clock.now()
    created = min(starts_at - timedelta(days=chance.uniform(3, 30)), now - timedelta(hours=chance.uniform(1, 90)))
    over = starts_at < now
    states = ("held", "no_show", "cancelled", "declined", "expired") if over else (*LIVE, "cancelled")
    state = chance.choices(states, (70, 3, 12, 10, 5) if over else (15, 75, 10))[0]
    hold = now + timedelta(hours=chance.uniform(2, 40)) if state == "tentative" else None
    by = "Lali" if chance.random() < 0.2 else None
    return (
        *(name, center.id, None if by else person.contact_id, by, chance.choice(APPLICANTS)),
        *(chance.choice(SUBJECTS), chance.randint(3, 40), '["projector"]', "ნინო", starts_at),
        *(starts_at + timedelta(minutes=chance.choice((60, 90, 120))), state, hold, False, "[]"),
        *("repairs" if state == "declined" else None, created, created + timedelta(hours=2)),
    )


def _trail(number: int, row: Row) -> Iterator[Row]:
    """What happened to a booking, by whom."""
    center, by, starts_at, state, created = row[1], row[3], row[9], row[11], row[16]
    lali = audit.staff("Lali")
    first = json.dumps({"center": center, "starts_at": starts_at.isoformat()})
    yield created, lali if by else audit.RESIDENT, "book", "booking", number, first
    if state in {"confirmed", "held", "no_show"}:
        yield row[17], lali, "confirm", "booking", number, "{}"
    elif state != "tentative":
        yield row[17], lali, ENDS[state], "booking", number, "{}"
    if state in {"held", "no_show"}:
        yield starts_at + timedelta(hours=3), audit.SYSTEM, f"mark_{state}", "booking", number, "{}"
