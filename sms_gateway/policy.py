"""What protects the agency's bill and the resident's peace: the reply budget and the breaking of loops."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.contacts import Contact
from desk.intake import InboundMessage
from knowledge.scripts import normalise
from sms_gateway.paging import bare
from sms_gateway.tables import table
from store import clock

BUDGET_TIME = timedelta(hours=1)

LOOP_TIME = timedelta(minutes=10)
LOOP_LENGTH = 3
"""So many times within LOOP_TIME the same text is answered, or the same answer given; then we fall silent."""

_LOOK_BACK = 12
_SHORT = 2  # "1" and "M" are sent again and again by people

Budget = Literal["open", "last", "spent"]
"""``last``: one sentence may still go out, which says that the hour's replies are used up."""


def budget(contact: Contact, replies_per_hour: int) -> Budget:
    """What is left of the contact's replies; a new hour begins with the first message after the old one."""
    moment = clock.now()
    if contact.budget_from is None or moment - contact.budget_from >= BUDGET_TIME:
        contact.budget_from, contact.budget_used = moment, 0
    if contact.budget_used < replies_per_hour:
        return "open"
    return "last" if contact.budget_used == replies_per_hour else "spent"


def spend(contact: Contact) -> None:
    """Counts one reply."""
    contact.budget_used += 1


def written_by_machine(text: str) -> bool:
    """Whether the text says of itself that nobody wrote it."""
    folded = normalise(text)
    return any(phrase in folded for phrase in _phrases())


class Recent:
    """The last minutes with one contact; asked for when first needed, and once."""

    def __init__(self, session: Session, contact_id: int, *, nothing: bool = False) -> None:
        """``nothing`` says that the contact is new. To be asked before the message at hand is in the database."""
        self._session = session
        self._contact_id = contact_id
        self._messages: list[tuple[str, list[str]]] | None = [] if nothing else None

    def is_loop(self, text: str) -> bool:
        """Whether this very text came again and again in the last minutes, as from an auto-responder."""
        said = bare(text)
        if len(said) <= _SHORT:
            return False
        before = [bare(text) for text, _ in self._read()[:LOOP_LENGTH]]
        return len(before) == LOOP_LENGTH and all(text == said for text in before)

    def repeats_us(self, reply: list[str]) -> bool:
        """Whether we would give the answer that we gave again and again in the last minutes."""
        given = [answer for _, answer in self._read() if answer][:LOOP_LENGTH]
        return len(given) == LOOP_LENGTH and all(answer == reply for answer in given)

    def _read(self) -> list[tuple[str, list[str]]]:
        if self._messages is None:
            since = {"contact_id": self._contact_id, "since": clock.now() - LOOP_TIME}
            self._messages = [(text, list(reply)) for text, reply in self._session.execute(_RECENT, since)]
        return self._messages


_RECENT = (
    select(InboundMessage.text, InboundMessage.reply)
    .where(InboundMessage.contact_id == bindparam("contact_id"), InboundMessage.answered_at > bindparam("since"))
    .order_by(InboundMessage.id.desc())
    .limit(_LOOK_BACK)
)
"""The latest messages of a contact with their answers, the newest first."""


def last_language(session: Session, contact_id: int) -> str | None:
    """The language in which the contact was understood last."""
    return session.scalar(
        select(InboundMessage.language)
        .where(InboundMessage.contact_id == contact_id, InboundMessage.language.is_not(None))
        .order_by(InboundMessage.id.desc())
        .limit(1)
    )


@lru_cache(maxsize=1)
def _phrases() -> tuple[str, ...]:
    return tuple(normalise(phrase) for phrase in table("auto_replies")["phrases"])
