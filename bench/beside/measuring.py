"""Measuring the queues beside one another, round by round: the machine is as busy for each of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench import processes
from bench.beside.ours import Outbox
from bench.figures import spread

PROCESSES = (1, 4)
LOOK = 0.01
"""Seconds between two looks whether all is done."""


class Queue(Protocol):
    """Something that holds tasks and has workers that do them."""

    name: str

    def fill(self, count: int) -> None:
        """Puts so many tasks in."""

    def is_empty(self) -> bool:
        """Whether all are done, and their end is written down."""

    def workers(self, processes: int) -> AbstractContextManager[Callable[[], None]]:
        """So many worker processes that wait; gives what lets them begin."""

    def close(self) -> None:
        """Ends what the queue has started."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The rates, in tasks a second and round by round: by number of processes, and by the queue's name.

    The first name is ours. ``missing`` says in words what was left out, and why.
    """

    tasks: int
    rates: dict[int, dict[str, list[float]]]
    missing: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"queues         postgresql, {self.tasks:,} messages or no-op tasks through each, in the same rounds"
        for count, rates in self.rates.items():
            (ours, mine), *others = rates.items()
            yield f"  processes    {count}"
            yield f"    {ours:<30} {spread(mine)} a second"
            for name, theirs in others:
                ratios = [fast / slow for fast, slow in zip(mine, theirs, strict=True)]
                yield f"    {name:<30} {spread(theirs)} a second, of which ours is {spread(ratios, 1)} times"
        for words in self.missing:
            yield f"  left out     {words}"


def measure(folder: Path, tasks: int, rounds: int) -> Beside:
    """As many tasks through each queue, by one and by four processes, in each round."""
    with _queues(folder, tasks) as (queues, missing):
        rates: dict[int, dict[str, list[float]]] = {
            count: {queue.name: [] for queue in queues} for count in PROCESSES
        }
        for _ in range(rounds):
            for count in PROCESSES:
                for queue in queues:
                    rates[count][queue.name].append(rate(queue, count, tasks))
    return Beside(tasks, rates, tuple(missing))


def rate(queue: Queue, processes: int, tasks: int) -> float:
    """Tasks a second, from the opening of the gate to the last one's end."""
    with queue.workers(processes) as begin:
        queue.fill(tasks)
        started = time.perf_counter()
        begin()
        while not queue.is_empty():
            time.sleep(LOOK)
        return tasks / (time.perf_counter() - started)


@contextmanager
def _queues(folder: Path, tasks: int) -> Iterator[tuple[list[Queue], list[str]]]:
    with ExitStack() as stack:
        url = stack.enter_context(processes.database("postgresql", folder))
        made: list[Queue] = [stack.enter_context(closing(Outbox(url, tasks)))]
        missing = []
        try:
            from bench.beside import with_celery, with_procrastinate
        except ImportError as error:
            missing.append(f"Celery and Procrastinate ({error.name} is not installed: make bench installs it)")
            yield made, missing
            return
        binary = with_celery.server()
        if binary is None:
            missing.append("Celery (no redis-server is installed)")
        else:
            for every_write in (True, False):
                redis = with_celery.CeleryOnRedis(binary, folder / f"redis-{every_write}", every_write=every_write)
                made.append(stack.enter_context(closing(redis)))
        made.append(stack.enter_context(closing(with_procrastinate.Procrastinate(url))))
        yield made, missing
