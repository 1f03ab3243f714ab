"""How long work takes beside a fixed piece of plain Python: a limit in seconds fails on a busy machine."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time


def units(work: Callable[[], object], rounds: int = 5) -> float:
    """The work's processor time in yardsticks: the best of some rounds of each, taken in turn.

    A yardstick is about a millisecond of an ordinary machine.
    """
    took, yard = [], []
    for _ in range(rounds):
        yard.append(_seconds(_yardstick))
        took.append(_seconds(work))
    return min(took) / min(yard)


def _yardstick() -> int:
    return sum(len(str(number)) for number in range(12_000))


def _seconds(work: Callable[[], object]) -> float:
    begun = thread_time()
    work()
    return thread_time() - begun
