"""Telling a person what became of their booking, in their language and by their own channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import wording
from bot.halls import words
from desk import audit, conversations, quiet
from desk.contacts import Contact
from desk.halls.bookings import Booking
from desk.halls.news import News
from desk.messages import Choice, Reply
from desk.posting import Post
from knowledge.snapshot import Snapshot
from knowledge.types import LOCALES, Locale
from store import clock


class PersonNews:
    """The part of ``desk.halls.news.Tell`` that writes to whoever booked, of what they did not do themselves."""

    def __init__(self, knowledge: Callable[[], Snapshot], post: Post, *, two_way: bool) -> None:
        """``two_way``: whether a text message can be answered; where not, no text speaks of answering."""
        self._knowledge = knowledge
        self._post = post
        self._two_way = two_way

    def __call__(self, session: Session, booking: Booking, news: News) -> None:
        """Queues the news; nothing where there is nobody to tell."""
        if not news.for_person or booking.contact_id is None:
            return
        contact = session.get(Contact, booking.contact_id)
        if contact is None or contact.forget_at is not None:
            return
        reply = self._reply(session, contact, booking, news)
        self._post(session, contact, "notice", news.dedupe_key, reply, not_before=_not_before(booking, news))

    def _reply(self, session: Session, contact: Contact, booking: Booking, news: News) -> Reply:
        locale = language_of(session, contact)
        snapshot = self._knowledge()
        texts = self._sentences(locale, booking, news, contact, snapshot, short=False)
        short = self._sentences(locale, booking, news, contact, snapshot, short=True)
        return Reply(texts, locale, choices=_choices(locale, booking, news), short=short)

    def _sentences(
        self, locale: Locale, booking: Booking, news: News, contact: Contact, snapshot: Snapshot, *, short: bool
    ) -> tuple[str, ...]:
        facts = {**words.facts(locale, booking, snapshot, short=short), **_facts(locale, news, short=short)}
        said = [wording.say(locale, f"news.{news.kind}", **facts)]
        if news.kind == "declined":
            said.append(words.reason(locale, facts["reason"]))
        if news.facts.get("banned_until") is not None:
            name = "hall.why.banned.sms" if short else "hall.why.banned"
            said.append(wording.say(locale, name, until=facts["banned_until"]))
        if news.kind == "offered":
            answer = contact.channel == "telegram" or self._two_way
            hotline = snapshot.hotline.display
            name = "news.offered.answer" if answer else "news.offered.call"
            said += [wording.say(locale, name, reference=booking.reference, hotline=hotline)]
        return tuple(said)


USEFUL = timedelta(minutes=30)
"""So long before the booked time even a night's news is told: who does not know it would set out in vain."""


def _not_before(booking: Booking, news: News) -> datetime | None:
    """What staff decide is told at once; what happens by itself, or to somebody else, lets people sleep."""
    if audit.kind_of(news.actor) == "staff":
        return None
    return min(quiet.held_until(clock.now()), booking.starts_at - USEFUL)


def language_of(session: Session, contact: Contact) -> Locale:
    """The language to write in: the chosen one, else the one last spoken, else Georgian."""
    spoken = conversations.of(session, contact.id).state.get("language")
    chosen = contact.resident.locale
    if chosen in LOCALES:
        return "ka-Latn" if chosen == "ka" and spoken == "ka-Latn" else chosen
    return spoken if spoken in LOCALES else "ka"


def _choices(locale: Locale, booking: Booking, news: News) -> tuple[Choice, ...]:
    """What can be pressed under the news; a text message names the reference instead."""
    value = f"booking:{booking.reference}"
    if news.kind == "offered":
        return (
            Choice(wording.say(locale, "booking.take"), f"{value}:take"),
            Choice(wording.say(locale, "booking.let_go"), f"{value}:cancelled"),
        )
    if news.kind in {"confirmed", "time_changed", "requested"}:
        return (Choice(wording.say(locale, "booking.show"), value),)
    return ()


def _facts(locale: Locale, news: News, *, short: bool) -> dict[str, Any]:
    """The facts of the news in words: moments and days as the language writes them."""
    filled: dict[str, Any] = {}
    for name, value in news.facts.items():
        if isinstance(value, datetime):
            filled[name] = words.moment(locale, value, short=short)
        elif isinstance(value, date):
            filled[name] = words.day(locale, value, short=short)
        else:
            filled[name] = value or ""
    return filled
