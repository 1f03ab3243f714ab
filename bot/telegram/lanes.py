"""Work that must be done in order for one chat, and side by side for different ones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Lanes:
    """A lane for each chat. To be used from one asyncio loop only."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Task[Any]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    def run(self, lane: str, work: Callable[[], Awaitable[T]]) -> asyncio.Task[T]:
        """Starts ``work`` as soon as all earlier work of the lane is done, however that ended."""
        before = self._last.get(lane)

        async def in_turn() -> T:
            if before is not None:
                await asyncio.wait([before])
            return await work()

        task = asyncio.create_task(in_turn())
        self._last[lane] = task
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._forget(lane, done))
        return task

    def _forget(self, lane: str, done: asyncio.Task[Any]) -> None:
        self._tasks.discard(done)
        if self._last.get(lane) is done:
            del self._last[lane]

    async def drain(self, patience: float) -> None:
        """Waits until the lanes are empty, but no longer than ``patience`` seconds; the rest is cancelled."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(list(self._tasks), timeout=patience)
        for task in left:
            task.cancel()
