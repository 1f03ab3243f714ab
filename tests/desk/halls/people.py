"""A hall, people who want it, and somebody who writes down what they are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from desk import contacts
from desk.contacts import Contact
from desk.halls import making
from desk.halls.bookings import Booking
from desk.halls.news import News
from desk.halls.requests import Request
from knowledge.types import Center, Hall
from store.clock import TBILISI

MONDAY = datetime(2026, 2, 2, 10, 0, tzinfo=TBILISI).astimezone(UTC)
"""Monday, in weeks without a holiday."""

WEDNESDAY = date(2026, 2, 4)
"""The first day that can be booked on that Monday."""

HOURS = "Mo-Fr 09:00-18:00; PH off"


def center(id: int = 1, *, hours: str = HOURS, capacity: int | None = 30, hall: bool = True) -> Center:
    return Center(
        id=id,
        slug=f"centre-{id}",
        name_en="Chakvi",
        name_ka="ჩაქვი",
        municipality_en="Kobuleti",
        region_en="Adjara",
        opened=None,
        lat=None,
        lon=None,
        accuracy="none",
        address_ka="",
        phone="",
        hours="",
        hours_source="",
        hall=Hall(hours, capacity, "test") if hall else None,
        source="test",
        verified_on=None,
    )


CHAKVI = center()


def person(session: Session, number: int = 1, channel: str = "sms") -> Contact:
    return contacts.find_or_create(session, channel, f"+9955550{number:05}")  # type: ignore[arg-type]


def wall(day: date, hour: int = 15, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), TBILISI).astimezone(UTC)


def request(
    day: date = WEDNESDAY, hour: int = 15, minutes: int = 120, minute: int = 0, people: int = 20, subject: str = ""
) -> Request:
    return Request(
        starts_at=wall(day, hour, minute),
        duration=timedelta(minutes=minutes),
        applicant="resident",
        subject=subject or "beekeeping training",
        people=people,
        equipment=("projector",),
        contact_name="Nino",
    )


class Told:
    """A ``Tell`` that remembers."""

    def __init__(self) -> None:
        self.all: list[tuple[int, News]] = []

    def __call__(self, session: Session, booking: Booking, news: News) -> None:
        assert booking.id is not None
        self.all.append((booking.id, news))

    def take(self) -> list[tuple[int, News]]:
        """What was told since the last look."""
        told, self.all = self.all, []
        return told

    def kinds(self, booking_id: int | None = None) -> list[str]:
        return [news.kind for id, news in self.all if booking_id in (None, id)]


def booked(session: Session, contact: Contact, tell: Told | None = None, **wanted: object) -> Booking:
    made = making.book(session, CHAKVI, request(**wanted), tell or Told(), contact=contact)  # type: ignore[arg-type]
    assert isinstance(made, Booking), made
    return made


def codes(found: Iterable[object]) -> list[str]:
    return [one.code for one in found]  # type: ignore[attr-defined]
