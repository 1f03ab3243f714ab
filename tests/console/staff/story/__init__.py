"""A believable week in two centres, out of ``village.yaml``: for the pictures, and to look at every page with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import counting
from desk import audit
from desk.accounts import passing, sessions
from desk.announcements.models import Announcement
from desk.events.models import Event, Occurrence
from desk.halls.bookings import Booking
from desk.questions import Question
from desk.staff import StaffMember
from knowledge.history import KnowledgeChange
from knowledge.models import ServedRow
from knowledge.snapshot import Snapshot
from knowledge.types import BaseLocale
from store import clock
from store.database import Database
from tests.console.staff.story.filling import fill, village
from tests.console.staff.world import HALF, World, application


def world(database: Database, known: Snapshot, locale: BaseLocale, **other: Any) -> World:
    """The village's console over a database with the knowledge that ships, with every object that pages need."""
    fill(database, known, locale)
    for job in counting.of(database):
        job.run()  # as the tick does: reports and results are read from the tallies
    app = application(database, known, **{"price_tetri": 5.0, "bot_name": lambda: "mezobeli_bot", **other})
    with database.write() as session:
        by_name = {member.name: member for member in session.scalars(select(StaffMember))}
        members = {who: by_name[one[locale]] for who, one in village()["people"].items()}
        tokens = {who: sessions.begin(session, one.id, whole=who != HALF) for who, one in members.items()}
        members["off"].switched_off_at = clock.now()
        made = World(app, database, known, {who: one.id for who, one in members.items()}, tokens)
        made.objects.update(_objects(session, made))
    return made


def _objects(session: Session, made: World) -> dict[str, Any]:
    """As in ``world.World``: of each kind the one that shows most."""
    waiting = session.scalars(select(Booking).where(Booking.state == "tentative").order_by(Booking.id)).first()
    series = session.scalars(select(Event).where(Event.rrule.is_not(None))).one()
    ended = (Booking.ends_at < clock.now(), Booking.state == "confirmed")
    over = session.scalars(select(Booking).where(*ended)).one()
    new = session.get_one(StaffMember, made.members["new"])
    assert waiting is not None
    return {
        "announcement": session.scalars(select(Announcement).where(Announcement.state == "draft")).one().id,
        "running": session.scalars(select(Announcement).where(Announcement.state == "running")).one().id,
        "booking": waiting.id,
        "over": over.id,
        "link": passing.invite(session, new, audit.SYSTEM),
        "center": made.center().id,
        "event": series.id,
        "occurrence": session.scalar(select(func.min(Occurrence.id)).where(Occurrence.event_id == series.id)),
        "served": session.scalar(select(func.min(ServedRow.id))),
        "edit": session.scalars(select(KnowledgeChange)).one().edit,
        "question": session.scalar(select(func.min(Question.id))),
        "member": made.members["off"],
        "resident": session.scalar(select(func.min(StaffMember.id))),
    }
