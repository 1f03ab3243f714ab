"""What is known so far of a booking that is being asked for: a form, kept as JSON in the conversation's state."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, cast

from desk.halls import days
from desk.halls.requests import Applicant, Equipment, Request

Slot = Literal["day", "start", "minutes", "subject", "people", "applicant", "equipment", "name"]

SLOTS: tuple[Slot, ...] = ("day", "start", "minutes", "subject", "people", "applicant", "equipment", "name")
"""What must be known, in the order in which it is asked (http://centri.gov.ge/en/terms asks for date, time,
duration, subject and equipment; how many people, who asks and a name are the project's own)."""

SUBJECT_LIMIT, NAME_LIMIT = 120, 60
"""Characters of a subject and of a name that are kept."""

MOST_PEOPLE = 2_000
"""More people than any hall of a village could hold: a number beyond it is a slip."""

TIMES: tuple[Slot, ...] = ("day", "start", "minutes")

FREE_WORDS: frozenset[str] = frozenset({"subject", "name"})
"""Slots whose answers may be any words at all."""


@dataclass
class Draft:
    """The form. ``day`` is an ISO date and ``start`` "HH:MM" in Tbilisi; ``minutes`` is the length.

    ``asking`` is the slot that was asked for last and ``answered`` those that were answered, for going back;
    ``wait`` says that the time is taken and the person wants to stand in line; ``moving`` is the id of the booking
    whose time is being changed; ``part`` is the part of the day that was said without an hour; ``missed`` counts
    the texts in a row that were not understood.
    """

    center: int
    day: str | None = None
    start: str | None = None
    minutes: int | None = None
    subject: str | None = None
    people: int | None = None
    applicant: str | None = None
    equipment: list[str] | None = None
    name: str | None = None
    asking: str | None = None
    answered: list[str] = field(default_factory=list)
    wait: bool = False
    moving: int | None = None
    part: str | None = None
    missed: int = 0

    def to_json(self) -> dict[str, Any]:
        """The form as the conversation keeps it."""
        return {name: value for name, value in asdict(self).items() if value is not None and value is not False}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Draft:
        """Reads what ``to_json`` wrote; what another version wrote besides is passed over."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})

    @property
    def wanted(self) -> tuple[Slot, ...]:
        """The slots of this form: a change of time asks for nothing else."""
        return TIMES if self.moving is not None else SLOTS

    @property
    def missing(self) -> Slot | None:
        """The next slot that is not known."""
        return next((slot for slot in self.wanted if getattr(self, slot) is None), None)

    @property
    def date(self) -> date | None:
        """The day."""
        return date.fromisoformat(self.day) if self.day else None

    @property
    def starts_at(self) -> datetime | None:
        """When it begins, in UTC, where day and hour are known."""
        if self.day is None or self.start is None:
            return None
        return days.at(date.fromisoformat(self.day), time.fromisoformat(self.start))

    def length(self, otherwise: int) -> timedelta:
        """How long, or that many minutes where it is not known yet."""
        return timedelta(minutes=self.minutes or otherwise)

    def fill(self, slot: Slot, value: object) -> None:
        """Sets a slot; a new time is not waited for any more."""
        setattr(self, slot, value)
        if slot in TIMES:
            self.wait = False
        if slot in self.answered:
            self.answered.remove(slot)
        if value is not None:
            self.answered.append(slot)

    def clear(self, slot: Slot) -> None:
        """Forgets a slot, so that it is asked for again."""
        self.fill(slot, None)

    def request(self) -> Request:
        """The whole form as the desk takes it. Raises ValueError where something is missing."""
        starts_at = self.starts_at
        if starts_at is None or self.missing is not None:
            raise ValueError(f"the form lacks {self.missing}")
        return Request(
            starts_at=starts_at,
            duration=self.length(0),
            applicant=cast(Applicant, self.applicant),
            subject=self.subject or "",
            people=self.people or 0,
            equipment=tuple(cast(Equipment, one) for one in self.equipment or ()),
            contact_name=self.name or "",
        )
