"""One-time links: for the first administrator, for somebody who was taken on, and for a forgotten password."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from desk import audit
from desk.accounts import tokens
from desk.accounts.models import LinkKind, OneTimeLink
from store import clock
from store.statements import carry_out

LAST: dict[LinkKind, timedelta] = {
    "first": timedelta(hours=24),
    "invite": timedelta(days=3),
    "reset": timedelta(hours=2),
}
"""How long each kind of link can be used."""


def issue(session: Session, kind: LinkKind, staff_id: int | None, actor: str) -> str:
    """A new link's token; links that the member had before are void, and so are older first ones."""
    token, digest = tokens.make()
    void(session, staff_id)
    session.add(OneTimeLink(digest=digest, kind=kind, staff_id=staff_id, expires_at=clock.now() + LAST[kind]))
    audit.record(session, actor, f"issue_{kind}_link", "staff", staff_id or 0)
    return token


def find(session: Session, token: str) -> OneTimeLink | None:
    """The link of that token, if it can be used; looking does not use it up."""
    row = session.get(OneTimeLink, tokens.digest(token))
    return row if row is not None and row.expires_at > clock.now() else None


def use(session: Session, token: str) -> OneTimeLink | None:
    """Uses a link up; None where it was used, is void or too old. Of two at once only one gets it."""
    query = select(OneTimeLink).where(OneTimeLink.digest == tokens.digest(token)).with_for_update()
    row = session.scalar(query)
    if row is None or row.expires_at <= clock.now():
        return None
    session.delete(row)
    session.flush()
    return row


def void(session: Session, staff_id: int | None) -> None:
    """Makes every link of a member useless; of nobody: those of the first administrator."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.staff_id == staff_id))


def sweep(session: Session) -> int:
    """Deletes the links that are too old; how many."""
    return carry_out(session, delete(OneTimeLink).where(OneTimeLink.expires_at <= clock.now()))
