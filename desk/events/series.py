"""When an event takes place: its rule of recurrence (RFC 5545) counted on the wall clock of Tbilisi."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, takewhile
from typing import Literal

from dateutil.rrule import rrule, rrulestr

from store.clock import TBILISI

MOST = 2_000
"""Occurrences of one event that are counted from its beginning: more than five years of every day."""

_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST", "BYWEEKNO"}
)
_OFTEN = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_UNTIL = re.compile(r"UNTIL=(\d{8}T\d{6})Z")


class BadRule(ValueError):
    """The rule of recurrence cannot be kept; the sentence says why. ``rule_start``: it begins on another day."""

    def __init__(self, sentence: str, fault: Literal["rule", "rule_start"] = "rule") -> None:
        """Keeps the fault beside the sentence."""
        super().__init__(sentence)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Times:
    """When one occurrence begins and ends, in UTC."""

    starts_at: datetime
    ends_at: datetime


def normal(text: str | None, starts_at: datetime) -> str | None:
    """The rule as it is kept, or None for an event that takes place once.

    Raises BadRule for what is no rule, comes more often than daily, or does not begin with ``starts_at``.
    """
    if text is None or not text.strip():
        return None
    kept = text.strip().upper().removeprefix("RRULE:")
    parts = {part.partition("=")[0]: part.partition("=")[2] for part in kept.split(";") if part}
    if unknown := parts.keys() - _PARTS:
        raise BadRule(f"a rule has no part {sorted(unknown)[0]!r}; write for example FREQ=WEEKLY;BYDAY=MO;COUNT=8")
    if parts.get("FREQ") not in _OFTEN:
        raise BadRule("a rule needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
    kept = _UNTIL.sub(lambda found: f"UNTIL={_local_until(found[1])}", kept)
    first = next(iter(_rule(kept, starts_at)), None)
    if first != _wall(starts_at):
        when = f"{first:%d.%m.%Y}" if first else "never"
        raise BadRule(f"the rule does not begin on {_wall(starts_at):%d.%m.%Y} but on {when}", "rule_start")
    return kept


def times(starts_at: datetime, ends_at: datetime, text: str | None, until: datetime) -> list[Times]:
    """Every occurrence that begins up to ``until``, from the first one on; MOST at most."""
    if text is None:
        return [Times(starts_at, ends_at)]
    duration = ends_at - starts_at
    upto = takewhile(lambda wall: wall <= _wall(until), _rule(text, starts_at))
    walls = list(islice(upto, MOST))
    begins = [wall.replace(tzinfo=TBILISI).astimezone(UTC) for wall in walls]
    return [Times(begin, begin + duration) for begin in begins]


def _rule(text: str, starts_at: datetime) -> Iterator[datetime]:
    try:
        found = rrulestr(text, dtstart=_wall(starts_at))
    except (ValueError, TypeError, KeyError) as error:
        raise BadRule(f"not a rule of recurrence: {text[:60]}") from error
    if not isinstance(found, rrule):
        raise BadRule("one rule only")
    return iter(found)


def _wall(moment: datetime) -> datetime:
    return moment.astimezone(TBILISI).replace(tzinfo=None)


def _local_until(utc: str) -> str:
    return f"{_wall(datetime.strptime(utc, '%Y%m%dT%H%M%S').replace(tzinfo=UTC)):%Y%m%dT%H%M%S}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of the occurrences when a rule or a time changes: indices into the old and the new ones."""

    moved: tuple[tuple[int, int], ...]
    gone: tuple[int, ...]
    added: tuple[int, ...]


def compare(old: Sequence[datetime], new: Sequence[Times]) -> Plan:
    """Which old beginning becomes which new one: the same moment, else the same day, else the same week.

    What people have said that they come to is moved with its occurrence, and not cancelled and made anew.
    """
    if len(old) == len(new) == 1:
        return Plan(((0, 0),), (), ())
    left, free = set(range(len(old))), set(range(len(new)))
    moved: list[tuple[int, int]] = []
    for alike in (_moment, _day, _week):
        places: dict[object, list[int]] = {}
        for index in sorted(free):
            places.setdefault(alike(new[index].starts_at), []).append(index)
        for index in sorted(left):
            fitting = places.get(alike(old[index]))
            if fitting:
                moved.append((index, fitting.pop(0)))
        left -= {pair[0] for pair in moved}
        free -= {pair[1] for pair in moved}
    return Plan(tuple(sorted(moved)), tuple(sorted(left)), tuple(sorted(free)))


def _moment(at: datetime) -> object:
    return at


def _day(at: datetime) -> object:
    return at.astimezone(TBILISI).date()


def _week(at: datetime) -> object:
    return at.astimezone(TBILISI).isocalendar()[:2]
