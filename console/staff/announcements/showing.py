"""What the pages show of an announcement: previews with their map, choices of the form, results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import names, wording
from bot.events import words as event_words
from bot.staff import warnings
from bot.staff.warnings import CHANNELS
from console import previewing
from console.staff.announcements import map as maps
from console.staff.announcements import words
from console.staff.announcements.forms import Written
from console.staff.parts import parts
from console.staff.visitors import Visitor
from console.staff.words import locale, say
from desk import audit
from desk.announcements import audience as audiences
from desk.announcements import editing, progress, rights
from desk.announcements.audience import Audience
from desk.announcements.models import Announcement, BadAnnouncement
from desk.announcements.preview import Item, Preview
from desk.announcements.progress import Outcome
from desk.events.topics import topics
from desk.messages import Channel
from desk.staff import StaffMember
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES, BaseLocale, Center


@dataclass(frozen=True, slots=True)
class Look:
    """A preview as the page shows it. ``problem`` says why there is none, or why nobody would get it yet."""

    problem: str = ""
    preview: Preview | None = None
    groups: Sequence[Sequence[tuple[str, Item]]] = ()  # of each language, with what each wording is called
    warned: Sequence[str] = ()
    drawing: maps.Drawing | None = None
    reached: Sequence[Center] = ()

    @property
    def channels(self) -> Mapping[Channel, str]:
        """What the channels are called."""
        return CHANNELS


def of_row(session: Session, row: Announcement) -> Look:
    """The preview of one that is kept."""
    try:
        preview = previewing.of(session, row, _known(), **_prices())
    except BadAnnouncement as error:
        return Look(words.refusal(error))
    return _look("", preview, audiences.from_json(row.audience))


def of_form(session: Session, written: Written, own: frozenset[str] | None) -> Look:
    """The preview of what is just being written: as much of it as can be shown already."""
    snapshot = _known()
    problem, audience = _audience(written, own)
    whole = Audience(everyone=True) if audience is None else audience
    try:
        # Neither the name nor the end matters to what people would read.
        draft = editing.Draft("-", written.texts, whole, written.urgent, written.draft().about)
        row = editing.sketch(draft, snapshot)
        if audience is None:
            preview = previewing.over(row, (), snapshot, **_prices())
        else:
            preview = previewing.of(session, row, snapshot, **_prices())
    except BadAnnouncement as error:
        return _look(words.refusal(error), None, audience)
    return _look(problem, preview, audience)


def _audience(written: Written, own: frozenset[str] | None) -> tuple[str, Audience | None]:
    """The audience, or why there is none yet."""
    try:
        audience = written.audience()
        audiences.check(audience, _known())
    except BadAnnouncement as error:
        return words.refusal(error), None
    if not rights.lies_within(audience, own):
        return say("announcements.refused.not_yours"), None
    return "", audience


def _look(problem: str, preview: Preview | None, audience: Audience | None) -> Look:
    snapshot = _known()
    reached = maps.reached(audience, snapshot) if audience is not None else []
    drawing = maps.draw(audience, reached, snapshot) if audience is not None else None
    if preview is None:
        return Look(problem, drawing=drawing, reached=reached)
    grouped: dict[BaseLocale, list[tuple[str, Item]]] = {}
    for item in preview.items:
        label = warnings.of_wording(locale(), item.name)
        grouped.setdefault(wording.base(item.locale), []).append((label, item))
    skipped = {"nobody"} if audience is None else set()
    warned = [warnings.sentence(locale(), one) for one in preview.warnings if one.code not in skipped]
    return Look(problem, preview, list(grouped.values()), warned, drawing, reached)


def choices(own: frozenset[str] | None) -> dict[str, list[tuple[str, str]]]:
    """What an audience can be chosen from: values and their names, by kind."""
    snapshot, language = _known(), locale()
    centers = [
        (slug, names.center(language, center, snapshot))
        for slug, center in snapshot.centers_by_slug.items()
        if own is None or slug in own
    ]
    municipalities = [(name, names.municipality(language, name, snapshot)) for name in snapshot.municipalities]
    return {
        "centers": sorted(centers, key=lambda one: one[1]),
        "municipalities": sorted(municipalities, key=lambda one: one[1]),
        "topics": [(code, event_words.topic(language, code)) for code in topics()],
        "languages": [(code, warnings.language(language, code)) for code in BASE_LOCALES],
        "channels": list(CHANNELS.items()),
    }


@dataclass(frozen=True, slots=True)
class Results:
    """How far it has got: people by outcome, by channel and language, and why messages failed."""

    recipients: int
    done: int
    forgotten: int
    totals: Mapping[Outcome, int]
    outcomes: Sequence[Outcome]  # those that somebody had
    rows: Sequence[tuple[str, Mapping[Outcome, int]]]
    reasons: Sequence[tuple[str, str, int]]  # wording, why, people


def results(session: Session, row: Announcement) -> Results:
    """The results, some seconds old while it goes out."""
    found = progress.seen(session, row)
    totals = found.by_outcome()
    by_wording: dict[str, Counter[Outcome]] = {}
    reasons: Counter[tuple[str, str]] = Counter()
    for part in found.parts:
        name = warnings.of_wording(locale(), f"{part.channel}:{part.locale}")
        by_wording.setdefault(name, Counter())[part.outcome] += part.people
        if part.outcome == "failed":
            reasons[name, words.failure(part)] += part.people
    return Results(
        found.recipients,
        found.done,
        found.forgotten,
        totals,
        [outcome for outcome in progress.OUTCOMES if totals[outcome]],
        list(by_wording.items()),
        [(name, why, people) for (name, why), people in reasons.most_common()],
    )


def may_approve(session: Session, row: Announcement) -> list[str]:
    """The names of those who may agree to it: who may announce to its people, and neither wrote nor sent it."""
    audience = audiences.from_json(row.audience)
    members = select(StaffMember).where(StaffMember.switched_off_at.is_(None)).order_by(StaffMember.name)
    taken = {one.casefold() for one in (row.created_by, row.sent_by) if one}
    return [
        member.name
        for member in session.scalars(members)
        if audit.staff(member.name).casefold() not in taken
        and rights.allows(session, audit.staff(member.name), audience, _known())
    ]


def own_of(session: Session, found: Visitor) -> frozenset[str] | None:
    """The centres for whose people the visitor may announce; None for everybody."""
    return rights.own_centers(session, found.actor, _known())


def _prices() -> dict[str, Any]:
    return {"price": parts().price_tetri, "approval_from": parts().approval_from}


def _known() -> Snapshot:
    return parts().knowledge()
