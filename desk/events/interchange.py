"""Events as staff write them in a file (YAML or JSON), and back: one event, or a list of them.

center: kabali                  # the slug of the centre
topic: agriculture
title: {ka: ..., en: ...}       # in up to five languages
description: {ka: ...}
starts: 2026-11-28 15:00        # on the wall clock of Tbilisi
ends: 2026-11-28 17:00
capacity: 20                    # left out where everybody fits
rrule: FREQ=WEEKLY;COUNT=8      # left out where it takes place once
registration: true
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.events.editing import BadEvent, Wording
from desk.events.models import Event
from knowledge.models import CenterRow
from store.clock import TBILISI

_NEEDED = ("center", "topic", "title", "starts", "ends")
_KNOWN = (*_NEEDED, "description", "capacity", "rrule", "registration")


def read(text: str) -> list[dict[str, Any]]:
    """The events of a file, each as it was written. Raises BadEvent for what is no such file."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadEvent("the file is neither YAML nor JSON") from error
    rows = raw if isinstance(raw, list) else [raw]
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise BadEvent(f"an event has the fields {', '.join(_NEEDED)}")
    return rows


def wording(session: Session, row: Mapping[str, Any]) -> Wording:
    """What is written of one event. Raises BadEvent with a sentence for a field that is missing or wrong."""
    if unknown := [name for name in row if name not in _KNOWN]:
        raise BadEvent(f"an event has no field {unknown[0]!r}; it has {', '.join(_KNOWN)}")
    if missing := [name for name in _NEEDED if row.get(name) in (None, "", {})]:
        raise BadEvent(f"{missing[0]} is missing")
    center_id = session.scalar(select(CenterRow.id).where(CenterRow.slug == str(row["center"])))
    if center_id is None:
        raise BadEvent(f"there is no centre {row['center']!r}")
    capacity, registration = row.get("capacity"), row.get("registration", False)
    if capacity is not None and (isinstance(capacity, bool) or not isinstance(capacity, int)):
        raise BadEvent(f"capacity is a whole number, not {capacity!r}")
    if not isinstance(registration, bool):
        raise BadEvent("registration is true or false")
    return Wording(
        center_id=center_id,
        topic=str(row["topic"]),
        titles=_texts(row["title"], "title"),
        descriptions=_texts(row.get("description") or {}, "description"),
        starts_at=moment(row["starts"]),
        ends_at=moment(row["ends"]),
        capacity=capacity,
        rrule=row.get("rrule"),
        registration=registration,
    )


def moment(value: object) -> datetime:
    """A moment as it is written on the wall clock of Tbilisi, in UTC. Raises BadEvent for anything else."""
    read_ = value
    if isinstance(value, str):
        try:
            read_ = datetime.fromisoformat(value.strip())
        except ValueError as error:
            raise BadEvent(f"{value!r} is no time; write 2026-11-28 15:00") from error
    if not isinstance(read_, datetime):
        what = "a day without an hour" if isinstance(read_, date) else "no time"
        raise BadEvent(f"{value!s} is {what}; write 2026-11-28 15:00")
    return (read_ if read_.tzinfo else read_.replace(tzinfo=TBILISI)).astimezone(UTC)


def row(session: Session, event: Event) -> dict[str, Any]:
    """The event as ``wording`` reads it; without what it does not have."""
    center = session.get(CenterRow, event.center_id)
    written: dict[str, Any] = {
        "center": center.slug if center is not None else str(event.center_id),
        "topic": event.topic,
        "title": dict(event.titles),
        "description": dict(event.descriptions),
        "starts": wall(event.starts_at),
        "ends": wall(event.ends_at),
        "capacity": event.capacity,
        "rrule": event.rrule,
        "registration": event.registration,
    }
    return {name: value for name, value in written.items() if value not in (None, {})}


def wall(at: datetime) -> str:
    """A moment on the wall clock of Tbilisi: "2026-11-28 15:00"."""
    return f"{at.astimezone(TBILISI):%Y-%m-%d %H:%M}"


def _texts(value: object, name: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise BadEvent(f"{name} is a text for each language, such as {{ka: ..., en: ...}}")
    return {str(language): text for language, text in value.items()}
