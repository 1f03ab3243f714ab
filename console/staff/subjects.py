"""What audit entries are about, by name: members, bookings, announcements and events, as people call them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.events import words as event_words
from console.staff.words import locale, stamp
from desk import staff
from desk.announcements.models import Announcement
from desk.audit import AuditEntry
from desk.events.models import Event, Occurrence
from desk.halls.bookings import Booking

SLICE = 500
"""So many numbers stand in one query."""

Names = Mapping[tuple[str, int], str]


def names(session: Session, found: Iterable[AuditEntry]) -> Names:
    """The names of the subjects that have one, by kind and number; of what is gone there is none."""
    numbers: dict[str, set[int]] = {kind: set() for kind in _CALLED}
    for entry in found:
        if entry.subject_kind in numbers:
            numbers[entry.subject_kind].add(entry.subject_id)
    named = {("staff", member.id): member.name for member in staff.everybody(session)}
    for kind, wanted in numbers.items():
        for part in _slices(sorted(wanted)):
            named.update({(kind, number): name for number, name in _CALLED[kind](session, part)})
    return named


def _slices(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[begin : begin + SLICE] for begin in range(0, len(numbers), SLICE))


def _bookings(session: Session, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    rows = session.execute(select(Booking.id, Booking.reference).where(Booking.id.in_(numbers)))
    return ((number, reference) for number, reference in rows)


def _announcements(session: Session, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    rows = session.execute(select(Announcement.id, Announcement.name).where(Announcement.id.in_(numbers)))
    return ((number, name) for number, name in rows)


def _events(session: Session, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    found = session.scalars(select(Event).where(Event.id.in_(numbers)))
    return ((event.id, event_words.title(locale(), event)) for event in found)


def _occurrences(session: Session, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    found = session.scalars(select(Occurrence).where(Occurrence.id.in_(numbers)))
    return ((one.id, f"{event_words.title(locale(), one.event)}, {stamp(one.starts_at)}") for one in found)


_CALLED: Mapping[str, Callable[[Session, Sequence[int]], Iterator[tuple[int, str]]]] = {
    "booking": _bookings,
    "announcement": _announcements,
    "event": _events,
    "occurrence": _occurrences,
}
