"""How many messages a carrier may take just now, over all processes together: a token bucket in its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, bindparam, select, update
from sqlalchemy.orm import Session

from desk import carriers
from desk.carriers import Carrier, CarrierState, Limit
from store import clock

DEBT = 20.0
"""How many tokens direct replies may draw in advance; the delivery loop then waits until they are earned."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many messages may go now; where none may, after how many seconds to ask again.

    ``replies_only``: the day's number is used up, and only a person who asked is still answered.
    """

    count: int
    wait: float = 0.0
    replies_only: bool = False


class Bucket:
    """What is left of a carrier's pace.

    One looks first and takes when it is known how many messages there are, so that others wait for moments only.
    """

    def __init__(self, session: Session, carrier: Carrier) -> None:
        """Looks at the carrier's row as it stands."""
        self._session = session
        self._carrier = carrier
        self._state = session.execute(_LOOK, {"name": carrier.name}).first()

    def allow(self, wanted: int) -> Allowance:
        """What may go now, as far as nobody else takes of it."""
        state, limit, moment = self._state, self._carrier.limit, clock.now()
        if state is not None and state.held_until is not None and state.held_until > moment:
            return Allowance(0, (state.held_until - moment).total_seconds())
        tokens, used = _left(state, limit)
        replies_only = limit.daily is not None and used >= limit.daily
        left = wanted if limit.daily is None or replies_only else min(wanted, limit.daily - used)
        count = min(left, int(tokens + 1e-9))
        return Allowance(max(count, 0), max(0.0, (1 - tokens) / limit.rate), replies_only)

    @property
    def in_trouble(self) -> bool:
        """Whether the carrier has failed lately: a success is news then."""
        return self._state is not None and bool(self._state.failures or self._state.failed_over_at)

    def take(self, allowance: Allowance, count: int) -> bool:
        """Takes ``count`` of what was allowed; False, with nothing taken, where others were there before us.

        The carrier's row is locked until the transaction ends.
        """
        self._state = self._locked()
        again = self.allow(count)
        if again.count < count or again.replies_only != allowance.replies_only:
            return False
        self._take_off(self._state, count)
        return True

    def spend(self, count: int) -> None:
        """Takes that many messages off the bucket and the day's number, as they were sent without asking."""
        self._take_off(self._locked(), count)

    def _locked(self) -> Row[Any]:
        name = {"name": self._carrier.name}
        found = self._session.execute(_LOCK, name).first()
        if found is None:
            carriers.locked(self._session, self._carrier.name, self._carrier.limit.burst)
            found = self._session.execute(_LOCK, name).one()
        return found

    def _take_off(self, state: Row[Any], count: int) -> None:
        tokens, used = _left(state, self._carrier.limit)
        taken = {"tokens": max(tokens - count, -DEBT), "used": used + count, "day": clock.local_now().date()}
        filled_at = max(state.filled_at, clock.now())  # the clocks of two machines differ
        self._session.execute(_WRITE, {"key": state.name, **taken, "filled_at": filled_at})


def _left(state: Row[Any] | None, limit: Limit) -> tuple[float, int]:
    """The tokens that have gathered by now, and how many messages went out today."""
    if state is None:
        return limit.burst, 0
    passed = max((clock.now() - state.filled_at).total_seconds(), 0.0)
    used = state.used if state.day == clock.local_now().date() else 0
    return min(limit.burst, state.tokens + passed * limit.rate), used


# The row is read and written with each claim: bare statements, composed once.
_ROWS: Table = CarrierState.__table__  # type: ignore[assignment]
_LOOK = select(_ROWS).where(_ROWS.c.name == bindparam("name"))
_LOCK = _LOOK.with_for_update()
_WRITE = (
    update(_ROWS)
    .where(_ROWS.c.name == bindparam("key"))
    .values({name: bindparam(name, type_=_ROWS.c[name].type) for name in ("tokens", "used", "day", "filled_at")})
)
