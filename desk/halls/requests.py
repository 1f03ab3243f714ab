"""What is asked for, and every rule that stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

from desk.halls import days, grid
from desk.halls.rules import Rules
from knowledge import hours
from knowledge.types import Hall
from store.clock import TBILISI

Applicant = Literal["resident", "local_government", "public_institution", "legal_entity"]
"""Who may borrow a hall (http://centri.gov.ge/en/terms): people of the village and its neighbours, local
self-government, public institutions, legal entities of private or public law."""

APPLICANTS: tuple[Applicant, ...] = ("resident", "local_government", "public_institution", "legal_entity")

Equipment = Literal["projector", "sound", "conference_call"]
EQUIPMENT: tuple[Equipment, ...] = ("projector", "sound", "conference_call")

Code = Literal[
    "no_hall",
    "past",
    "too_soon",
    "too_far",
    "off_grid",
    "holiday",
    "outside_hours",
    "too_long",
    "over_capacity",
    "banned",
    "too_many_open",
    "too_many_waits",
    "too_late_to_change",
]

WARNINGS: frozenset[Code] = frozenset({"over_capacity"})
"""What is told and flagged but does not forbid."""

TIME_CODES: frozenset[Code] = frozenset(
    {"past", "too_soon", "too_far", "off_grid", "holiday", "outside_hours", "too_long"}
)
"""Refusals that another time would mend."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks of a hall. ``starts_at`` is aware. Raises ValueError for what makes no sense at all."""

    starts_at: datetime
    duration: timedelta
    applicant: Applicant
    subject: str
    people: int
    equipment: tuple[Equipment, ...] = ()
    contact_name: str = ""

    def __post_init__(self) -> None:
        """Refuses a naive moment, no time at all, nobody, and applicants and equipment that are not known."""
        if self.starts_at.tzinfo is None:
            raise ValueError("a request needs a time with its zone")
        if self.duration <= timedelta(0):
            raise ValueError("a request needs a duration")
        if self.people < 1:
            raise ValueError("a request needs at least one person")
        if self.applicant not in APPLICANTS or not set(self.equipment) <= set(EQUIPMENT):
            raise ValueError("a request needs a known applicant and known equipment")

    @property
    def ends_at(self) -> datetime:
        """When the hall is free again."""
        return self.starts_at + self.duration


@dataclass(frozen=True, slots=True)
class Standing:
    """How the person stands: the last day on which booking is closed to them, and their open bookings."""

    banned_until: date | None = None
    open_bookings: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that stands against a request, with what is needed to say so in any language."""

    code: Code
    facts: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_warning(self) -> bool:
        """Whether the request may go on all the same."""
        return self.code in WARNINGS


def blocking(refusals: Iterable[Refusal]) -> list[Refusal]:
    """Those that forbid the request."""
    return [refusal for refusal in refusals if not refusal.is_warning]


def check(
    request: Request, rules: Rules, hall: Hall | None, now: datetime, standing: Standing | None = None
) -> list[Refusal]:
    """Every rule that stands against the request at that moment; empty where none does.

    Sources: each rule below names its own; all are on http://centri.gov.ge/en/terms unless said otherwise.
    """
    if hall is None:
        return [Refusal("no_hall")]
    found = [
        *_too_early_or_late(request.starts_at, rules, now),
        *_off_grid(request, rules),
        *_closed(request, hall),
        *_crowded(request, hall),
    ]
    return [*found, *_person(standing, rules, now)] if standing else found


def _too_early_or_late(starts_at: datetime, rules: Rules, now: datetime) -> Iterator[Refusal]:
    """At least 2 business days before (http://centri.gov.ge/en/terms); the horizon is the project's own."""
    day, today = days.local_day(starts_at), days.local_day(now)
    earliest = days.with_notice(today, rules.min_business_days)
    latest = today + timedelta(days=rules.horizon_days)
    if starts_at <= now:
        yield Refusal("past", {"starts_at": starts_at})
    elif day < earliest:
        facts = {"earliest": days.next_business_day(earliest), "business_days": rules.min_business_days}
        yield Refusal("too_soon", facts)
    elif day > latest:
        yield Refusal("too_far", {"latest": latest, "days": rules.horizon_days})


def _off_grid(request: Request, rules: Rules) -> Iterator[Refusal]:
    """Halls are lent by the half-hour (the project's own rule)."""
    step = timedelta(minutes=rules.slot_minutes)
    if not grid.on_grid(request.starts_at, rules.slot_minutes) or request.duration % step:
        yield Refusal("off_grid", {"slot_minutes": rules.slot_minutes})


def _closed(request: Request, hall: Hall) -> Iterator[Refusal]:
    """On business days, 09:00 to 18:00 (http://centri.gov.ge/ge/terms), and within one day."""
    day = days.local_day(request.starts_at)
    if hours.is_holiday(day):
        yield Refusal("holiday", {"day": day})
        return
    spans = grid.open_spans(grid.hours_of(hall), day)
    if any(opens <= request.starts_at and request.ends_at <= closes for opens, closes in spans):
        return
    longest = max((closes - opens for opens, closes in spans), default=None)
    if longest is not None and request.duration > longest:
        yield Refusal("too_long", {"minutes": int(longest.total_seconds()) // 60})
    else:
        wall = tuple((a.astimezone(TBILISI).time(), b.astimezone(TBILISI).time()) for a, b in spans)
        yield Refusal("outside_hours", {"day": day, "spans": wall})


def _crowded(request: Request, hall: Hall) -> Iterator[Refusal]:
    """More people than seats: a warning, for the centre may know better (Tsnori's hall: 30)."""
    if hall.capacity is not None and request.people > hall.capacity:
        yield Refusal("over_capacity", {"capacity": hall.capacity, "people": request.people})


def _person(standing: Standing, rules: Rules, now: datetime) -> Iterator[Refusal]:
    """Whoever did not come and did not say so "loses access for 10 business days"; two open holds a person."""
    until = standing.banned_until
    if until is not None and days.local_day(now) <= until:
        yield Refusal("banned", {"until": until})
    if standing.open_bookings >= rules.max_open:
        yield Refusal("too_many_open", {"open": standing.open_bookings, "limit": rules.max_open})
