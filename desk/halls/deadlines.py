"""Until when a hold is kept, an offer stands and cancelling is free."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from desk.halls import days
from desk.halls.rules import Rules

HOLD_ENDS = time(18, 0)
"""When the centre's working day ends (http://centri.gov.ge/ge/terms)."""

MARGIN = timedelta(hours=1)
"""How long before the event a hold ends at the latest."""

WAKES, SLEEPS = time(9, 0), time(21, 0)
"""Nobody has to answer an offer outside these hours."""

SHORTEST_OFFER = timedelta(hours=1)
"""An offer that could not be kept this long is not made."""


def hold_until(now: datetime, starts_at: datetime) -> datetime:
    """The end of the next business day, and always before the event (the project's own rule)."""
    end = days.at(days.business_days_after(days.local_day(now), 1), HOLD_ENDS)
    return min(end, _before(now, starts_at))


def offer_until(now: datetime, starts_at: datetime, rules: Rules) -> datetime | None:
    """``offer_hours`` from now, the night not counted, and before the event; None where it would be too short."""
    left, moment = timedelta(hours=rules.offer_hours), _awake(now)
    while moment + left > (sleeps := days.at(days.local_day(moment), SLEEPS)):
        left -= sleeps - moment
        moment = _awake(sleeps)
    end = min(moment + left, _before(now, starts_at))
    return end if end - _awake(now) >= SHORTEST_OFFER else None


def _awake(moment: datetime) -> datetime:
    """That moment, or the next morning where it is at night."""
    day = days.local_day(moment)
    if moment >= days.at(day, SLEEPS):
        return days.at(day + timedelta(days=1), WAKES)
    return max(moment, days.at(day, WAKES))


def _before(now: datetime, starts_at: datetime) -> datetime:
    return starts_at - min(MARGIN, (starts_at - now) / 2)


def cancels_freely(now: datetime, starts_at: datetime, rules: Rules) -> bool:
    """Whether word now is early enough: "at least 1 business day before" (http://centri.gov.ge/en/terms)."""
    return days.with_notice(days.local_day(now), rules.cancel_business_days) <= days.local_day(starts_at)


def last_free_day(starts_at: datetime, rules: Rules) -> date:
    """The last day on which that booking can be cancelled without losing access."""
    event = day = days.local_day(starts_at)
    while days.with_notice(day, rules.cancel_business_days) > event:
        day -= timedelta(days=1)
    return day


def ban_until(now: datetime, rules: Rules) -> date:
    """The last day of lost access: "for 10 business days" (http://centri.gov.ge/en/terms), from tomorrow on."""
    return days.business_days_after(days.local_day(now), rules.ban_business_days)
