"""The rules of a hall that a centre may set for itself; where it has not, those of http://centri.gov.ge/en/terms."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy.orm import Mapped, Session, mapped_column

from desk import audit
from store import clock
from store.base import Base

UNIT_MINUTES = 30
"""The database keeps halls by the half-hour, whatever a centre's own step is."""

DEFAULT_HOURS = "Mo-Fr 09:00-18:00; PH off"
"""When a hall is open where its own row says nothing (http://centri.gov.ge/ge/terms)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a centre asks of those who borrow its hall. Raises ValueError for what cannot be kept.

    ``min_business_days``: "at least 2 business days before" (http://centri.gov.ge/en/terms).
    ``cancel_business_days`` and ``ban_business_days``: "not coming? tell the Manager-Operator at least 1 business
    day before, or lose access for 10 business days" (the same page).
    ``horizon_days``, ``max_open`` (open tentative bookings of one person), ``slot_minutes`` and ``offer_hours``
    (how many waking hours a place from the waiting list is kept) are the project's own.
    """

    min_business_days: int = 2
    horizon_days: int = 90
    cancel_business_days: int = 1
    ban_business_days: int = 10
    max_open: int = 2
    slot_minutes: int = UNIT_MINUTES
    offer_hours: int = 6

    def __post_init__(self) -> None:
        """Refuses values that would make the hall unusable or break the half-hour grid."""
        if self.slot_minutes < UNIT_MINUTES or self.slot_minutes % UNIT_MINUTES or 1440 % self.slot_minutes:
            raise ValueError("slot_minutes must be 30 or a multiple of it that divides a day")
        if min(self.min_business_days, self.cancel_business_days, self.ban_business_days) < 0:
            raise ValueError("a number of business days cannot be negative")
        if min(self.horizon_days, self.max_open, self.offer_hours) < 1:
            raise ValueError("horizon_days, max_open and offer_hours must be at least 1")
        if self.horizon_days > 366:
            raise ValueError("horizon_days must not be longer than a year")


class HallRules(Base):
    """The rules of one centre's hall, where it has its own."""

    __tablename__ = "hall_rules"

    center_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    min_business_days: Mapped[int]
    horizon_days: Mapped[int]
    cancel_business_days: Mapped[int]
    ban_business_days: Mapped[int]
    max_open: Mapped[int]
    slot_minutes: Mapped[int]
    offer_hours: Mapped[int]
    changed_at: Mapped[datetime]


def rules_for(session: Session, center_id: int) -> Rules:
    """The rules that hold for that centre's hall."""
    row = session.get(HallRules, center_id, populate_existing=True)
    return Rules() if row is None else Rules(**{one.name: getattr(row, one.name) for one in fields(Rules)})


def set_rules(session: Session, center_id: int, rules: Rules, actor: str) -> None:
    """Gives the centre its own rules; bookings made before keep theirs."""
    session.merge(HallRules(center_id=center_id, changed_at=clock.now(), **asdict(rules)))
    session.flush()
    audit.record(session, actor, "set_rules", "hall", center_id, asdict(rules))
