"""The tests of events all begin at noon of one Tuesday."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store import clock
from tests.desk.events.people import TUESDAY


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with clock.fixed(TUESDAY):
        yield
