"""The one mind behind every channel: a message in, an answer out, the conversation's state kept in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.dialogue import bands, route
from bot.dialogue.state import State
from bot.dialogue.turn import Turn
from bot.halls import flow
from bot.understanding.reader import Reader
from desk import contacts, conversations
from desk.announcements.preview import Announcing
from desk.contacts import Contact
from desk.halls import erasing
from desk.halls.news import Tell
from desk.messages import Answer, Inbound, Reply, Understanding
from knowledge.snapshot import Snapshot
from knowledge.types import BASE_LOCALES, LOCALES, Locale
from store import clock


class NeighbourAssistant:
    """Answers messages (see ``desk.messages.Assistant``). Shared by all threads."""

    def __init__(
        self, knowledge: Callable[[], Snapshot], reader: Reader, tell: Tell, announcing: Announcing
    ) -> None:
        """``knowledge`` gives the snapshot in force; ``tell`` carries the news of bookings to other people.

        ``announcing`` shows staff what their announcements will look like.
        """
        self._knowledge = knowledge
        self._tell = tell
        self._announcing = announcing
        self._reader = reader

    def answer(self, session: Session, inbound: Inbound, contact_id: int) -> Answer:
        """Answers one message inside the caller's transaction. Raises LookupError for an unknown contact."""
        contact = session.get(Contact, contact_id)
        if contact is None:
            raise LookupError(f"no contact {contact_id}")
        conversation = conversations.of(session, contact_id)
        state = State.from_json(conversation.state, conversation.updated_at, clock.now(), inbound.channel)
        turn = self._turn(session, contact, inbound, state)
        reply = _with_lapse(turn, route.respond(turn, self._reader))
        if not turn.forget:
            if reply.choices:
                turn.state.choices = [choice.value for choice in reply.choices]
            turn.state.language = turn.locale
        understanding = _understanding(turn)
        if turn.forget:
            erasing.erase_person(session, contacts.addresses_of(session, contact))
            contacts.forget(session, contact)
        conversations.remember(session, contact_id, turn.state.to_json())
        return Answer(reply, understanding)

    def _turn(self, session: Session, contact: Contact, inbound: Inbound, state: State) -> Turn:
        snapshot = self._knowledge()
        chosen = _as_locale(contact.resident.locale)
        known = _as_locale(state.language) or chosen or _hint(inbound)
        home_id = contact.resident.home_place_id
        home = snapshot.places.get(home_id) if home_id is not None else None
        parse = self._reader.read(inbound.text, snapshot, known, home=home)
        spoken = inbound.text.strip() and inbound.choice is None
        written = (
            parse.language if spoken and not (known and flow.keeps_language(state, parse)) else (known or "ka")
        )
        return Turn(
            session=session,
            contact=contact,
            inbound=inbound,
            state=state,
            snapshot=snapshot,
            locale=_answering(written, chosen),
            parse=parse,
            tell=self._tell,
            announcing=self._announcing,
        )


def _with_lapse(turn: Turn, reply: Reply) -> Reply:
    """The reply, after a word about the question that was left unanswered for too long."""
    if not turn.state.lapsed or reply.silent or turn.state.form is not None:
        return reply
    ended = turn.say("idle.ended")
    short = (ended, *reply.short) if reply.short is not None else None
    return replace(reply, texts=(ended, *reply.texts), short=short)


def _answering(written: Locale, chosen: Locale | None) -> Locale:
    """The language of the answer: the chosen one, in the letters that were written."""
    if chosen is None:
        return written
    return "ka-Latn" if chosen == "ka" and written == "ka-Latn" else chosen


def _hint(inbound: Inbound) -> Locale | None:
    code = (inbound.language_hint or "").split("-")[0].lower()
    return code if code in BASE_LOCALES else None


def _as_locale(value: str | None) -> Locale | None:
    return value if value in LOCALES else None


def _understanding(turn: Turn) -> Understanding:
    parse = turn.parse
    return Understanding(
        intent=_intent(turn),
        confidence=parse.confidence,
        language=parse.language if turn.inbound.text else turn.locale,
        place_id=parse.place.place.id if parse.place.place is not None and parse.place.certain else None,
        service=parse.service,
        center_id=turn.state.center,
        reasons=parse.reasons,
    )


def _intent(turn: Turn) -> str:
    return turn.parse.intent if turn.parse.confidence >= bands.UNSURE else "none"
