"""One turn of a conversation: all that an answer may look at, and the words to say it in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot import names, wording
from bot.dialogue.state import Pending, State
from bot.understanding.parse import Parse
from desk.announcements.preview import Announcing
from desk.contacts import Contact
from desk.halls.news import Tell
from desk.messages import Choice, Inbound, Reply
from knowledge.snapshot import Snapshot
from knowledge.types import Center, Locale, Place


@dataclass
class Turn:
    """A message being answered. ``state`` is changed by the answers and kept at the end of the turn."""

    session: Session
    contact: Contact
    inbound: Inbound
    state: State
    snapshot: Snapshot
    locale: Locale
    parse: Parse
    tell: Tell  # whoever else must learn of a booking
    announcing: Announcing  # for staff, who announce
    forget: bool = False  # whether the person is to be erased at the end of the turn
    in_form: bool = False  # whether the reply is a question of the open form itself

    def say(self, message_id: str, **values: object) -> str:
        """A sentence in the language of this turn; the hotline's number and name are always at hand."""
        hotline = self.snapshot.hotline
        named = {"hotline": hotline.display, "hotline_name": wording.localised(self.locale, hotline.name)}
        return wording.say(self.locale, message_id, **{**named, **values})

    def reply(self, *message_ids: str, **values: object) -> Reply:
        """A reply of those sentences, with the wording for small screens where an id has one."""
        texts = tuple(self.say(message_id, **values) for message_id in message_ids)
        short_ids = [message_id + wording.SMALL_SCREEN for message_id in message_ids]
        if not any(map(wording.has, short_ids)):
            return Reply(texts, self.locale)
        short = tuple(self.say(name, **values) for name in short_ids if wording.has(name))
        return Reply(texts, self.locale, short=short)

    def choice(self, message_id: str, value: str) -> Choice:
        """A choice labelled with a sentence of the catalogue."""
        return Choice(self.say(message_id), value)

    def place_name(self, place: Place) -> str:
        """The settlement as this turn's language writes it."""
        return names.place(self.locale, place, self.snapshot)

    def center_name(self, center: Center) -> str:
        """The centre with its municipality, as this turn's language writes it."""
        return names.center(self.locale, center, self.snapshot)

    @property
    def home(self) -> Place | None:
        """The resident's own village, if they told us."""
        place_id = self.contact.resident.home_place_id
        return self.snapshot.places.get(place_id) if place_id is not None else None

    @property
    def place(self) -> Place | None:
        """The settlement this turn is about: named now, named before, or the resident's own."""
        if self.parse.place:
            return self.parse.place.place
        if self.state.place is not None:
            return self.snapshot.places.get(self.state.place)
        return self.home

    def ask(self, reply: Reply, pending: Pending) -> Reply:
        """Remembers what the reply asks for."""
        self.state.pending = pending
        return reply
