"""What protects the agency's bill and the resident's peace: the reply budget and the breaking of loops."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, cast

from sqlalchemy import Table, bindparam, select, update
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
    _, used = _hour(contact)
    if used < replies_per_hour:
        return "open"
    return "last" if used == replies_per_hour else "spent"


def spend(session: Session, contact: Contact) -> None:
    """Counts one reply."""
    began, used = _hour(contact)
    # By a statement of its own: to write a changed object takes the session ten times as long.
    session.execute(_SPENDING, {"of_contact": contact.id, "began": began, "used": used + 1})
    session.expire(contact, ["budget_from", "budget_used"])


def _hour(contact: Contact) -> tuple[datetime, int]:
    """When the running hour began, and how many replies it has had; a new one where the old one is over."""
    moment = clock.now()
    if contact.budget_from is None or moment - contact.budget_from >= BUDGET_TIME:
        return moment, 0
    return contact.budget_from, contact.budget_used


_CONTACTS = cast(Table, Contact.__table__)
_SPENDING = (
    update(_CONTACTS)
    .where(_CONTACTS.c.id == bindparam("of_contact"))
    .values(budget_from=bindparam("began"), budget_used=bindparam("used"))
)


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


_MESSAGES = InboundMessage.__table__
_RECENT = (
    select(_MESSAGES.c.text, _MESSAGES.c.reply)
    .where(_MESSAGES.c.contact_id == bindparam("contact_id"), _MESSAGES.c.answered_at > bindparam("since"))
    .order_by(_MESSAGES.c.id.desc())
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
