"""Fills a database with the village of ``village.yaml``, through the functions that residents and staff use."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from app import news
from console import announcing
from desk import audit, claiming, contacts, facts, outbox, questions, settling, staff
from desk.accounts import passing, passwords
from desk.announcements import editing as announcements
from desk.announcements import life as sending_life
from desk.announcements import sending
from desk.announcements.audience import Audience
from desk.announcements.editing import Draft
from desk.contacts import Contact
from desk.events import attending
from desk.events import life as events
from desk.events.editing import Wording
from desk.events.models import Occurrence
from desk.halls import life, making
from desk.halls.bookings import Booking
from desk.halls.requests import Request
from desk.intake import InboundMessage
from desk.messages import Never, Sent
from desk.outbox import OutboxMessage
from knowledge.snapshot import Snapshot
from knowledge.types import BaseLocale
from store import clock
from store.clock import TBILISI
from store.database import Database
from tests.console.staff.world import HERE, NOW

DAY = NOW.astimezone(TBILISI).date()
"""The day of the pictures, from which the days of the file are counted."""

PASSWORD = "nine green bottles"

SENT_SO_FAR = 37
"""Of the announcement under way so many messages have gone out."""


@cache
def village() -> Mapping[str, Any]:
    """What the file says."""
    loaded: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "village.yaml").read_text("utf-8"))
    return loaded


@dataclass(frozen=True)
class Filling:
    """What is being filled, and the language in which people write."""

    database: Database
    known: Snapshot
    locale: BaseLocale

    def said(self, texts: Mapping[str, str]) -> str:
        """The text in that language."""
        return texts[self.locale]

    def member(self, who: str) -> str:
        """The name of a member of staff."""
        return self.said(village()["people"][who])

    @contextmanager
    def at(self, day: int, hour: int = 9) -> Iterator[Session]:
        """A transaction of that day, at the full hour."""
        with clock.fixed(moment(day, f"{hour:02}:00")), self.database.write() as session:
            yield session

    def address(self, number: int) -> str:
        """The number of a telephone that nobody has."""
        return f"+99555500{number:04}"


def moment(day: int, at: str) -> datetime:
    """That hour of that day, in Tbilisi."""
    on: date = DAY + timedelta(days=day)
    return datetime.combine(on, time.fromisoformat(at), TBILISI)


def fill(database: Database, known: Snapshot, locale: BaseLocale) -> None:
    """Everything of the file, at the days that it names, into a database with the knowledge that ships."""
    filling = Filling(database, known, locale)
    steps: tuple[Callable[[Filling], None], ...] = (_people, _facts, _readers, _bookings, _events)
    for step in (*steps, _announcements, _questions, _messages):
        step(filling)


def _people(filling: Filling) -> None:
    """Who works there; all but the newest have come in before."""
    hashed = passwords.hashed(PASSWORD)
    for who, one in village()["people"].items():
        role = one.get("role", "staff")
        centers = [_center(filling, slug).id for slug in one.get("centers", ())]
        with filling.at(-30) as session:
            member = staff.add(session, filling.member(who), role, centers, audit.SYSTEM, filling.locale)  # type: ignore[arg-type]
            if who != "new":
                passing.account_of(session, member.id).password = hashed


def _facts(filling: Filling) -> None:
    """Somebody looked at the first centre's facts: nothing is made up here but that they were there."""
    with filling.at(-2) as session:
        center, by = _center(filling), audit.staff(filling.member("here"))
        facts.change(session, "centers", center.id, {"source": f"{center.source} visit"}, by)


def _readers(filling: Filling) -> None:
    home = next(one for one in filling.known.places.values() if filling.known.center_at(one) == _center(filling))
    number = 0
    with filling.at(-29) as session:
        for row in village()["readers"]:
            for channel in ["sms"] * row["sms"] + ["telegram"] * row["telegram"]:
                number += 1
                contact = contacts.find_or_create(session, channel, filling.address(number))  # type: ignore[arg-type]
                contacts.choose_locale(contact, row["locale"])
                contacts.set_home(contact, home.id)


def _center(filling: Filling, slug: str = HERE) -> Any:
    return filling.known.centers_by_slug[slug]


def _bookings(filling: Filling) -> None:
    tell = news.tell_for(lambda: filling.known, two_way=True)
    for number, one in enumerate(village()["bookings"]):
        request = Request(
            moment(one["day"], one["at"]),
            timedelta(hours=one["hours"]),
            one["who"],
            filling.said(one["subject"]),
            one["people"],
            tuple(one.get("equipment", ())),
            filling.said(one["name"]),
        )
        by = filling.member(one["staff"]) if "staff" in one else None
        with filling.at(one["asked"]) as session:
            contact = None if by else contacts.find_or_create(session, "sms", filling.address(100 + number))
            center = _center(filling, one["center"])
            made = making.book(session, center, request, tell, contact=contact, booked_by=by)
            assert isinstance(made, Booking), (one, made)
        if "then" in one:
            with filling.at(one["asked"], 11 + number % 4) as session:
                life.confirm(session, session.get_one(Booking, made.id), filling.member("here"), tell)
        if one.get("then") == "held":
            with filling.at(one["day"], 16) as session:
                life.mark_held(session, session.get_one(Booking, made.id), audit.SYSTEM, tell)


def _events(filling: Filling) -> None:
    by = audit.staff(filling.member("here"))
    number = 200
    for one in village()["events"]:
        begins = moment(one["day"], one["at"])
        wording = Wording(
            _center(filling, one["center"]).id,
            one["topic"],
            one["title"],
            begins,
            begins + timedelta(hours=one["hours"]),
            capacity=one.get("capacity"),
            rrule=one.get("again"),
            registration="come" in one,
        )
        with filling.at(-5) as session:
            event = events.create(session, wording, by)
            if one.get("draft"):
                continue
            events.announce(session, event, by)
            first = session.query(Occurrence).filter_by(event_id=event.id).order_by(Occurrence.starts_at).first()
            assert first is not None
            for heads in one["come"]:
                number += 1
                contact = contacts.find_or_create(session, "sms", filling.address(number))
                attending.join(session, contact, first.id, heads)


def _announcements(filling: Filling) -> None:
    by = audit.staff(filling.member("here"))
    _settle(filling, -5)
    people = sum(row["sms"] + row["telegram"] for row in village()["readers"])
    for one in village()["announcements"]:
        about = moment(**one["about"]) if "about" in one else None
        draft = Draft(filling.said(one["name"]), one["texts"], Audience(centers=(HERE,)), about=about)
        with filling.at(one.get("day", 0), 10 if one["then"] == "done" else 12) as session:
            row = announcements.create(session, draft, filling.known, by)
            if one["then"] == "draft":
                continue
            sending_life.send(session, row, by, people=people, approval_from=500)
            sending.start_due(session, announcing.prepare_for(lambda: filling.known), 500)
            while sending.advance(session):
                pass
        if one["then"] == "done":
            _settle(filling, one["day"])
            with filling.at(one["day"], 12) as session:
                sending.finish(session)
        else:
            _settle(filling, 0, SENT_SO_FAR)


def _settle(filling: Filling, day: int, most: int = 10_000) -> None:
    """Senders take what is due on that day; now and then a telephone does not exist any more."""
    with filling.at(day, 12) as session:
        for channel in ("telegram", "sms"):
            due = claiming.claim(session, channel, "pictures", timedelta(minutes=5), most)  # type: ignore[arg-type]
            most -= len(due)
            for number, one in enumerate(due):
                row = session.get_one(OutboxMessage, one.row_id)
                if channel == "sms" and number % 19 == 12:
                    settling.settle(session, row, Never("30005", "unknown destination handset"), "pictures")
                else:
                    settling.settle(session, row, Sent((f"{day}-{row.id}",)), "pictures")
                    outbox.move(row, "delivered")


def _questions(filling: Filling) -> None:
    for number, one in enumerate(village()["questions"]):
        for time_of in range(one["times"]):
            with filling.at(-1 - (number + 2 * time_of) % 6) as session:
                questions.keep(session, one["text"], one["locale"], one["channel"], "none")


def _messages(filling: Filling) -> None:
    """A month of messages; the same ones each time, and fewer on Sundays."""
    drawn, rules = random.Random(7), village()["messages"]
    days = [-back for back in range(rules["days"])]
    weights = [1 if (DAY + timedelta(days=day)).isoweekday() == 7 else 3 for day in days]
    with filling.at(0) as session:
        by_channel: dict[str, list[int]] = {}
        for contact in session.query(Contact).order_by(Contact.id):
            by_channel.setdefault(contact.channel, []).append(contact.id)
        for number in range(rules["number"]):
            day = drawn.choices(days, weights)[0]
            channel, language, intent = (_one(drawn, rules[name]) for name in ("channels", "languages", "intents"))
            session.add(
                InboundMessage(
                    dedupe_key=f"month:{number}",
                    contact_id=drawn.choice(by_channel[channel]),
                    channel=channel,
                    text="",
                    received_at=moment(day, f"{drawn.randint(9, 11):02}:{drawn.randint(0, 59):02}"),
                    language=language,
                    intent=intent,
                    center_id=_center(filling, _one(drawn, rules["centers"])).id if intent != "none" else None,
                    reply=[],
                )
            )


def _one(drawn: random.Random, weights: Mapping[str, int]) -> str:
    return drawn.choices(list(weights), list(weights.values()))[0]
