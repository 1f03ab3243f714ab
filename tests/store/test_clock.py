"""One clock, which tests can set."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from store import clock


def test_it_stands_still_within_the_block() -> None:
    moment = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    with clock.fixed(moment):
        assert clock.now() == moment
        assert clock.local_now().hour == 12
    assert clock.now() != moment


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"), clock.fixed(datetime(2026, 1, 1)):
        pass
