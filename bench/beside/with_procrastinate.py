"""Procrastinate on the same PostgreSQL: no-op tasks, in a database of their own."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager

import procrastinate
from sqlalchemy import Engine, create_engine, text

from bench.beside import workers
from store.database import parse_url

CONCURRENCY = 10
"""Tasks of one worker at once; more made it no faster."""


logging.getLogger("procrastinate").setLevel(logging.ERROR)


def _app(address: str) -> procrastinate.App:
    made = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address, max_size=CONCURRENCY + 4))

    @made.task(name="nothing", queue="bench")
    async def nothing(number: int) -> None:
        """Does nothing."""

    return made


class Procrastinate:
    """Jobs of Procrastinate, and its workers."""

    name = "Procrastinate"

    def __init__(self, url: str) -> None:
        """Makes a database beside ours, with Procrastinate's tables."""
        self._engine: Engine = create_engine(parse_url(url))
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CREATE DATABASE procrastinate"))
        self._engine.dispose()
        beside = parse_url(url).set(database="procrastinate")
        self._engine = create_engine(beside)
        self._address = beside.set(drivername="postgresql").render_as_string(hide_password=False)
        asyncio.run(self._prepare())

    async def _prepare(self) -> None:
        async with _app(self._address).open_async() as opened:
            await opened.schema_manager.apply_schema_async()

    def fill(self, count: int) -> None:
        """Defers the tasks, in batches."""
        asyncio.run(self._defer(count))

    async def _defer(self, count: int) -> None:
        async with _app(self._address).open_async() as opened:
            for begin in range(0, count, 1_000):
                numbers = range(begin, min(begin + 1_000, count))
                await opened.tasks["nothing"].batch_defer_async(*({"number": number} for number in numbers))

    def is_empty(self) -> bool:
        """Whether every job is finished."""
        left = text("SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))")
        with self._engine.connect() as connection:
            return not connection.scalar(left)

    def workers(self, processes: int) -> AbstractContextManager[Callable[[], None]]:
        """So many processes behind a gate."""
        return workers.gated(["-m", "bench.beside.with_procrastinate", self._address], processes)

    def close(self) -> None:
        """Ends the connections."""
        self._engine.dispose()


async def _work(address: str) -> None:
    async with _app(address).open_async() as opened:
        await asyncio.to_thread(workers.stand_ready)
        work = asyncio.create_task(
            opened.run_worker_async(concurrency=CONCURRENCY, install_signal_handlers=False, delete_jobs="never")
        )
        await asyncio.to_thread(sys.stdin.read)
        work.cancel()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1]))
