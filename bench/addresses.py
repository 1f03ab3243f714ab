"""The addresses of the staff console, taken from its routes, their arguments from rows that are there.

A page that is added is found by itself. One whose address names something that no source is known of raises
``NoSource``: add a line to ``SOURCES``. ``QUERIES`` are the further ways to ask for a page that have queries of
their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from console.staff import access
from desk.announcements.models import Announcement
from desk.events.models import Event, Occurrence
from desk.halls.bookings import Booking
from desk.questions import Question
from desk.staff import ROLES, StaffMember
from knowledge.models import CenterRow, PlaceRow, ServedRow, ServiceRow
from store import clock

OBJECTS = 4
"""So many objects of each kind are looked at in turn."""

Values = dict[str, Any]


class NoSource(LookupError):
    """Nothing is known that could stand in the address of a route."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks: a role, and for staff of a centre its id and its slug."""

    role: str
    center_id: int | None = None
    slug: str | None = None

    def own(self, column: Any) -> tuple[ColumnElement[bool], ...]:
        """The condition that narrows a query to the centre, where there is one."""
        return (column == self.center_id,) if self.center_id is not None else ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name, the addresses to ask for in turn, and whether it is a file to take away."""

    name: str
    addresses: tuple[str, ...]
    is_file: bool


Source = Callable[[Session, Eyes], Sequence[Values]]


def _column(name: str, column: Any, *narrow: Any) -> Source:
    """The values of a column, the newest; ``narrow`` is the column that names the centre."""

    def source(session: Session, eyes: Eyes) -> Sequence[Values]:
        conditions = [condition for one in narrow for condition in eyes.own(one)]
        query = select(column).where(*conditions).order_by(column.desc()).limit(OBJECTS)
        return [{name: value} for value in session.scalars(query)]

    return source


def _announcements(session: Session, eyes: Eyes) -> Sequence[Values]:
    """The newest of each state, for staff of a centre those to its people."""
    seen: dict[str, int] = {}
    for row in session.scalars(select(Announcement).order_by(Announcement.id.desc())):
        if eyes.center_id is None or row.audience.get("centers") == [eyes.slug]:
            seen.setdefault(row.state, row.id)
    return [{"announcement_id": number} for number in seen.values()]


def _occurrences(session: Session, eyes: Eyes) -> Sequence[Values]:
    query = (
        select(Occurrence.event_id, Occurrence.id)
        .join(Event, Event.id == Occurrence.event_id)
        .where(Event.state.in_(("announced", "changed")), *eyes.own(Event.center_id))
    )
    rows = session.execute(query.where(Occurrence.starts_at > clock.now()).limit(OBJECTS))
    return [{"event_id": event, "occurrence_id": occurrence} for event, occurrence in rows]


def _questions(session: Session, _eyes: Eyes) -> Sequence[Values]:
    recent = Question.asked_at > clock.now() - timedelta(days=7)
    query = select(Question.id).where(recent, Question.settled_at.is_(None)).limit(OBJECTS)
    return [{"question_id": number} for number in session.scalars(query)]


def _fixed(**choices: Sequence[str]) -> Source:
    every = [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]
    return lambda _session, _eyes: every


_ENDINGS = ("csv", "xlsx")
_REPORTS = ("days", "channels", "languages", "intents", "centers", "bookings", "events")

SOURCES: Mapping[frozenset[str], Source] = {
    frozenset(): _fixed(),
    frozenset({"center_id"}): _column("center_id", CenterRow.id, CenterRow.id),
    frozenset({"booking_id"}): _column("booking_id", Booking.id, Booking.center_id),
    frozenset({"event_id"}): _column("event_id", Event.id, Event.center_id),
    frozenset({"event_id", "occurrence_id"}): _occurrences,
    frozenset({"announcement_id"}): _announcements,
    frozenset({"served_id"}): _column("served_id", ServedRow.id, ServedRow.center_id),
    frozenset({"slug"}): _column("slug", ServiceRow.slug),
    frozenset({"place_id"}): _column("place_id", PlaceRow.id),
    frozenset({"question_id"}): _questions,
    frozenset({"staff_id"}): _column("staff_id", StaffMember.id),
    frozenset({"token"}): _fixed(token=("none",)),
    frozenset({"ending"}): _fixed(ending=_ENDINGS),
    frozenset({"name", "ending"}): _fixed(name=_REPORTS, ending=_ENDINGS),
    frozenset({"kind", "ending"}): _fixed(kind=("centers", "served", "services", "places"), ending=_ENDINGS),
}
"""Where the arguments of an address come from, by their names."""

QUERIES: Mapping[str, tuple[str, ...]] = {
    "staff.reports.page": ("", "days=30", "days=90"),
    "staff.reports.table": ("days=90",),
    "staff.questions.page": ("", "days=7", "days=90", "days=90&order=newest"),
    "staff.events.page": ("", "show=drafts", "show=over"),
    "staff.calendar.page": ("", "view=day"),
    "staff.calendar.find": ("reference=K7-3F2",),
    "staff.knowledge.page": ("", "q=kach"),
    "staff.knowledge.served": ("", "q=kach"),
    "staff.knowledge.services": ("", "q=passport"),
    "staff.knowledge.places": ("", "q=kach", "q=ახალ", "page=60"),
    "staff.posters.sheet": ("", "language=ka&language=az&language=ru"),
    "staff.audit.page": (
        *("", "who=everybody", "who=staff:Lali", "who=resident", "who=staff:nobody", "before=500"),
        *("action=confirm", "action=never", "who=everybody&action=look&last=2026-01-01", "subject=booking"),
        *("subject=booking&number=1", "first=2026-01-01&last=2026-01-02", "subject=announcement&action=cancel"),
    ),
}
"""The queries with which a page is asked for; the others are asked for without one."""

ALL_DATES = "2026"


def pages(app: Flask, session: Session, eyes: Eyes) -> Iterator[Page]:
    """Every page that they may look at."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.endpoint):
        if rule.endpoint.startswith("staff.") and "GET" in (rule.methods or ()) and _may_see(app, rule, eyes):
            yield from _of_rule(app, session, rule, eyes)


def _may_see(app: Flask, rule: Rule, eyes: Eyes) -> bool:
    with app.app_context():
        found = access.rule_of(rule.endpoint)
    seen = found is not None and rule.endpoint != access.STATIC and found.kind not in {"public", "half"}
    return seen and ROLES.index(eyes.role) >= ROLES.index(found.role)  # type: ignore[union-attr, arg-type]


def _of_rule(app: Flask, session: Session, rule: Rule, eyes: Eyes) -> Iterator[Page]:
    source = SOURCES.get(frozenset(rule.arguments))
    if source is None:
        raise NoSource(f"{rule.rule}: nothing is known that could stand there (see bench.addresses.SOURCES)")
    with app.test_request_context("/staff/"):
        plain = tuple(app.url_for(rule.endpoint, **values, _external=False) for values in source(session, eyes))
    for query in QUERIES.get(rule.endpoint, ("",)):
        asked = tuple(f"{address}?{query}" if query else address for address in plain)
        name = rule.endpoint.removeprefix("staff.") + (f" ?{query}" if query else "")
        yield Page(name, asked, is_file="ending" in rule.arguments)
