"""The halls' tests all begin on one Monday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from store import clock
from tests.desk.halls.people import MONDAY


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with clock.fixed(MONDAY):
        yield


@pytest.fixture
def moment() -> datetime:
    """The moment at which the clock stands in these tests."""
    return MONDAY.astimezone(UTC)
