"""Which members of staff may announce to whom."""

from __future__ import annotations

from sqlalchemy.orm import Session

from desk import audit, staff
from desk.announcements.audience import Audience
from knowledge.snapshot import Snapshot


class NotAllowed(ValueError):
    """The member of staff may not do this; the sentence says who may."""


def check(session: Session, actor: str, audience: Audience, snapshot: Snapshot) -> None:
    """Raises NotAllowed where staff of a centre would announce to more than their own centres' people."""
    member = staff.find(session, audit.shown(actor))
    if member is None or member.role != "staff":
        return
    slugs = snapshot.centers_by_slug
    own = {slug for slug, center in slugs.items() if staff.may_act_for(session, member, center.id)}
    named = {*audience.centers, *(one.center for one in audience.around)}
    if not named or not named <= own:
        mine = ", ".join(sorted(own)) or "none"
        problem = f"{member.name} may announce for their own centres only ({mine}): name one, or ask an editor"
        raise NotAllowed(problem)


def allows(session: Session, actor: str, audience: Audience, snapshot: Snapshot) -> bool:
    """Whether the member of staff may announce to that audience, and therefore see what was announced to it."""
    try:
        check(session, actor, audience, snapshot)
    except NotAllowed:
        return False
    return True
