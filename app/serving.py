"""gunicorn around the web application; the background parts live in its one worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from app import bootstrap
from app.running import Role, Running
from app.settings import Settings
from app.web import create_app


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
        options: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
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
