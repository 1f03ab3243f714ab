"""Every page of the staff console over the database of a whole country: how long each takes to answer.

The real application answers in this process, a request at a time: what is measured is a page, not a server.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import bootstrap, counting
from app.running import Running
from app.settings import Settings
from app.web import create_app
from bench import addresses, country, processes
from bench.addresses import Eyes, Page
from bench.country import Size
from bench.figures import percentile
from bench.processes import Kind
from desk.accounts import sessions
from desk.contacts import Contact
from desk.intake import InboundMessage
from desk.staff import StaffCenter, StaffMember
from knowledge.snapshot import Snapshot
from store.database import Database

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

TEXT = "ხვალ 18:00 საათზე ცენტრში კონსულტაცია გაიმართება. გელოდებით!"


@dataclass(frozen=True, slots=True)
class Answered:
    """How long one page took: the milliseconds under which a half and 95 in 100 of the requests stayed."""

    who: str
    name: str
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Paged:
    """What was found with one database; ``files`` are what can be taken away, which is slower by nature.

    ``filled`` is how many seconds it took to write the country down and to count it once.
    """

    kind: Kind
    filled: float
    pages: Sequence[Answered]
    files: Sequence[Answered]


class Refused(RuntimeError):
    """A page did not answer as it should."""


def measure(kind: Kind, folder: Path, cache: Path, requests: int, size: Size | None = None) -> Paged:
    """Fills a new database and asks for every page so many times. Raises Refused."""
    with processes.database(kind, folder) as url:
        settings = Settings(_env_file=None, database_url=url, cache_dir=cache)  # type: ignore[call-arg]
        filled = _fill(settings, size)
        neighbour = bootstrap.build(settings)  # anew, as a process that finds it all there
        app = create_app(Running(neighbour, frozenset({"web"})))
        pages, files = [], []
        for role in ("administrator", "staff"):
            visitor = _Visitor(app, neighbour.database, neighbour.knowledge.current, role)
            pages += [visitor.ask(page, requests) for page in visitor.pages if not page.is_file]
            pages += [visitor.send(*form, requests) for form in visitor.forms()]
            files += [visitor.ask(page, max(requests // 10, 1)) for page in visitor.pages if page.is_file]
        neighbour.database.close()
    return Paged(kind, filled, pages, files)


def _fill(settings: Settings, size: Size | None) -> float:
    """Writes the country down and counts it once; how many seconds that took."""
    neighbour = bootstrap.build(settings)
    began = time.perf_counter()
    country.fill(neighbour.database, neighbour.knowledge.current, size)
    for job in counting.of(neighbour.database):
        job.run()
    seconds = time.perf_counter() - began
    neighbour.database.close()
    return seconds


class _Visitor:
    """A browser in which the first member of that role is signed in; of staff that of the busiest centre."""

    def __init__(self, app: Flask, database: Database, known: Snapshot, role: str) -> None:
        self._app, self._known, self._client = app, known, app.test_client()
        with database.write() as session:
            self.eyes, member = _eyes(session, known, role)
            token = sessions.begin(session, member, whole=True)
            self._number = session.scalar(select(Contact.address).where(Contact.channel == "sms").limit(1))
        with database.read() as session:
            self.pages = [page for page in addresses.pages(app, session, self.eyes) if page.addresses]
        with self._client.session_transaction("/staff/") as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        self._token = _TOKEN.search(self._client.get("/staff/account").text)

    def ask(self, page: Page, requests: int) -> Answered:
        """Asks for the page's addresses in turn, each once beforehand."""
        for address in page.addresses:
            _checked(address, self._client.get(address))
        seconds = [_timed(self._client, address) for address in islice(cycle(page.addresses), requests)]
        return self._answered(page.name, seconds)

    def send(self, name: str, address: str, form: Mapping[str, Any], requests: int) -> Answered:
        """Sends a form that changes nothing of what other pages show, as htmx does."""
        seconds = [_timed(self._client, address, self._whole(form)) for _ in range(requests + 1)]
        return self._answered(name, seconds[1:])

    def forms(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Name, address and fields of what is asked for by a form: previews of announcements, a resident."""
        preview = "/staff/announcements/preview"
        for name, audience in _audiences(self._known, self.eyes).items():
            yield f"announcements.preview to {name}", preview, {"name": "Talk", "text_ka": TEXT, **audience}
        if self.eyes.role != "staff":
            yield "residents.look", "/staff/residents", {"number": self._number}

    def _answered(self, name: str, seconds: Sequence[float]) -> Answered:
        p50, p95 = (percentile(seconds, share) * 1000 for share in (0.5, 0.95))
        return Answered(self.eyes.role, name, p50, p95)

    def _whole(self, form: Mapping[str, Any]) -> dict[str, Any]:
        if self._token is None:
            raise Refused("the page of the account has no form: nobody is signed in")
        return {**form, "csrf_token": self._token[1]}


def _audiences(known: Snapshot, eyes: Eyes) -> dict[str, dict[str, Any]]:
    own = eyes.slug or next(iter(known.centers_by_slug))
    to_center = {"a centre": {"center": own}, "20 km around": {"around": own, "km": "20"}}
    if eyes.center_id is not None:
        return to_center
    return {
        "everyone": {"everyone": "on"},
        "everyone on Telegram": {"channel": "telegram"},
        **to_center,
        "half the country": {"around": own, "km": "200"},
        "a municipality": {"municipality": next(iter(known.municipalities))},
        "a topic": {"topic": "training"},
        "a language": {"language": "az"},
    }


def _eyes(session: Session, known: Snapshot, role: str) -> tuple[Eyes, int]:
    """Who looks, with the id of the member."""
    if role != "staff":
        member = session.scalars(select(StaffMember.id).where(StaffMember.role == role).limit(1)).one()
        return Eyes(role), member
    meant = select(InboundMessage.center_id).where(InboundMessage.center_id.is_not(None))
    busiest = session.scalars(
        meant.group_by(InboundMessage.center_id).order_by(func.count().desc()).limit(1)
    ).one()
    member = session.scalars(select(StaffCenter.staff_id).where(StaffCenter.center_id == busiest).limit(1)).one()
    return Eyes(role, busiest, known.centers[int(busiest or 0)].slug), member


def _timed(client: FlaskClient, address: str, form: Mapping[str, Any] | None = None) -> float:
    started = time.perf_counter()
    if form is None:
        came = client.get(address)
    else:
        came = client.post(address, data=dict(form), headers={"HX-Request": "true"})
    seconds = time.perf_counter() - started
    _checked(address, came)
    return seconds


def _checked(address: str, came: TestResponse) -> None:
    if came.status_code not in {200, 302, 303} or "/staff/sign-in" in (came.location or ""):
        raise Refused(f"{address} answered {came.status} {came.location or ''}")
