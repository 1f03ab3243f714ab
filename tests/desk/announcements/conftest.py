"""The tests of announcements begin at noon of a Tuesday, and know what ships with the project."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store import clock
from tests.desk.announcements.people import TUESDAY


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    with clock.fixed(TUESDAY):
        yield
