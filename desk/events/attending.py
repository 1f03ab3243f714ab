"""Coming to an event: a place while there are any, else one in the line. Nobody is overbooked.

    (new) -> coming | waiting
    waiting -> coming (a place was freed) | cancelled
    coming -> cancelled

The occurrence is locked for every change, so that two people never take the same place. A freed place goes to the
first in line whose whole group fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk import audit, quiet
from desk.contacts import Contact
from desk.events import telling
from desk.events.models import OPEN, Attendance, Event, Occurrence
from store import clock

MOST_HEADS = 20
"""The biggest group that one message announces; a bigger one calls the centre (the project's own rule)."""

Outcome = Literal["coming", "waiting", "too_many", "closed"]
"""``too_many`` is a group bigger than MOST_HEADS or than all the places; ``closed`` what takes no more people."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of "I'm coming". ``free`` are the places that are left, None where everybody fits."""

    outcome: Outcome
    free: int | None = None
    attendance: Attendance | None = None


def locked(session: Session, occurrence_id: int) -> Occurrence | None:
    """The occurrence as it stands now, nobody else being able to change who comes until the transaction ends."""
    query = select(Occurrence).where(Occurrence.id == occurrence_id).with_for_update(key_share=True, of=Occurrence)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is not None:
        session.refresh(found.event)
    return found


def join(session: Session, contact: Contact, occurrence_id: int, heads: int) -> Joined:
    """The person comes with so many heads, themselves included, or gets into the line where there is no room.

    Saying it again changes the number: fewer keep their place, more keep it only where they fit. Raises ValueError
    for less than one head.
    """
    if heads < 1:
        raise ValueError("at least one person comes")
    occurrence = locked(session, occurrence_id)
    if occurrence is None or not _is_open(occurrence):
        return Joined("closed")
    places = occurrence.event.capacity
    if heads > MOST_HEADS or (places is not None and heads > places):
        return Joined("too_many", places)
    mine = mine_of(session, contact, occurrence_id)
    free = _free_for(session, occurrence, besides=mine)
    state = "coming" if free is None or heads <= free else "waiting"
    if state == "waiting" and mine is not None and mine.state == "coming":
        return Joined("too_many", free, mine)  # whoever has a place does not lose it by asking for more
    row = _noted(session, contact, occurrence_id, heads, state, mine)
    fill(session, occurrence)
    session.refresh(row)
    outcome: Outcome = "coming" if row.state == "coming" else "waiting"
    return Joined(outcome, free_places(session, occurrence), row)


def _noted(
    session: Session, contact: Contact, occurrence_id: int, heads: int, state: str, mine: Attendance | None
) -> Attendance:
    now = clock.now()
    if mine is None:
        mine = Attendance(
            contact_id=contact.id,
            occurrence_id=occurrence_id,
            heads=heads,
            state=state,
            joined_at=now,
            changed_at=now,
        )
        session.add(mine)
    else:
        if mine.state != state or (state == "waiting" and heads > mine.heads):
            mine.joined_at = now  # a bigger group goes to the end of the line
        mine.heads, mine.state, mine.changed_at = heads, state, now
    session.flush()
    audit.record(session, audit.RESIDENT, "join", "occurrence", occurrence_id, {"heads": heads, "state": state})
    return mine


def leave(session: Session, contact: Contact, occurrence_id: int) -> bool:
    """The person does not come, or wait, any more; False where they did not. The next in line gets the place."""
    occurrence = locked(session, occurrence_id)
    mine = mine_of(session, contact, occurrence_id)
    if occurrence is None or mine is None or mine.state == "cancelled":
        return False
    mine.state, mine.changed_at = "cancelled", clock.now()
    session.flush()
    audit.record(session, audit.RESIDENT, "leave", "occurrence", occurrence_id, {"heads": mine.heads})
    if _is_open(occurrence):
        fill(session, occurrence)
    return True


def fill(session: Session, occurrence: Occurrence) -> int:
    """Gives free places to the line, the first who fit, and writes down that they are told; how many got one.

    The occurrence is locked. Where nobody could be told any more before it begins, nobody is moved.
    """
    if not _is_open(occurrence) or _too_late(occurrence):
        return 0
    given = 0
    for row in _line(session, occurrence.id):
        free = free_places(session, occurrence)
        if free is not None and row.heads > free:
            continue
        row.state, row.changed_at = "coming", clock.now()
        session.flush()
        entry = audit.record(
            session, audit.SYSTEM, "give_place", "occurrence", occurrence.id, {"heads": row.heads}
        )
        _tell_of_place(session, occurrence, row, entry.id)
        given += 1
    return given


def _tell_of_place(session: Session, occurrence: Occurrence, row: Attendance, number: int) -> None:
    who = select(Attendance.contact_id).where(Attendance.id == row.id)
    facts = {"heads": row.heads}
    until = occurrence.starts_at
    telling.queue(
        session, occurrence.event, who, "place_freed", number, until, occurrence_id=occurrence.id, facts=facts
    )


def fill_event(session: Session, event: Event) -> int:
    """Gives free places of every occurrence to come to its line; how many people got one."""
    waiting = (
        select(Attendance.occurrence_id)
        .join(Occurrence, Occurrence.id == Attendance.occurrence_id)
        .where(Occurrence.event_id == event.id, Attendance.state == "waiting", Occurrence.state == "planned")
        .distinct()
    )
    return sum(_fill_one(session, number) for number in sorted(session.scalars(waiting).all()))


def fill_all(session: Session) -> int:
    """Looks through every line for places that were freed unseen, such as by "forget me"; how many got one."""
    waiting = (
        select(Attendance.occurrence_id)
        .join(Occurrence, Occurrence.id == Attendance.occurrence_id)
        .where(Attendance.state == "waiting", Occurrence.state == "planned", Occurrence.starts_at > clock.now())
        .distinct()
    )
    return sum(_fill_one(session, number) for number in sorted(session.scalars(waiting).all()))


def _fill_one(session: Session, occurrence_id: int) -> int:
    occurrence = locked(session, occurrence_id)
    return fill(session, occurrence) if occurrence is not None else 0


def free_places(session: Session, occurrence: Occurrence) -> int | None:
    """The places that are left; None where everybody fits, never less than nothing."""
    if occurrence.event.capacity is None:
        return None
    return max(0, occurrence.event.capacity - heads_coming(session, occurrence.id))


def heads_coming(session: Session, occurrence_id: int, *, besides: int = 0) -> int:
    """How many heads come, but for those of one attendance."""
    query = select(func.coalesce(func.sum(Attendance.heads), 0)).where(
        Attendance.occurrence_id == occurrence_id, Attendance.state == "coming", Attendance.id != besides
    )
    return int(session.scalar(query) or 0)


def _free_for(session: Session, occurrence: Occurrence, besides: Attendance | None) -> int | None:
    """The places that this person may take: those of the line before them are spoken for."""
    if occurrence.event.capacity is None:
        return None
    me = besides.id if besides is not None else 0
    free = max(0, occurrence.event.capacity - heads_coming(session, occurrence.id, besides=me))
    if _too_late(occurrence) or (besides is not None and besides.state == "coming"):
        return free
    for row in _line(session, occurrence.id):
        if row.id == me:
            break
        if row.heads <= free:
            free -= row.heads
    return free


def _line(session: Session, occurrence_id: int) -> Sequence[Attendance]:
    """Who waits for that occurrence and can be told of a place, the first in line first."""
    query = (
        select(Attendance)
        .join(Contact, Contact.id == Attendance.contact_id)
        .where(
            Attendance.occurrence_id == occurrence_id,
            Attendance.state == "waiting",
            Contact.opted_out_at.is_(None),
            Contact.suppressed_at.is_(None),
            Contact.forget_at.is_(None),
        )
        .order_by(Attendance.joined_at, Attendance.id)
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def place_in_line(session: Session, row: Attendance) -> int:
    """The person's place in the line, 1 for the next one."""
    ahead = [one for one in _line(session, row.occurrence_id) if (one.joined_at, one.id) < (row.joined_at, row.id)]
    return 1 + len(ahead)


def mine_of(session: Session, contact: Contact, occurrence_id: int) -> Attendance | None:
    """What the person has said about that occurrence, cancelled or not."""
    query = select(Attendance).where(
        Attendance.contact_id == contact.id, Attendance.occurrence_id == occurrence_id
    )
    return session.scalar(query.execution_options(populate_existing=True))


def upcoming_of(session: Session, contact: Contact) -> Sequence[Attendance]:
    """Where the person comes or waits, the soonest first."""
    query = (
        select(Attendance)
        .join(Occurrence, Occurrence.id == Attendance.occurrence_id)
        .where(
            Attendance.contact_id == contact.id,
            Attendance.state != "cancelled",
            Occurrence.state == "planned",
            Occurrence.ends_at > clock.now(),
        )
        .order_by(Occurrence.starts_at, Attendance.id)
    )
    return session.scalars(query).unique().all()


def _too_late(occurrence: Occurrence) -> bool:
    """Whether nobody can be told of a freed place any more before it begins."""
    return quiet.held_until(clock.now()) >= occurrence.starts_at


def _is_open(occurrence: Occurrence) -> bool:
    """Whether people may still say that they come."""
    return occurrence.state == "planned" and occurrence.event.state in OPEN and occurrence.starts_at > clock.now()
