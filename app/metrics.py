"""What ``GET /metrics`` tells: what this process counted, and what the database and the spool hold just now."""

from __future__ import annotations

from prometheus_client import REGISTRY as PROCESS_REGISTRY
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.running import Running
from desk import traffic


def page(running: Running) -> bytes:
    """The metrics in Prometheus' text format; what the database would tell is left out while it is away."""
    registry = CollectorRegistry()
    _gauge(registry, "knowledge_version", "The version of the data in force").set(
        running.neighbour.knowledge.current.version
    )
    if running.outages is not None:
        spool = running.outages.spool
        waiting = _gauge(registry, "spool_messages", "What was kept while the database was away", "what")
        waiting.labels("waiting").set(spool.size())
        waiting.labels("receipts").set(spool.receipts())
        waiting.labels("refused").set(spool.refused())
    answers = _gauge(registry, "database_up", "1 where the database answers")
    try:
        with running.neighbour.database.read() as session:
            _outbox(registry, session)
            _carriers(registry, session)
        answers.set(1)
    except SQLAlchemyError:
        answers.set(0)
    return generate_latest(PROCESS_REGISTRY) + generate_latest(registry)


def _outbox(registry: CollectorRegistry, session: Session) -> None:
    depth = _gauge(registry, "outbox_depth", "Messages waiting or on their way", "channel", "state")
    for count in traffic.depth(session):
        depth.labels(count.channel, count.state).set(count.number)
    oldest = _gauge(registry, "outbox_oldest_seconds", "How long the message is due that waits longest", "channel")
    for channel, seconds in traffic.oldest(session).items():
        oldest.labels(channel).set(seconds)
    recent = _gauge(registry, "outbox_last_hour", "Messages that came into a state", "channel", "state")
    for count in traffic.recent(session):
        recent.labels(count.channel, count.state).set(count.number)


def _carriers(registry: CollectorRegistry, session: Session) -> None:
    failures = _gauge(registry, "carrier_failures", "Failures in a row", "carrier")
    used = _gauge(registry, "carrier_used_today", "Messages handed over today", "carrier")
    held = _gauge(registry, "carrier_held", "1 where nothing is handed over for now", "carrier")
    for one in traffic.carriers(session):
        failures.labels(one.name).set(one.failures)
        used.labels(one.name).set(one.used_today)
        held.labels(one.name).set(one.held)


def _gauge(registry: CollectorRegistry, name: str, words: str, *labels: str) -> Gauge:
    return Gauge(f"mezobeli_{name}", words, labels, registry=registry)
