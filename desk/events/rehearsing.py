"""Who would be told of what, before it is done: the change is made in a savepoint, and taken back.

So the number that staff read beforehand comes from the very code that tells people afterwards; only the rows are
not written, of which a big town has thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from desk.events.models import NewsKind
from desk.events.telling import REHEARSED, Rehearsed


def told(session: Session, act: Callable[[], object]) -> Mapping[NewsKind, int]:
    """How many people ``act`` would tell, by what they would be told; empty for nobody.

    ``session`` is one that may write; nothing of ``act`` is left in it. Raises what ``act`` raises.
    """
    would: Rehearsed = defaultdict(set)
    savepoint = session.begin_nested()
    session.info[REHEARSED] = would
    try:
        act()
        return {kind: len(people) for kind, people in would.items() if people}
    finally:
        del session.info[REHEARSED]
        savepoint.rollback()
        session.expire_all()
