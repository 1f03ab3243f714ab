"""How long ``mezobeli run`` takes from the start of the process to the first 200 of /readyz."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench import processes

_RUN = ["-c", "from app.cli import main; main()", "run"]


@dataclass(frozen=True, slots=True)
class Starts:
    """Seconds of three starts: with nothing there; with the models; with the models and the database."""

    nothing: float
    models: float
    everything: float


def measure(folder: Path, cache: Path) -> Starts:
    """Starts three times on SQLite. ``cache`` must be empty; afterwards it holds the learned models."""
    return Starts(
        nothing=_start(folder / "first.db", folder, cache),
        models=_start(folder / "second.db", folder, cache),
        everything=_start(folder / "second.db", folder, cache),
    )


def _start(database: Path, folder: Path, cache: Path) -> float:
    port = processes.free_port()
    environ = processes.environment(folder, f"sqlite:///{database}", cache, port)
    with processes.server(_RUN, folder, environ, port) as seconds:
        return seconds
