"""The server that is measured: Mezobeli as ``mezobeli run`` serves it, with a bare Flask application beside it.

``python -m bench.serving`` reads the same ``MEZOBELI_*`` settings. In the same process and on the same threads it
answers ``/bench/empty`` by an application that does nothing, so that the two can be compared. With
``MEZOBELI_BENCH_PROFILE=FILE`` the threads that answer are profiled until the server ends.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import bootstrap, logs, settings
from app.running import ALL
from app.serving import Server
from bench.figures import resident_megabytes

PROFILE = "MEZOBELI_BENCH_PROFILE"

Wsgi = Callable[..., Iterable[bytes]]


def empty_app() -> Flask:
    """A Flask application with a route that does nothing, and one that tells the memory of its process."""
    app = Flask("empty", static_folder=None)

    @app.get("/empty")
    def empty() -> str:
        """The floor: what the server and Flask take by themselves."""
        return ""

    @app.get("/memory")
    def memory() -> str:
        """Megabytes of this worker."""
        return str(resident_megabytes(os.getpid()) or 0.0)

    return app


class MeasuredServer(Server):
    """The server with the empty application mounted under ``/bench``."""

    def load(self) -> Any:
        """Builds Mezobeli in the worker and puts the empty application beside it."""
        both: Wsgi = DispatcherMiddleware(super().load(), {"/bench": empty_app()})
        target = os.environ.get(PROFILE)
        return Profiled(both, Path(target)) if target else both


class Profiled:
    """Profiles every request, one profile a thread; ``/bench/profile`` writes them down and forgets them."""

    def __init__(self, inner: Wsgi, target: Path) -> None:
        self._inner = inner
        self._target = target
        self._lock = threading.Lock()
        self._local = threading.local()
        self._profiles: list[cProfile.Profile] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/bench/profile":
            self._write()
            start_response("200 OK", [("Content-Length", "0")])
            return []
        profile = self._of_thread()
        profile.enable()
        try:
            return self._inner(environ, start_response)
        finally:
            profile.disable()

    def _of_thread(self) -> cProfile.Profile:
        if not hasattr(self._local, "profile"):
            self._local.profile = cProfile.Profile()
            with self._lock:
                self._profiles.append(self._local.profile)
        made: cProfile.Profile = self._local.profile
        return made

    def _write(self) -> None:
        with self._lock:
            first, *others = self._profiles
            stats = pstats.Stats(first)
            for profile in others:
                stats.add(profile)
        stats.dump_stats(self._target)


def main() -> int:
    """Prepares and serves, as ``mezobeli run`` does."""
    read = settings.load()
    logs.configure(read)
    bootstrap.build(read).database.close()
    MeasuredServer(read, ALL, 1, lambda: None).run()  # type: ignore[no-untyped-call]
    return 0


if __name__ == "__main__":
    sys.exit(main())
