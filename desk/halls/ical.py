"""Bookings as iCalendar (RFC 5545): one file for the person, and a centre's whole calendar for its staff."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from icalendar import Calendar, Event, vDuration

from desk.halls.bookings import Booking, State, state_of
from knowledge.types import Center

MEDIA_TYPE = "text/calendar"

PRODUCT = "-//Mezobeli//Halls//EN"

REFRESH = timedelta(minutes=15)
"""How often a calendar that is subscribed to should ask again."""

Words = Callable[[Booking], tuple[str, str]]
"""The title and the description of a booking."""

_STATUS: Mapping[State, str] = {
    "tentative": "TENTATIVE",
    "confirmed": "CONFIRMED",
    "held": "CONFIRMED",
    "no_show": "CONFIRMED",
    "declined": "CANCELLED",
    "expired": "CANCELLED",
    "cancelled": "CANCELLED",
}


def event_file(booking: Booking, center: Center | None, title: str) -> bytes:
    """One booking as a file that a calendar opens."""
    calendar = _calendar(title)
    calendar.add_component(_event(booking, center, title))
    return bytes(calendar.to_ical())


def feed(bookings: Sequence[Booking], centers: Mapping[int, Center], name: str, words: Words) -> bytes:
    """Many bookings as one calendar of that name. The same bookings give the same bytes."""
    calendar = _calendar(name)
    every = vDuration(REFRESH, {"VALUE": "DURATION"})  # RFC 7986, 5.7
    calendar.add("refresh-interval", every)
    calendar.add("x-published-ttl", every)
    for booking in bookings:
        title, description = words(booking)
        event = _event(booking, centers.get(booking.center_id), title)
        event.add("description", description)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Tbilisi")
    return calendar


def _event(booking: Booking, center: Center | None, title: str) -> Event:
    """The booking as a VEVENT; the same name and a growing number each time, so that a change replaces it."""
    event = Event()
    event.add("uid", f"{booking.reference}@mezobeli")
    event.add("dtstamp", booking.changed_at)
    event.add("created", booking.created_at)
    event.add("last-modified", booking.changed_at)
    event.add("sequence", int((booking.changed_at - booking.created_at).total_seconds()))
    event.add("dtstart", booking.starts_at)
    event.add("dtend", booking.ends_at)
    event.add("summary", title)
    event.add("status", _STATUS[state_of(booking)])
    if center is not None:
        event.add("location", center.name_ka)
        if center.lat is not None and center.lon is not None:
            event.add("geo", (center.lat, center.lon))
    return event
