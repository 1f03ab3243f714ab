"""What staff write of an announcement, checked before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from desk import audit
from desk.announcements import audience as audiences
from desk.announcements import life, texts
from desk.announcements.audience import Audience
from desk.announcements.models import Announcement, BadAnnouncement
from desk.announcements.texts import OF_A_MOMENT
from knowledge.snapshot import Snapshot
from store import clock

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Draft:
    """An announcement as staff write it; see ``Announcement``. ``name`` is for staff only. Times are aware."""

    name: str
    texts: Mapping[str, str]
    audience: Audience
    urgent: bool = False
    about: datetime | None = None
    expires_at: datetime | None = None


def sketch(draft: Draft, snapshot: Snapshot) -> Announcement:
    """The announcement as it would be kept, which no session knows: to preview. Raises BadAnnouncement."""
    return Announcement(**_columns(draft, snapshot), state="draft")


def create(session: Session, draft: Draft, snapshot: Snapshot, actor: str) -> Announcement:
    """Keeps a new announcement, which nobody gets yet. Raises BadAnnouncement for what cannot be kept."""
    moment = clock.now()
    announcement = Announcement(
        **_columns(draft, snapshot), state="draft", created_by=actor, created_at=moment, changed_at=moment
    )
    session.add(announcement)
    session.flush()
    audit.record(session, actor, "create", "announcement", announcement.id, {"urgent": draft.urgent})
    return announcement


def change(
    session: Session, announcement: Announcement, draft: Draft, snapshot: Snapshot, actor: str
) -> Announcement:
    """Writes a draft anew; whoever does so is its author from then on. Raises BadAnnouncement and IllegalMove."""
    found = life.locked(session, announcement.id)
    if found.state != "draft":
        problem = f"announcement {found.id} is {found.state}: only a draft can be changed"
        raise life.IllegalMove(problem, "not_draft", state=found.state)
    for name, value in _columns(draft, snapshot).items():
        setattr(found, name, value)
    found.created_by, found.changed_at = actor, clock.now()
    session.flush()
    audit.record(session, actor, "change", "announcement", found.id, {"urgent": draft.urgent})
    return found


def _columns(draft: Draft, snapshot: Snapshot) -> dict[str, Any]:
    name = " ".join(draft.name.split())
    if not name or len(name) > LONGEST_NAME:
        problem = f"an announcement needs a name of up to {LONGEST_NAME} characters"
        raise BadAnnouncement(problem, "no_name", longest=LONGEST_NAME)
    kept = texts.cleaned(draft.texts)
    audiences.check(draft.audience, snapshot)
    _check_placeholders(draft, kept, snapshot)
    if draft.expires_at is not None and draft.expires_at <= clock.now():
        raise BadAnnouncement("it would expire in the past: write a later moment", "expires_past")
    return {
        "name": name,
        "texts": kept,
        "audience": draft.audience.as_json(),
        "urgent": draft.urgent,
        "about": draft.about,
        "expires_at": draft.expires_at,
    }


def _check_placeholders(draft: Draft, kept: Mapping[str, str], snapshot: Snapshot) -> None:
    used = texts.placeholders(kept)
    if "center" in used and draft.audience.one_center is None:
        problem = "{center} needs an audience that names exactly one centre: write the name instead"
        raise BadAnnouncement(problem, "needs_center")
    if "municipality" in used and draft.audience.one_municipality(snapshot) is None:
        problem = "{municipality} needs an audience that names exactly one municipality: write the name instead"
        raise BadAnnouncement(problem, "needs_municipality")
    if used & OF_A_MOMENT and draft.about is None:
        named = sorted(used & OF_A_MOMENT)[0]
        problem = f"{{{named}}} needs the moment that the announcement is about"
        raise BadAnnouncement(problem, "needs_moment", name=named)
