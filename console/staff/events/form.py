"""The form of an event: read into what the desk keeps, and filled from what it has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import cast

from flask import render_template, request

from bot.events import words as event_words
from console.staff import centers
from console.staff.events import recurrence
from console.staff.events.recurrence import Recurrence, Repeat
from console.staff.fields import clock_time, day_of, number
from console.staff.words import locale, say
from desk.events.editing import LONGEST_DESCRIPTION, LONGEST_TITLE, BadEvent, Wording
from desk.events.models import Event
from desk.events.topics import topics
from desk.halls import days
from knowledge.types import BASE_LOCALES
from store.clock import TBILISI

MOST_PLACES, MOST_TIMES = 100_000, 500

FIELDS = (
    *("center", "topic", "day", "start", "last_day", "end", "capacity", "registration"),
    *("repeat", "until", "times", "seen"),
    *(f"title_{code}" for code in BASE_LOCALES),
    *(f"description_{code}" for code in BASE_LOCALES),
)
"""The names of the fields. ``seen`` is when the event was last changed as the member saw it."""


class BadForm(ValueError):
    """A field cannot be read; the sentence says which."""


def sent() -> dict[str, str]:
    """The fields of the form that was sent."""
    return {name: request.form.get(name, "").strip().replace("\r\n", "\n") for name in FIELDS}


def of(event: Event) -> dict[str, str]:
    """The fields filled with what is kept."""
    begins, ends = event.starts_at.astimezone(TBILISI), event.ends_at.astimezone(TBILISI)
    again = recurrence.read(event.rrule, event.starts_at)
    return {
        "center": str(event.center_id),
        "topic": event.topic,
        "day": f"{begins:%Y-%m-%d}",
        "start": f"{begins:%H:%M}",
        "last_day": f"{ends:%Y-%m-%d}" if ends.date() != begins.date() else "",
        "end": f"{ends:%H:%M}",
        "capacity": str(event.capacity or ""),
        "registration": "yes" if event.registration else "",
        "repeat": again.repeat,
        "until": again.until.isoformat() if again.until is not None else "",
        "times": str(again.times or ""),
        "seen": event.changed_at.isoformat(),
        **{f"title_{code}": text for code, text in event.titles.items()},
        **{f"description_{code}": text for code, text in event.descriptions.items()},
    }


def read(fields: Mapping[str, str], event: Event | None = None) -> Wording:
    """What the form says. Raises BadForm for a field that cannot be read."""
    starts_at, ends_at = _times(fields)
    center = number(fields["center"], 10**9)
    if center is None:
        raise BadForm(say("events.bad.center"))
    again = _recurrence(fields, starts_at)
    kept = event.rrule if event is not None else None
    return Wording(
        center_id=center,
        topic=fields["topic"],
        titles={code: fields[f"title_{code}"] for code in BASE_LOCALES},
        descriptions={code: fields[f"description_{code}"] for code in BASE_LOCALES},
        starts_at=starts_at,
        ends_at=ends_at,
        capacity=_optional(fields["capacity"], MOST_PLACES, "events.bad.capacity"),
        rrule=recurrence.rule_of(again, kept, starts_at),
        registration=bool(fields["registration"]),
    )


def page(fields: Mapping[str, str], event: Event | None = None, problem: str | None = None) -> str:
    """The form, empty or as it was sent; ``problem`` says what is to be mended."""
    return render_template(
        "staff/events/form.html",
        fields=fields,
        event=event,
        problem=problem,
        own=centers.own(),
        topics=[(code, event_words.topic(locale(), code)) for code in topics()],
        choices=[*recurrence.CHOICES, *(["other"] if fields.get("repeat") == "other" else [])],
        longest={"title": LONGEST_TITLE, "description": LONGEST_DESCRIPTION},
    )


def fault(error: BadEvent) -> str:
    """What the desk does not take, in the visitor's language."""
    return say(f"events.bad.{error.fault}", title=LONGEST_TITLE, description=LONGEST_DESCRIPTION)


def _times(fields: Mapping[str, str]) -> tuple[datetime, datetime]:
    day, start, end = day_of(fields["day"]), clock_time(fields["start"]), clock_time(fields["end"])
    last = day_of(fields["last_day"]) if fields["last_day"] else day
    if day is None or start is None or end is None or last is None:
        raise BadForm(say("events.bad.when"))
    return _at(day, start), _at(last, end)


def _at(day: date, wall: time) -> datetime:
    return days.at(day, wall)


def _recurrence(fields: Mapping[str, str], starts_at: datetime) -> Recurrence:
    repeat = fields["repeat"] or "once"
    if repeat == "other":
        return Recurrence("other")
    if repeat not in recurrence.CHOICES:
        raise BadForm(say("events.bad.rule"))
    if repeat == "once":
        return Recurrence("once")
    times = _optional(fields["times"], MOST_TIMES, "events.bad.repeat_times")
    until = day_of(fields["until"]) if fields["until"] else None
    if fields["until"] and (until is None or until < days.local_day(starts_at)):
        raise BadForm(say("events.bad.until"))
    if until is not None and times is not None:
        raise BadForm(say("events.bad.both_ends"))
    return Recurrence(cast(Repeat, repeat), until, times)


def _optional(text: str, most: int, message_id: str) -> int | None:
    found = number(text, most)
    if text and found is None:
        raise BadForm(say(message_id, most=most))
    return found
