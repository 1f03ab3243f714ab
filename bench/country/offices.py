"""The staff of the centres, and what they did in a year: signing in, mending facts, teaching."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

from bench import texts
from bench.country import bulk
from bench.country.bulk import Row
from bench.country.halls import AUDIT
from bench.country.people import YEAR
from desk import audit
from desk.audit import AuditEntry
from desk.staff import StaffCenter, StaffMember
from knowledge.history import KnowledgeChange
from knowledge.snapshot import Snapshot
from knowledge.taught import TaughtRow, keys_of
from store import clock
from store.database import Database

EDITORS = 5
DEEDS = ("sign_in", "sign_out", "verify", "change", "look", "sign_in_failed")

CHANGE = ("at", "actor", "edit", "kind", "row_id", "label", "field", "old", "new")

MEMBER = ("name", "locale", "role", "created_at")


def open_offices(database: Database, known: Snapshot, deeds: int, chance: random.Random) -> None:
    """Two members for each centre, some editors and an administrator; so many entries of the audit trail."""
    since = clock.now() - YEAR
    centers = [center for center in known.centers for _ in range(2)]
    names = ["Administrator", *(f"Editor {number}" for number in range(EDITORS))]
    names += [f"{known.centers[center].slug} {number}" for number, center in enumerate(centers)]
    roles = ["administrator", *["editor"] * EDITORS, *["staff"] * len(centers)]
    members = [(name, "ka", role, since) for name, role in zip(names, roles, strict=True)]
    bulk.write(database, StaffMember, MEMBER, members)
    own = ((number, center) for number, center in enumerate(centers, EDITORS + 2))
    bulk.write(database, StaffCenter, ("staff_id", "center_id"), own)
    moments = sorted(clock.now() - YEAR * chance.random() for _ in range(deeds))
    entries = ((at, audit.staff(chance.choice(names)), *_deed(len(names), chance)) for at in moments)
    bulk.write(database, AuditEntry, AUDIT, entries)
    bulk.write(database, KnowledgeChange, CHANGE, _changes(known, deeds // 20, chance))
    bulk.write(database, TaughtRow, ("keys", "text", "language", "intent", "actor", "at"), _taught(chance))


def _deed(members: int, chance: random.Random) -> Row:
    action = chance.choice(DEEDS)
    if action == "look":
        return action, "resident", chance.randint(1, 1000), "{}"
    if action in {"verify", "change"}:
        return action, "centers", chance.randint(1, 50), '{"fields": ["phone", "hours"]}'
    return action, "staff", chance.randint(1, members), "{}"


def _changes(known: Snapshot, count: int, chance: random.Random) -> Iterator[Row]:
    for number in range(count):
        center = known.centers[chance.choice(list(known.centers))]
        at = clock.now() - YEAR * (1 - number / count)
        field = chance.choice(("phone", "hours", "address_ka"))
        row = ("centers", str(center.id), center.name_ka, field, "before", "after")
        yield at, audit.staff("Editor 1"), f"{number:032x}", *row


def _taught(chance: random.Random) -> Iterator[Row]:
    """A hundred texts that staff taught."""
    said = {keys_of(phrase.text): phrase for phrase in texts.labelled()[:100]}
    for keys, phrase in said.items():
        if keys:
            at = clock.now() - timedelta(days=chance.uniform(1, 300))
            yield keys, phrase.text, phrase.locale, "hours", audit.staff("Editor 1"), at
