"""Business days and moments on the wall clock of Tbilisi, as the rules of the halls count them.

A business day is Monday to Friday and no public holiday (http://centri.gov.ge/ge/terms: "სამუშაო დღეებში").
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from knowledge.hours import is_business_day
from store.clock import TBILISI

_DAY = timedelta(days=1)


def local_day(moment: datetime) -> date:
    """The day in Tbilisi."""
    return moment.astimezone(TBILISI).date()


def at(day: date, wall: time) -> datetime:
    """That time of day in Tbilisi, in UTC."""
    return datetime.combine(day, wall, TBILISI).astimezone(UTC)


def with_notice(today: date, business_days: int) -> date:
    """The first day for which word given today comes that many business days before.

    Today counts where it is a business day: word given on Friday is one business day before Monday and two before
    Tuesday; word given on Saturday is one before Tuesday, since nobody reads it before Monday.
    """
    day = today
    while business_days > 0:
        if is_business_day(day):
            business_days -= 1
        day += _DAY
    return day


def next_business_day(day: date) -> date:
    """That day itself where it is a business day, else the first one after it."""
    while not is_business_day(day):
        day += _DAY
    return day


def business_days_after(today: date, count: int) -> date:
    """The count-th business day after today."""
    day = today
    for _ in range(count):
        day = next_business_day(day + _DAY)
    return day
