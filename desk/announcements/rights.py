"""Which members of staff may announce to whom."""

from __future__ import annotations

from sqlalchemy.orm import Session

from desk import audit, staff
from desk.announcements.audience import Audience
from desk.announcements.models import Refused
from knowledge.snapshot import Snapshot


class NotAllowed(Refused):
    """The member of staff may not do this; the sentence says who may."""


def check(session: Session, actor: str, audience: Audience, snapshot: Snapshot) -> None:
    """Raises NotAllowed where staff of a centre would announce to more than their own centres' people."""
    own = own_centers(session, actor, snapshot)
    if not lies_within(audience, own):
        who, mine = audit.shown(actor), ", ".join(sorted(own or ())) or "none"
        problem = f"{who} may announce for their own centres only ({mine}): name one, or ask an editor"
        raise NotAllowed(problem, "not_yours")


def own_centers(session: Session, actor: str, snapshot: Snapshot) -> frozenset[str] | None:
    """The slugs of the centres for whose people somebody may announce; None for everybody in the country."""
    member = staff.find(session, audit.shown(actor))
    if member is None or (member.role != "staff" and member.is_active):
        return None
    ids = staff.centers_of(session, member) if member.is_active else ()
    return frozenset(snapshot.centers[id].slug for id in ids if id in snapshot.centers)


def lies_within(audience: Audience, own: frozenset[str] | None) -> bool:
    """Whether an audience is that of these centres only (see ``own_centers``)."""
    named = {*audience.centers, *(one.center for one in audience.around)}
    return own is None or (bool(named) and named <= own)


def allows(session: Session, actor: str, audience: Audience, snapshot: Snapshot) -> bool:
    """Whether the member of staff may announce to that audience, and therefore see what was announced to it."""
    try:
        check(session, actor, audience, snapshot)
    except NotAllowed:
        return False
    return True
