"""A small world for the pages of the console: two centres, everybody who may come, and something of everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import news, posting
from bot.understanding import learning, phrases
from bot.understanding.reader import Reader
from console import staff as console
from console.staff.parts import EXTENSION, Parts
from desk import audit, contacts, facts, staff
from desk.accounts import sessions
from desk.announcements import editing as announcements
from desk.announcements.audience import Audience
from desk.announcements.editing import Draft
from desk.announcements.models import Announcement
from desk.contacts import Contact
from desk.events import life as events
from desk.events.editing import Wording
from desk.events.models import Occurrence
from desk.halls import making
from desk.halls.bookings import Booking
from desk.halls.requests import Request
from desk.messages import Answer, Inbound
from desk.questions import Question
from desk.staff import Role, StaffMember
from knowledge import interchange, snapshot
from knowledge.history import KnowledgeChange
from knowledge.models import ServedRow
from knowledge.snapshot import Snapshot
from knowledge.types import Center
from sms_gateway.settings import SmsSettings
from store import clock
from store.clock import TBILISI
from store.database import Database

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TBILISI).astimezone(UTC)
"""Noon of an ordinary Tuesday."""

FRIDAY = date(2026, 11, 27)
LONG_AGO = NOW - timedelta(days=20)
UTOPIA = "where is <i>Utopia</i>"
"""A question that found no answer LONG_AGO."""

HERE, THERE = "kachreti", "kabali"

PEOPLE: Mapping[str, tuple[Role, str | None]] = {
    "here": ("staff", HERE),
    "there": ("staff", THERE),
    "editor": ("editor", None),
    "administrator": ("administrator", None),
    "off": ("editor", None),
}
"""Who can come, with their role and centre: "off" was switched off, and their browser still holds a session."""

LEARNED = ("hours", "contact", "service", "nearest_center", "none")
"""The intents that the reader of the pages knows."""

NOBODY, HALF = "nobody", "half"
"""Who is not signed in, and whose second factor is still to come."""


class NoAssistant:
    """For pages that ask nothing of the assistant."""

    def answer(self, session: Session, inbound: Inbound, contact_id: int) -> Answer:
        """Nobody should ask."""
        raise AssertionError("this page asks the assistant nothing")


@dataclass
class World:
    """The application over a database in which ``objects`` are: ids by name, for addresses."""

    app: Flask
    database: Database
    known: Snapshot
    members: dict[str, int]
    tokens: dict[str, str]
    objects: dict[str, Any] = field(default_factory=dict)

    def center(self, slug: str = HERE) -> Center:
        """A centre by its short name."""
        return self.known.centers_by_slug[slug]

    def browser(self, who: str = NOBODY) -> Browser:
        """A browser in which that person is signed in; see PEOPLE."""
        return Browser(self.app, self.tokens.get(who))


class Browser:
    """A client that sends the CSRF token with every form."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client: FlaskClient = app.test_client()
        self._app = app
        with self.client.session_transaction("/staff/") as cookie:
            cookie["csrf_token"] = "0" * 40
            if token is not None:
                cookie["_user_id"], cookie["_fresh"] = token, True

    def csrf(self) -> str:
        """A token that the browser's cookie makes good."""
        with self.client.session_transaction("/staff/") as cookie:
            raw = cookie.setdefault("csrf_token", "0" * 40)
        return str(URLSafeTimedSerializer(str(self._app.secret_key), salt="wtf-csrf-token").dumps(raw))

    def get(self, path: str, *, htmx: bool = False, follow: bool = False) -> TestResponse:
        """Asks for a page."""
        return self.client.get(path, headers={"HX-Request": "true"} if htmx else {}, follow_redirects=follow)

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, htmx: bool = False) -> TestResponse:
        """Sends a form, with its token."""
        return self.send("POST", path, data, htmx=htmx)

    def send(
        self, method: str, path: str, data: Mapping[str, Any] | None = None, *, htmx: bool = False
    ) -> TestResponse:
        """Sends a request of any method, with the token."""
        headers = {"X-CSRFToken": self.csrf(), **({"HX-Request": "true"} if htmx else {})}
        body = {"data": dict(data or {})} if method not in {"GET", "HEAD", "OPTIONS"} else {}
        return self.client.open(path, method=method, headers=headers, **body)  # type: ignore[arg-type]


def fill(database: Database) -> Snapshot:
    """What ships with the project, the people, and something of everything, at NOW."""
    with clock.fixed(NOW), database.write() as session:
        interchange.seed(session)
    with database.read() as session:
        known = snapshot.build(session)
    with clock.fixed(NOW), database.write() as session:
        for name, (role, slug) in PEOPLE.items():
            own = [known.centers_by_slug[slug].id] if slug else []
            staff.add(session, name, role, own, audit.SYSTEM, "en")
        staff.add(session, HALF, "administrator", [], audit.SYSTEM, "en")
        _book(session, known.centers_by_slug[HERE])
        _event(session, known.centers_by_slug[HERE])
        here = known.centers_by_slug[HERE].id
        facts.change(session, "centers", here, {"source": "a call"}, audit.staff("editor"))
        session.add(ServedRow(center_id=here, village="Fictional", source="a call"))
        _announcement(session, known)
    return known


def _book(session: Session, center: Center) -> None:
    """A resident asks for the hall on Friday afternoon."""
    nino = contacts.find_or_create(session, "sms", "+995555000111")
    wanted = Request(
        starts_at=datetime(FRIDAY.year, FRIDAY.month, FRIDAY.day, 15, tzinfo=TBILISI).astimezone(UTC),
        duration=timedelta(hours=2),
        applicant="resident",
        subject="Beekeeping <b>training</b>",
        people=20,
        equipment=("projector",),
        contact_name="Nino",
    )
    made = making.book(session, center, wanted, _nobody_told, contact=nino)
    assert isinstance(made, Booking), made


def _event(session: Session, center: Center) -> None:
    """An event takes place this evening."""
    begins = NOW + timedelta(hours=4)
    wording = Wording(center.id, "training", {"en": "Sewing circle"}, begins, begins + timedelta(hours=1))
    by = audit.staff("editor")
    events.announce(session, events.create(session, wording, by), by)


def _announcement(session: Session, known: Snapshot) -> None:
    """A draft to the people of the centre."""
    draft = Draft("Seeds <i>for</i> spring", {"en": "The seeds are here"}, Audience(centers=(HERE,)))
    announcements.create(session, draft, known, audit.staff("editor"))


def _nobody_told(_session: Session, _booking: Booking, _news: object) -> None:
    """Staff have no linked accounts here."""


_readers: dict[int, Reader] = {}


def small_reader(known: Snapshot) -> Reader:
    """A reader that learned from a handful of phrases, when a page first asks for it."""
    if known.version not in _readers:
        _readers[known.version] = _learned(known)
    return _readers[known.version]


def _learned(known: Snapshot) -> Reader:
    few = [phrase for phrase in phrases.read_phrases(phrases.PHRASES / "en.jsonl") if phrase.intent in LEARNED]
    each = [[phrase for phrase in few if phrase.intent == intent][:8] for intent in LEARNED]
    return Reader(learning.learn([phrase for some in each for phrase in some], known))


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """An hour of a day on the wall clock of Tbilisi, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TBILISI).astimezone(UTC)


def application(database: Database, known: Snapshot, **other: Any) -> Flask:
    """The console over a database; ``other`` are parts of it that are not the tests' usual ones.

    With the usual parts it is one application for all tests: to make one takes a fifth of a second.
    """
    usual: dict[str, Any] = {
        "tell": news.tell_for(lambda: known, two_way=True),
        "post": posting.post,
        "assistant": NoAssistant(),
        "reader": lambda: small_reader(known),
        "sms": SmsSettings(),
        "secret_key": "k" * 32,
    }
    parts = Parts(database=database, knowledge=lambda: known, **{**usual, **other})
    if other:
        return _installed(parts)
    if not _shared:
        app = _installed(parts)
        _shared.append((app, dict(app.extensions), dict(app.config)))
    app, extensions, config = _shared[0]
    app.extensions.clear()
    app.extensions.update({**extensions, EXTENSION: parts})
    app.config.update(config)
    return app


_shared: list[tuple[Flask, dict[str, Any], dict[str, Any]]] = []
"""The application of all tests, with what stood in it at first."""


def _installed(parts: Parts) -> Flask:
    app = Flask("test", static_folder=None)
    app.secret_key = parts.secret_key
    console.install(app, parts)
    return app


def world(database: Database, known: Snapshot) -> World:
    """The application over a database that was filled."""
    app = application(database, known)
    with database.write() as session:
        members = {member.name: member.id for member in staff.everybody(session)}
        tokens = {name: sessions.begin(session, id, whole=name != HALF) for name, id in members.items()}
        session.get_one(StaffMember, members["off"]).switched_off_at = clock.now()
        booking = session.query(Booking).one()
        contact = session.get_one(Contact, booking.contact_id)
        served = session.query(ServedRow).filter_by(village="Fictional").one()
        edit = session.query(KnowledgeChange).one()
        question = Question(text=UTOPIA, language="en", channel="sms", outcome="none", asked_at=LONG_AGO)
        session.add(question)
        session.flush()
        announcement = session.query(Announcement).one()
        occurrence = session.query(Occurrence).one()
        objects = {
            "announcement": announcement.id,
            "booking": booking.id,
            "center": booking.center_id,
            "event": occurrence.event_id,
            "occurrence": occurrence.id,
            "served": served.id,
            "edit": edit.edit,
            "question": question.id,
            "member": members["off"],
            "resident": contact.resident_id,
        }
    return World(app, database, known, members, tokens, objects)
