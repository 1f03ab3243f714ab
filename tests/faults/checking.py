"""Counting what became of a run: what was lost, what came twice, and what was sent when it must not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.announcements.models import Announcement
from desk.contacts import Contact, may_receive
from desk.fan_out import Recipient
from desk.outbox import OutboxMessage
from scheduler.delivery import AT_ONCE
from store.database import Database
from tests.faults.servers import Came, Ledger

WHOLE, STOPPED, SHORT = (
    "To all of you",
    "To some of you, until it is cancelled",
    "To some of you, until it expires",
)
"""The announcements, which everybody gets."""

PERSONAL = ("notice", "reminder")
"""What else each person is sent."""

FINAL = {"21211", "21610", "30003", "30005", "30007", "403", "400"}
"""Why a message may be given up: the provider says that it never arrives, or three times that it did not."""


@dataclass(frozen=True, slots=True)
class Size:
    """How big a run is. ``deck`` is the number of requests of which each fault befalls one.

    ``at_once`` is how many messages of a channel one process has on their way.
    """

    people: int
    processes: int
    kills: int
    stops: int
    deck: int
    at_once: int = AT_ONCE

    @property
    def messages(self) -> int:
        """How many messages there are to send."""
        return self.people * (len(PERSONAL) + 3)

    @property
    def under_way(self) -> int:
        """How many messages may be under way at one moment, on two channels."""
        return 2 * self.at_once * self.processes


@dataclass
class Story:
    """When what happened: a moment after its commit, and the number of requests that had come by then.

    ``opted_out`` is by contact, with the number of messages that were under way to it.
    """

    opted_out: dict[int, tuple[datetime, int, int]] = field(default_factory=dict)
    cancelled: tuple[datetime, int] | None = None
    expires_at: datetime | None = None
    expired: int | None = None
    kills: int = 0


@dataclass
class Found:
    """The figures of a run. All in ``wrong`` must be 0.

    ``twice`` are messages that Telegram took twice, and ``doubts`` how often nobody could know whether it had;
    ``unknown`` were given up for that, of which ``unknown_arrived`` had arrived.
    """

    messages: int = 0
    kills: int = 0
    opted_out: int = 0
    twice: int = 0
    doubts: int = 0
    unknown: int = 0
    unknown_arrived: int = 0
    states: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """For people."""
        return [
            f"messages    {self.messages:,}; {self.kills} processes killed; {self.opted_out} people said stop",
            f"states      {_listed(self.states)}",
            f"failed      {_listed(self.failures)}",
            f"faults      {_listed(self.faults)}",
            f"sent twice  {self.twice} on Telegram, of {self.doubts} times that nobody could know",
            f"given up    {self.unknown} for the same reason, of which {self.unknown_arrived} had arrived",
            f"wrong       {_listed(self.wrong)}",
        ]


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in sorted(counted.items()) if number) or "none"


def count(database: Database, size: Size, ledger: Ledger, story: Story, numbers: dict[str, int]) -> Found:
    """Compares the rows with the ledger; ``numbers`` are those of the announcements."""
    found = Found(kills=story.kills, opted_out=len(story.opted_out), faults=ledger.faults)
    taken = Counter(one.key for one in ledger.taken)
    marked = Counter(one.key for one in ledger.taken if one.marked)
    with database.read() as session:
        rows = session.execute(
            select(OutboxMessage, Contact).join(Contact, Contact.id == OutboxMessage.contact_id)
        ).all()
        _announcements(found, session, numbers)
    found.messages = len(rows)
    personal = sum(row.announcement_id is None for row, _ in rows)
    found.wrong["personal messages missing"] = len(PERSONAL) * size.people - personal
    for row, contact in rows:
        text, key = row.texts[0], (contact.address, row.texts[0])
        found.states[row.state] += 1
        found.wrong["lost"] += not _is_settled(found, row, contact, text, taken[key])
        found.wrong["twice"] += _is_twice(found, row, taken[key] - ledger.bounced[key], marked[key])
        found.wrong["tried when it must not be"] += _is_late(row, text, contact, story)
    _requests(found, size, ledger.requests, story, {contact.id: contact.address for _, contact in rows})
    return found


def _announcements(found: Found, session: Session, numbers: dict[str, int]) -> None:
    states = dict(session.execute(select(Announcement.id, Announcement.state)).all())
    ends = {WHOLE: {"done"}, STOPPED: {"cancelled"}, SHORT: {"expired", "done"}}
    found.wrong["announcements not ended"] = sum(states[numbers[text]] not in ends[text] for text in ends)
    recipients = select(func.count()).where(Recipient.announcement_id == numbers[WHOLE])
    made = select(func.count()).where(OutboxMessage.announcement_id == numbers[WHOLE])
    found.wrong["recipients without a row"] = (session.scalar(recipients) or 0) - (session.scalar(made) or 0)


def _is_settled(found: Found, row: OutboxMessage, contact: Contact, text: str, taken: int) -> bool:
    """Whether a message has come to an end that it may have."""
    code = row.error_code or ""
    match row.state:
        case "sent" | "delivered":
            return taken > 0
        case "failed" if code == "unknown" and row.channel == "telegram" and row.doubts:
            found.unknown += 1
            found.unknown_arrived += taken > 0
            return True
        case "failed":
            found.failures[code] += 1
            return code in FINAL
        case "suppressed":
            return not may_receive(contact)
        case "cancelled":
            return text == STOPPED
        case "expired":
            return text == SHORT
        case _:
            return False


def _is_twice(found: Found, row: OutboxMessage, arrived: int, marked: int) -> bool:
    """Whether somebody was sent a message twice who need not have been."""
    if row.channel == "telegram" and row.kind in PERSONAL and row.doubts:
        found.twice += arrived > 1
        found.doubts += row.doubts
        return arrived > 2 or arrived - marked > 1
    return arrived > 1


def _is_late(row: OutboxMessage, text: str, contact: Contact, story: Story) -> bool:
    """Whether a message was tried after its person had said stop, or its announcement had ended."""
    if row.attempted_at is None:
        return False
    if contact.id in story.opted_out and row.attempted_at > story.opted_out[contact.id][0]:
        return True
    if text == STOPPED and story.cancelled is not None and row.attempted_at > story.cancelled[0]:
        return True
    return text == SHORT and story.expires_at is not None and row.attempted_at >= story.expires_at


def _requests(found: Found, size: Size, requests: Sequence[Came], story: Story, addresses: dict[int, str]) -> None:
    """More requests after an end than had been under way, as the providers counted them."""
    for contact, (_, place, sending) in story.opted_out.items():
        came = sum(one.address == addresses[contact] for one in requests[place:])
        found.wrong["requests after an opt-out"] += max(came - sending, 0)
    for text, place in ((STOPPED, story.cancelled[1] if story.cancelled else None), (SHORT, story.expired)):
        came = sum(one.text == text for one in requests[place:]) if place is not None else 0
        found.wrong["requests after a cancel or an expiry"] += max(came - size.under_way, 0)
