"""How many messages a carrier may take just now, over all processes together: a token bucket in its row."""

from __future__ import annotations

from dataclasses import dataclass

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
        self._state = session.get(CarrierState, carrier.name)

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

    def take(self, allowance: Allowance, count: int) -> bool:
        """Takes ``count`` of what was allowed; False, with nothing taken, where others were there before us.

        The carrier's row is locked until the transaction ends.
        """
        self._state = state = self._locked()
        again = self.allow(count)
        if again.count < count or again.replies_only != allowance.replies_only:
            return False
        _take_off(state, self._carrier.limit, count)
        return True

    def spend(self, count: int) -> None:
        """Takes that many messages off the bucket and the day's number, as they were sent without asking."""
        _take_off(self._locked(), self._carrier.limit, count)

    def _locked(self) -> CarrierState:
        return carriers.locked(self._session, self._carrier.name, self._carrier.limit.burst)


def _take_off(state: CarrierState, limit: Limit, count: int) -> None:
    tokens, used = _left(state, limit)
    state.tokens, state.used, state.day = max(tokens - count, -DEBT), used + count, clock.local_now().date()
    state.filled_at = max(state.filled_at, clock.now())  # the clocks of two machines differ


def _left(state: CarrierState | None, limit: Limit) -> tuple[float, int]:
    """The tokens that have gathered by now, and how many messages went out today."""
    if state is None:
        return limit.burst, 0
    passed = max((clock.now() - state.filled_at).total_seconds(), 0.0)
    used = state.used if state.day == clock.local_now().date() else 0
    return min(limit.burst, state.tokens + passed * limit.rate), used
