"""Health and metrics of a process that serves no pages, on a port of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server

from app.running import Running
from app.web import health_app


class _Silent(WSGIRequestHandler):
    """Writes no line for each look: Prometheus comes every few seconds."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@contextmanager
def watched(running: Running) -> Iterator[None]:
    """Serves ``/healthz``, ``/readyz`` and ``/metrics`` on MEZOBELI_METRICS_PORT, where that is set.

    Raises OSError where the port cannot be had; see ``app.serving.check_address``.
    """
    settings = running.neighbour.settings
    if settings.metrics_port is None:
        yield
        return
    server = make_server(
        settings.host, settings.metrics_port, health_app(running), threaded=True, request_handler=_Silent
    )
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
