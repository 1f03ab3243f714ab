"""gunicorn around the web application; the background parts live in its one worker."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from app import bootstrap
from app.metrics import MetricsServer
from app.running import Role, Running
from app.settings import BadSettings, Settings
from app.web import create_app


def check_address(settings: Settings) -> None:
    """Raises BadSettings where nobody can listen on the host and port, such as when somebody does already."""
    _check(settings.host, settings.port, "PORT")


def check_metrics_address(settings: Settings) -> None:
    """The same for the port on which a process without pages serves its metrics, where one is given."""
    if settings.metrics_port is not None:
        _check(settings.host, settings.metrics_port, "METRICS_PORT")


def metrics_server(running: Running) -> MetricsServer | None:
    """Serves the metrics of a process without pages, where a port is given. Raises BadSettings."""
    settings = running.neighbour.settings
    if settings.metrics_port is None:
        return None
    try:
        return MetricsServer(running, settings.host, settings.metrics_port)
    except OSError as error:
        why = _why_not(settings.host, settings.metrics_port, "METRICS_PORT", error)
        raise BadSettings(why) from error


def _check(host: str, port: int, name: str) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise BadSettings(_why_not(host, port, name, error)) from error


def _why_not(host: str, port: int, name: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return (
            f"port {port} of {host} is taken, perhaps by another mezobeli: "
            f"stop that program or set MEZOBELI_{name} to another port, such as {other}"
        )
    if error.errno == errno.EACCES:
        return f"MEZOBELI_{name}: this user may not listen on port {port}; choose one above 1023"
    return f"MEZOBELI_HOST: {host!r} is no address of this machine; 127.0.0.1 or 0.0.0.0 always are"


class Server(BaseApplication):
    """Serves with ``workers`` processes; each builds its own parts after the fork and starts them."""

    def __init__(
        self, settings: Settings, roles: frozenset[Role], workers: int, announce: Callable[[], None]
    ) -> None:
        """``announce`` is called once a worker is ready."""
        self._settings = settings
        self._roles = roles
        self._workers = workers
        self._announce = announce
        self._running: Running | None = None
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        """Hands our settings to gunicorn."""
        host = self._settings.host
        options: dict[str, Any] = {
            "bind": f"[{host}]:{self._settings.port}" if ":" in host else f"{host}:{self._settings.port}",
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": self._settings.threads,
            "keepalive": 15,
            "timeout": 60,
            "graceful_timeout": 20,
            "loglevel": "warning",
            "proc_name": "mezobeli",
            "control_socket_disable": True,
            "post_worker_init": lambda _worker: self._announce(),
            "worker_exit": lambda _server, _worker: self._stop(),
        }
        config: Any = self.cfg
        for name, value in options.items():
            config.set(name, value)

    def load(self) -> Any:
        """Builds and starts the parts, in the worker."""
        self._running = Running(bootstrap.build(self._settings), self._roles)
        app = create_app(self._running)
        self._running.start()
        return app

    def _stop(self) -> None:
        if self._running is not None:
            self._running.stop()
