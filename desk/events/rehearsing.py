"""Who would be told of what, before it is done: the change is made in a savepoint, counted and taken back.

So the number that staff read beforehand comes from the very code that tells people afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.events.models import Event, EventNews, NewsKind


def told(session: Session, event: Event, act: Callable[[], object]) -> Mapping[NewsKind, int]:
    """How many people ``act`` would tell, by what they would be told; empty for nobody.

    ``session`` is one that may write; nothing of ``act`` is left in it. Raises what ``act`` raises.
    """
    event_id = event.id
    savepoint = session.begin_nested()
    try:
        before = session.scalar(select(func.coalesce(func.max(EventNews.id), 0))) or 0
        act()
        rows = session.execute(
            select(EventNews.kind, func.count(EventNews.contact_id.distinct()))
            .where(EventNews.event_id == event_id, EventNews.id > before)
            .group_by(EventNews.kind)
        )
        return {cast(NewsKind, kind): int(number) for kind, number in rows}
    finally:
        savepoint.rollback()
        session.expire_all()
