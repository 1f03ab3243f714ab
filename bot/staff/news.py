"""Telling a centre's staff what a person asked for, changed or gave back, with buttons to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from bot import wording
from bot.halls import words
from desk import staff
from desk.halls.bookings import Booking
from desk.halls.news import Kind, News
from desk.messages import Choice, Reply
from desk.posting import Post
from knowledge.snapshot import Snapshot
from knowledge.types import Locale

_TITLES: Mapping[Kind, str] = {
    "requested": "desk.requested",
    "time_changed": "desk.time_changed",
    "cancelled": "desk.cancelled",
}


class StaffNews:
    """The part of ``desk.halls.news.Tell`` that writes to the linked accounts of a centre's staff."""

    def __init__(self, knowledge: Callable[[], Snapshot], post: Post) -> None:
        """``knowledge`` gives the snapshot in force."""
        self._knowledge = knowledge
        self._post = post

    def __call__(self, session: Session, booking: Booking, news: News) -> None:
        """Queues a message for each member who is told of that centre."""
        title = _TITLES.get(news.kind)
        if not news.for_staff or title is None:
            return
        for member, contact in staff.linked_for(session, booking.center_id):
            locale = staff.language_of(member)
            said = (wording.say(locale, title), request(locale, booking, self._knowledge()))
            choices = () if news.kind == "cancelled" else to_answer(locale, booking)
            key = f"{news.dedupe_key}:{member.id}"
            self._post(session, contact, "notice", key, Reply(said, locale, choices=choices))


def request(locale: Locale, booking: Booking, snapshot: Snapshot) -> str:
    """All that staff must know to decide, a line each; what looks forbidden is named last."""
    facts = {
        **words.facts(locale, booking, snapshot),
        "subject": booking.subject,
        "people": booking.people,
        "equipment": words.equipment(locale, booking.equipment),
        "applicant": wording.say(locale, f"hall.applicant.{booking.applicant}"),
        "name": booking.contact_name,
    }
    lines = [wording.say(locale, "desk.request", **facts)]
    if booking.hold_until is not None:
        lines.append(wording.say(locale, "desk.until", until=words.moment(locale, booking.hold_until)))
    if booking.flag_reasons:
        why = ", ".join(wording.say(locale, f"desk.flag.{reason}") for reason in booking.flag_reasons)
        lines.append(wording.say(locale, "desk.flagged", why=why))
    return "\n".join(lines)


def to_answer(locale: Locale, booking: Booking) -> tuple[Choice, Choice]:
    """The two buttons under a request."""
    return (
        Choice(wording.say(locale, "desk.confirm"), f"desk:confirm:{booking.id}"),
        Choice(wording.say(locale, "desk.decline"), f"desk:decline:{booking.id}"),
    )
