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
    """What is left of the carrier's pace; nobody else can take of it until the transaction ends."""

    def __init__(self, session: Session, carrier: Carrier) -> None:
        """Locks the carrier's row."""
        self._limit = carrier.limit
        self._state = carriers.locked(session, carrier.name, carrier.limit.burst)

    def allow(self, wanted: int) -> Allowance:
        """What may be claimed now."""
        state, limit, moment = self._state, self._limit, clock.now()
        if state.held_until is not None and state.held_until > moment:
            return Allowance(0, (state.held_until - moment).total_seconds())
        _fill(state, limit)
        replies_only = limit.daily is not None and state.used >= limit.daily
        left = wanted if limit.daily is None or replies_only else min(wanted, limit.daily - state.used)
        count = min(left, int(state.tokens + 1e-9))
        return Allowance(max(count, 0), max(0.0, (1 - state.tokens) / limit.rate), replies_only)

    def spend(self, count: int) -> None:
        """Takes that many messages off the bucket and the day's number; also what was sent without asking."""
        _fill(self._state, self._limit)
        self._state.tokens = max(self._state.tokens - count, -DEBT)
        self._state.used += count


def _fill(state: CarrierState, limit: Limit) -> None:
    moment, today = clock.now(), clock.local_now().date()
    passed = (moment - state.filled_at).total_seconds()
    if passed > 0:  # the clocks of two machines differ
        state.tokens = min(limit.burst, state.tokens + passed * limit.rate)
        state.filled_at = moment
    if state.day != today:
        state.day, state.used = today, 0
