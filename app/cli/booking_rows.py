"""A booking as the terminal and files show it: a JSON object, a line of cells, a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from desk import audit, contacts
from desk.contacts import Contact
from desk.halls.bookings import Booking
from knowledge.snapshot import Snapshot
from store.clock import TBILISI

COLUMNS = [
    *("reference", "state", "date", "from", "to", "center", "applicant", "subject", "people", "equipment"),
    *("contact_name", "flags", "hold_until", "decline_reason", "booked_by", "requested_at"),
]
"""The columns of an export."""


def as_object(booking: Booking, snapshot: Snapshot) -> dict[str, Any]:
    """The booking as JSON; moments are ISO 8601 on the wall clock of Tbilisi."""
    center = snapshot.centers.get(booking.center_id)
    return {
        "reference": booking.reference,
        "state": booking.state,
        "center": center.slug if center else None,
        "starts_at": _iso(booking.starts_at),
        "ends_at": _iso(booking.ends_at),
        "applicant": booking.applicant,
        "subject": booking.subject,
        "people": booking.people,
        "equipment": booking.equipment,
        "contact_name": booking.contact_name,
        "flagged": booking.flagged,
        "flag_reasons": booking.flag_reasons,
        "hold_until": _iso(booking.hold_until),
        "decline_reason": booking.decline_reason,
        "booked_by": booking.booked_by,
        "created_at": _iso(booking.created_at),
        "changed_at": _iso(booking.changed_at),
    }


def cells(booking: Booking, snapshot: Snapshot) -> list[str]:
    """The booking as a line of an export, one text for each of COLUMNS."""
    starts, ends = _local(booking.starts_at), _local(booking.ends_at)
    line = [
        booking.reference,
        booking.state,
        f"{starts:%Y-%m-%d}",
        f"{starts:%H:%M}",
        f"{ends:%H:%M}",
        center_name(booking, snapshot),
        booking.applicant,
        booking.subject,
        str(booking.people),
        ", ".join(booking.equipment),
        booking.contact_name,
        ", ".join(booking.flag_reasons),
        _moment(booking.hold_until),
        booking.decline_reason or "",
        booking.booked_by or "",
        _moment(booking.created_at),
    ]
    return ["".join(char if char.isprintable() else " " for char in cell) for cell in line]


def show_list(found: Sequence[Booking], snapshot: Snapshot) -> None:
    """Prints a line for each booking."""
    table = Table()
    for name in ("reference", "when"):
        table.add_column(name, no_wrap=True)
    for name in ("state", "centre", "people", "subject", "look twice"):
        table.add_column(name)
    for booking in found:
        line = (
            booking.reference,
            when(booking),
            booking.state,
            center_name(booking, snapshot),
            str(booking.people),
            booking.subject,
            ", ".join(booking.flag_reasons),
        )
        table.add_row(*map(escape, line))  # what somebody wrote is no markup
    Console().print(table)


def show_one(session: Session, booking: Booking, snapshot: Snapshot) -> None:
    """Prints all about one booking, and what happened to it."""
    table = Table(show_header=False)
    facts = {
        "reference": booking.reference,
        "state": booking.state,
        "centre": center_name(booking, snapshot),
        "when": when(booking),
        "subject": booking.subject,
        "people": str(booking.people),
        "equipment": ", ".join(booking.equipment),
        "who asks": f"{booking.contact_name} ({booking.applicant})",
        "reached by": _reached_by(session, booking),
        "look twice": ", ".join(booking.flag_reasons),
        "held until": _moment(booking.hold_until),
        "declined for": booking.decline_reason or "",
    }
    for name, value in facts.items():
        if value:
            table.add_row(name, escape(value))
    console = Console()
    console.print(table)
    for entry in audit.trail(session, "booking", booking.id):
        console.print(f"{_moment(entry.at)}  {entry.action}  {audit.shown(entry.actor)}", markup=False)


def when(booking: Booking) -> str:
    """The day and the hours: "Fri 27.11.2026 15:00-17:00"."""
    return f"{_local(booking.starts_at):%a %d.%m.%Y %H:%M}-{_local(booking.ends_at):%H:%M}"


def center_name(booking: Booking, snapshot: Snapshot) -> str:
    """The centre's name; its number where it has been removed since."""
    center = snapshot.centers.get(booking.center_id)
    return f"{center.name_en} ({center.municipality_en})" if center else f"#{booking.center_id}"


def told(session: Session, booking: Booking) -> str:
    """Whether the person learns of a change: a sentence for whoever made it."""
    contact = session.get(Contact, booking.contact_id) if booking.contact_id is not None else None
    if contact is None:
        return "Nobody is known who could be told."
    if not contacts.may_receive(contact):
        return "The person takes no messages from us: please call them."
    return f"The person is being told by {'Telegram' if contact.channel == 'telegram' else 'text message'}."


def _reached_by(session: Session, booking: Booking) -> str:
    contact = session.get(Contact, booking.contact_id) if booking.contact_id is not None else None
    if contact is None:
        return f"written down by {booking.booked_by}" if booking.booked_by else ""
    return "Telegram" if contact.channel == "telegram" else f"{contact.address} ({contact.channel})"


def _local(moment: datetime) -> datetime:
    return moment.astimezone(TBILISI)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else _local(moment).isoformat()


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{_local(moment):%Y-%m-%d %H:%M}"
