"""The neighbour of the session, as in tests/app."""

from __future__ import annotations

from tests.app.conftest import cache_dir, neighbour

__all__ = ["cache_dir", "neighbour"]
