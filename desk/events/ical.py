"""An occurrence as a calendar file (RFC 5545), for whoever keeps a calendar."""

from __future__ import annotations

from datetime import UTC, datetime

from desk.events.models import Occurrence
from store import clock

MEDIA_TYPE = "text/calendar"

_FOLD = 73
"""Octets of a line before it goes on in the next (RFC 5545, 3.1: no line longer than 75)."""


def event_file(occurrence: Occurrence, title: str, description: str, place: str) -> bytes:
    """The file of one occurrence. A later file of the same occurrence replaces an earlier one in the calendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mezobeli//Events//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:event-{occurrence.event_id}-{occurrence.id}@mezobeli",
        f"SEQUENCE:{occurrence.event.version}",
        f"DTSTAMP:{_moment(clock.now())}",
        f"DTSTART:{_moment(occurrence.starts_at)}",
        f"DTEND:{_moment(occurrence.ends_at)}",
        f"SUMMARY:{_escaped(title)}",
        f"LOCATION:{_escaped(place)}",
    ]
    if description:
        lines.append(f"DESCRIPTION:{_escaped(description)}")
    lines += [
        f"STATUS:{'CANCELLED' if occurrence.state == 'cancelled' else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for char in ("\\", ";", ","):
        text = text.replace(char, "\\" + char)
    return "\\n".join(text.splitlines())


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets that begin with a space, no letter torn apart."""
    pieces, room = [b""], _FOLD
    for char in line:
        octets = char.encode()
        if len(pieces[-1]) + len(octets) > room:
            pieces.append(b" ")
        pieces[-1] += octets
    return b"\r\n".join(pieces)
