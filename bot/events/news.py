"""Telling people of events and reminding them, in their language and by their own channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import cast

from sqlalchemy.orm import Session

from bot import wording
from bot.events import words
from bot.halls import words as halls
from bot.halls.news import language_of
from desk import contacts
from desk.contacts import Contact
from desk.events import attending, finding
from desk.events.models import EventNews, NewsKind, Occurrence, Reminder
from desk.halls.bookings import Booking
from desk.messages import Choice, Reply
from desk.posting import Post
from knowledge.snapshot import Snapshot
from knowledge.types import Locale
from store import clock


class EventWords:
    """The ``TellOfEvent`` (``tell``) and the ``Remind`` (``remind``) of ``desk.events.news``."""

    def __init__(self, knowledge: Callable[[], Snapshot], post: Post, *, two_way: bool) -> None:
        """``two_way``: whether a text message can be answered; where not, no text asks for an answer."""
        self._knowledge = knowledge
        self._post = post
        self._two_way = two_way

    def tell(self, session: Session, contact: Contact, news: EventNews) -> bool:
        """Queues the news; False where the person may not be written to, or nothing is left to tell of."""
        occurrence = self._occurrence(session, contact, news)
        if occurrence is None or not contacts.may_receive(contact):
            return False
        reply = self._news(session, contact, cast(NewsKind, news.kind), occurrence, news)
        key = f"event-news:{news.number}:{contact.id}"
        left = news.useful_until - clock.now()
        self._post(session, contact, "notice", key, reply, expires_after=left)
        return True

    def remind(self, session: Session, contact: Contact, reminder: Reminder) -> bool:
        """Queues the reminder; False where the person may not be written to, or what it speaks of is gone."""
        if not contacts.may_receive(contact):
            return False
        locale = language_of(session, contact)
        made = self._of_event(session, locale, reminder) or self._of_booking(session, locale, reminder)
        if made is None:
            return False
        left: timedelta = reminder.useful_until - clock.now()
        self._post(session, contact, "reminder", reminder.dedupe_key, made, expires_after=left)
        return True

    @staticmethod
    def _occurrence(session: Session, contact: Contact, news: EventNews) -> Occurrence | None:
        """The time that the news speaks of: of a series the one that the person comes to, else the next one."""
        if news.occurrence_id is not None:
            return session.get(Occurrence, news.occurrence_id)
        coming = [
            row.occurrence
            for row in attending.upcoming_of(session, contact)
            if row.occurrence.event_id == news.event_id
        ]
        if coming:
            return coming[0]
        return finding.next_of(session, news.event_id) or finding.last_of(session, news.event_id)

    def _news(
        self, session: Session, contact: Contact, kind: NewsKind, occurrence: Occurrence, news: EventNews
    ) -> Reply:
        locale, snapshot = language_of(session, contact), self._knowledge()
        heads = news.facts.get("heads", 1)

        def said(short: bool) -> tuple[str, ...]:
            known = words.facts(locale, occurrence, snapshot, short=short)
            name = "yours" if short and kind == "place_freed" else kind
            texts = [wording.say(locale, f"news.event.{name}", **known, n=heads)]
            if kind == "place_freed" and (contact.channel == "telegram" or self._two_way):
                texts.append(wording.say(locale, "news.event.tell_me"))
            elif kind == "place_freed":
                texts.append(wording.say(locale, "news.event.call", hotline=snapshot.hotline.display))
            return tuple(texts)

        choices = _choices(locale, kind, occurrence)
        return Reply(said(False), locale, choices=choices, short=said(True))

    def _of_event(self, session: Session, locale: Locale, reminder: Reminder) -> Reply | None:
        occurrence = session.get(Occurrence, reminder.occurrence_id) if reminder.occurrence_id else None
        if occurrence is None:
            return None
        texts = [
            wording.say(locale, "remind.event", **words.facts(locale, occurrence, self._knowledge(), short=short))
            for short in (False, True)
        ]
        choices = (Choice(wording.say(locale, "event.show"), f"event:{occurrence.id}"),)
        return Reply((texts[0],), locale, choices=choices, short=(texts[1],))

    def _of_booking(self, session: Session, locale: Locale, reminder: Reminder) -> Reply | None:
        booking = session.get(Booking, reminder.booking_id) if reminder.booking_id else None
        if booking is None:
            return None
        texts = [
            wording.say(locale, "remind.booking", **halls.facts(locale, booking, self._knowledge(), short=short))
            for short in (False, True)
        ]
        choices = (Choice(wording.say(locale, "booking.show"), f"booking:{booking.reference}"),)
        return Reply((texts[0],), locale, choices=choices, short=(texts[1],))


def _choices(locale: Locale, kind: NewsKind, occurrence: Occurrence) -> tuple[Choice, ...]:
    """What can be pressed under the news."""
    if kind == "cancelled":
        return ()
    shown = Choice(wording.say(locale, "event.show"), f"event:{occurrence.id}")
    if kind == "place_freed":
        return (shown, Choice(wording.say(locale, "event.leave"), f"event:{occurrence.id}:leave"))
    return (shown,)
