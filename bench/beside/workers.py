"""Worker processes that stand ready behind a gate, so that all begin at the same moment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from bench.texts import ROOT

READY = "ready"
"""The line with which a worker says that it waits for the gate."""


class WorkerEnded(RuntimeError):
    """A worker ended before it was ready; its own words stand above on the standard error."""


@contextmanager
def gated(command: Sequence[str], count: int) -> Iterator[Callable[[], None]]:
    """Starts so many processes of a Python command, and gives what opens the gate for all; ends them afterwards.

    Each says READY, begins with the line that it is given, and is to end when its input does. Raises WorkerEnded.
    """
    made = [
        subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=dict(os.environ), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(count)
    ]  # fmt: skip
    try:
        for process in made:
            _wait(process)
        yield partial(_begin, made)
    finally:
        for process in made:
            _end(process)


def stand_ready() -> None:
    """In a worker: says that it is ready, and returns when the gate is opened."""
    print(READY, flush=True)
    sys.stdin.readline()


def _wait(process: subprocess.Popen[str]) -> None:
    if process.stdout is None or process.stdout.readline().strip() != READY:
        raise WorkerEnded(str(process.args))


def _begin(made: Sequence[subprocess.Popen[str]]) -> None:
    for process in made:
        if process.stdin is not None:
            process.stdin.write("begin\n")
            process.stdin.flush()


def _end(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
