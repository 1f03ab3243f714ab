"""Turning many measurements into the few figures that are printed."""

from __future__ import annotations

import os
import resource
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds under which a half and 99 in 100 of the measurements stayed."""

    p50: float
    p99: float

    def __str__(self) -> str:
        return f"p50 {self.p50:.2f} ms, p99 {self.p99:.2f} ms"


def percentile(values: Sequence[float], share: float) -> float:
    """The value under which ``share`` (0 to 1) of all values stay; 0 where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def latency(seconds: Sequence[float]) -> Latency:
    """The latency of measurements in seconds."""
    return Latency(percentile(seconds, 0.5) * 1000, percentile(seconds, 0.99) * 1000)


def middle(found: Sequence[Latency]) -> Latency:
    """The median of several runs, figure by figure."""
    return Latency(statistics.median(one.p50 for one in found), statistics.median(one.p99 for one in found))


def spread(values: Sequence[float], digits: int = 0) -> str:
    """The median with the least and the greatest in brackets."""
    low, median, high = min(values), statistics.median(values), max(values)
    return f"{median:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


def machine() -> str:
    """The processors and how busy they are: the others' work is noise in our figures."""
    one, five, _ = os.getloadavg()
    return f"{os.cpu_count()} processors, load {one:.2f} (last minute), {five:.2f} (last five)"


def resident_megabytes(pid: int) -> float | None:
    """The memory that a process holds; None where the system does not tell."""
    return _memory(pid, "VmRSS:")


def peak_megabytes() -> float:
    """The most memory that this process has held.

    Linux counts in ``ru_maxrss`` also what the process held from which this one was forked.
    """
    told = _memory(os.getpid(), "VmHWM:")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 if told is None else told


def _memory(pid: int, name: str) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), None)
