"""The one clock. Nothing else in the project asks the machine what time it is.

Times are kept in UTC; residents and staff read them in Asia/Tbilisi (UTC+4 all year).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

TBILISI = ZoneInfo("Asia/Tbilisi")


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source()


def local_now() -> datetime:
    """The present moment on the wall clock of Tbilisi."""
    return now().astimezone(TBILISI)


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Within the block the clock stands still at ``moment`` (aware). For tests and transcripts."""
    global _source
    if moment.tzinfo is None:
        raise ValueError("the clock needs an aware datetime, for example one with tzinfo=UTC")
    before, frozen = _source, moment.astimezone(UTC)
    _source = lambda: frozen  # noqa: E731
    try:
        yield
    finally:
        _source = before
