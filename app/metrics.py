"""What Prometheus is told: what this process counted, and what the database and the spool hold just now.

A ``web`` process tells it under ``/metrics``. A ``worker`` or ``bot`` has no pages: it serves its own on a port of
its own, where one is given.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from wsgiref.simple_server import WSGIServer

from prometheus_client import REGISTRY as PROCESS_REGISTRY
from prometheus_client import CollectorRegistry, generate_latest, start_wsgi_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.running import Running
from desk import jobs, traffic


def page(running: Running) -> bytes:
    """The metrics in Prometheus' text format; what the database would tell is left out while it is away."""
    return generate_latest(_registry(running))


class MetricsServer:
    """Serves the metrics of a process without pages, under any path."""

    def __init__(self, running: Running, host: str, port: int) -> None:
        """Begins to listen. Raises OSError where that is not possible."""
        self._server: WSGIServer
        self._thread: threading.Thread
        self._server, self._thread = start_wsgi_server(port, host, _registry(running))

    def stop(self) -> None:
        """Listens no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _registry(running: Running) -> CollectorRegistry:
    made = CollectorRegistry()
    made.register(_Collected(PROCESS_REGISTRY.collect))
    made.register(_Collected(lambda: _of_process(running)))
    made.register(_Collected(lambda: _of_database(running)))
    return made


class _Collected(Collector):
    """What a function gathers each time when somebody asks."""

    def __init__(self, gather: Callable[[], Iterable[Metric]]) -> None:
        self._gather = gather

    def collect(self) -> Iterable[Metric]:
        return self._gather()


def _of_process(running: Running) -> Iterator[Metric]:
    version = running.neighbour.knowledge.current.version
    yield _gauge("knowledge_version", "The version of the data in force", [((), version)])
    if running.outages is not None:
        spool = running.outages.spool
        kept = {"waiting": spool.size(), "receipts": spool.receipts(), "refused": spool.refused()}
        words = "What was kept while the database was away"
        yield _gauge("spool_messages", words, [((what,), number) for what, number in kept.items()], "what")


def _of_database(running: Running) -> Iterator[Metric]:
    try:
        with running.neighbour.database.read() as session:
            told = [*_outbox(session), *_carriers(session), *_jobs(session)]
    except SQLAlchemyError:
        told = []
    yield _gauge("database_up", "1 where the database answers", [((), bool(told))])
    yield from told


def _outbox(session: Session) -> Iterator[Metric]:
    for name, words, counts in (
        ("outbox_depth", "Messages waiting or on their way", traffic.depth(session)),
        ("outbox_last_hour", "Messages that came into a state", traffic.recent(session)),
    ):
        values = [((count.channel, count.state), count.number) for count in counts]
        yield _gauge(name, words, values, "channel", "state")
    words = "How long the message is due that waits longest"
    oldest = [((channel,), seconds) for channel, seconds in traffic.oldest(session).items()]
    yield _gauge("outbox_oldest_seconds", words, oldest, "channel")
    words = "What was of no use any more when its turn came, within the last hour"
    lost = [((what,), number) for what, number in traffic.dropped(session).items()]
    yield _gauge("dropped_last_hour", words, lost, "what")


def _carriers(session: Session) -> Iterator[Metric]:
    carriers = traffic.carriers(session)
    for name, words, values in (
        ("carrier_failures", "Failures in a row", [((one.name,), one.failures) for one in carriers]),
        ("carrier_used_today", "Messages handed over today", [((one.name,), one.used_today) for one in carriers]),
        ("carrier_held", "1 where nothing is handed over for now", [((one.name,), one.held) for one in carriers]),
    ):
        yield _gauge(name, words, values, "carrier")


def _jobs(session: Session) -> Iterator[Metric]:
    ages = [((name,), seconds) for name, seconds in jobs.ages(session).items()]
    yield _gauge("job_age_seconds", "How long ago a job last succeeded, whichever process ran it", ages, "job")


def _gauge(name: str, words: str, values: Iterable[tuple[tuple[str, ...], float]], *labels: str) -> Metric:
    made = GaugeMetricFamily(f"mezobeli_{name}", words, labels=labels)
    for of, value in values:
        made.add_metric(of, value)
    return made
