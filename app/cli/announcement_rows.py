"""Announcements as the terminal shows them: JSON objects, and lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.staff import warnings
from desk import audit
from desk.announcements.audience import Audience, from_json
from desk.announcements.models import Announcement
from desk.announcements.preview import Preview
from desk.announcements.progress import Progress
from desk.announcements.resolving import Crowd, total
from store.clock import TBILISI


def as_object(row: Announcement) -> dict[str, Any]:
    """The announcement as JSON; moments are ISO 8601 on the wall clock of Tbilisi."""
    return {
        "id": row.id,
        "name": row.name,
        "state": row.state,
        "urgent": row.urgent,
        "audience": row.audience,
        "languages": list(row.texts),
        "about": _iso(row.about),
        "send_at": _iso(row.send_at),
        "expires_at": _iso(row.expires_at),
        "created_by": audit.shown(row.created_by),
        "sent_by": audit.shown(row.sent_by) if row.sent_by else None,
        "approved_by": audit.shown(row.approved_by) if row.approved_by else None,
        "recipients": row.recipients,
    }


def line(row: Announcement) -> str:
    """The announcement in one line of a list."""
    when = local(row.send_at) if row.send_at else "-"
    return f"{row.id:5} {row.state:10} {when:16} {row.name}"


def audience_in_words(audience: Audience) -> str:
    """Whom it is for: "centers kabali or chakvi, and languages az"."""
    if audience.everyone:
        return "everyone"
    kinds = []
    for kind, values in audience.as_json().items():
        named = [f"{one['km']:g} km of {one['center']}" if isinstance(one, dict) else str(one) for one in values]
        kinds.append(f"{kind} {' or '.join(named)}")
    return ", and ".join(kinds)


def crowd_objects(crowds: list[Crowd]) -> list[dict[str, Any]]:
    """The numbers of people as JSON, one object for each channel and language."""
    return [{"channel": crowd.channel, "language": crowd.locale, "people": crowd.people} for crowd in crowds]


def crowd_lines(crowds: list[Crowd]) -> Iterator[str]:
    """The numbers of people, and their sum."""
    for crowd in crowds:
        yield f"{crowd.people:8} {crowd.channel:9} {crowd.locale}"
    yield f"{total(crowds):8} in all"


def preview_object(row: Announcement, preview: Preview) -> dict[str, Any]:
    """The preview as JSON; ``cost_gel`` is None where the price is not known."""
    return {
        "id": row.id,
        "people": preview.people,
        "by_channel": preview.by_channel(),
        "texts": [
            {
                "channel": item.channel,
                "language": item.locale,
                "people": item.people,
                "text": item.text,
                "segments": item.segments,
                "encoding": item.encoding,
            }
            for item in preview.items
        ],
        "segments": preview.segments,
        "cost_gel": None if preview.tetri is None else round(preview.tetri / 100, 2),
        "warnings": [{"code": one.code, "sentence": warnings.sentence("en", one)} for one in preview.warnings],
    }


def preview_lines(row: Announcement, preview: Preview) -> Iterator[str]:
    """The preview for people: what it is and for whom, then what each gets."""
    yield f"announcement {row.id}, {row.name}: {row.state}, by {audit.shown(row.created_by)}"
    yield f"for {audience_in_words(from_json(row.audience))}" + ("; urgent" if row.urgent else "")
    moments = (("sent from", row.send_at), ("expires", row.expires_at))
    if named := [f"{what} {local(moment)}" for what, moment in moments if moment is not None]:
        yield ", ".join(named)
    for item in preview.items:
        how = "" if item.segments is None else f", {_segments(item.segments)}, {item.encoding}"
        yield f"--- {item.channel}, {item.locale}: {counted(item.people)}{how}"
        yield item.text
    yield "---"
    channels = ", ".join(f"{people:,} on {channel}" for channel, people in preview.by_channel().items())
    yield f"people: {preview.people:,}" + (f" ({channels})" if channels else "")
    cost = "not known" if preview.tetri is None else f"about {preview.tetri / 100:,.2f} GEL"
    yield f"cost: {cost} for {_segments(preview.segments)}"
    for one in preview.warnings:
        yield f"! {warnings.sentence('en', one)}"


def progress_object(row: Announcement, progress: Progress) -> dict[str, Any]:
    """How far it has got, as JSON."""
    return {
        "id": row.id,
        "state": row.state,
        "recipients": progress.recipients,
        **{str(outcome): people for outcome, people in progress.by_outcome().items()},
        "forgotten": progress.forgotten,
        "failures": [
            {"code": code, "words": words, "people": people} for code, words, people in progress.failures()
        ],
        "by": [
            {"channel": part.channel, "language": part.locale, "outcome": part.outcome, "people": part.people}
            | ({"code": part.code, "words": part.words} if part.code else {})
            for part in progress.parts
        ],
    }


def progress_lines(row: Announcement, progress: Progress, stopped: str | None) -> Iterator[str]:
    """How far it has got, for people; ``stopped`` says why it stands still."""
    yield f"{row.name}: {row.state}" + (f" ({stopped})" if stopped else "")
    yield f"{progress.recipients:8} recipients"
    for outcome, people in progress.by_outcome().items():
        if people:
            yield f"{people:8} {outcome.replace('_', ' ')}"
    if progress.forgotten:
        yield f"{progress.forgotten:8} forgotten since"
    for code, words, people in progress.failures():
        yield f"         failed {people}: {words} ({code})"
    for part in progress.parts:
        yield f"         {part.channel:9} {part.locale:8} {part.outcome.replace('_', ' '):10} {part.people}"


def counted(number: int, one: str = "person", more: str = "people") -> str:
    """``1 person``, ``2 people``, ``1,000 people``."""
    return f"{number:,} {one if number == 1 else more}"


def _segments(number: int) -> str:
    return counted(number, "segment", "segments")


def local(moment: datetime) -> str:
    """A moment as staff read it, on the wall clock of Tbilisi."""
    return f"{moment.astimezone(TBILISI):%d.%m.%Y %H:%M}"


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(TBILISI).isoformat() if moment else None
