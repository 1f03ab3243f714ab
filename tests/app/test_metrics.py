"""What Prometheus is told, by a process with pages and by one without."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.request import urlopen

import pytest

from app import metrics, settings
from app.bootstrap import Neighbour
from app.metrics import MetricsServer
from app.running import Role, Running
from app.serving import metrics_server
from app.settings import BadSettings
from desk.carriers import Carrier, Limit
from desk.messages import Never, Outgoing, Sent
from scheduler.delivery import DeliveryLoop
from scheduler.tick import Job, Tick
from store import clock
from store.database import Database
from tests.app import process
from tests.app.conftest import SetUp
from tests.desk.people import queue


def running(neighbour: Neighbour, database: Database, role: Role) -> Running:
    return Running(replace(neighbour, database=database, settings=settings.load()), frozenset({role}))


class Fussy:
    """A provider that takes reminders only."""

    def send(self, message: Outgoing) -> Sent:
        if message.kind != "reminder":
            raise Never("1", "no")
        return Sent(["SM1"])


def test_a_worker_tells_what_it_sent_who_leads_and_how_late_it_is(
    neighbour: Neighbour, database: Database, set_up: SetUp
) -> None:
    made = running(neighbour, database, "worker")
    before = metrics.page(made).decode()
    noon = clock.now()
    with clock.fixed(noon):
        queue(database, "reminder", "reminder", 1)
        queue(database, "notice", "notice", 2)
        queue(database, "tomorrow", number=3, not_before=noon + timedelta(days=1))
    tick = Tick(database, [Job("sweep", timedelta(hours=1), lambda: 3)])
    with clock.fixed(noon + timedelta(seconds=10)):
        tick.step()
        DeliveryLoop(database, {"sms": [Carrier("twilio", Fussy(), Limit(100.0, 10))]}, "here").step()
    with clock.fixed(noon + timedelta(seconds=25)):
        told = metrics.page(made).decode()
    tick.stop()
    for name, more in {
        'mezobeli_sends_total{channel="sms",outcome="sent"}': 1,
        'mezobeli_sends_total{channel="sms",outcome="failed"}': 1,
        'mezobeli_delivery_lag_seconds_count{channel="sms",kind="reminder"}': 1,
        'mezobeli_delivery_lag_seconds_sum{channel="sms",kind="reminder"}': 10,
        'mezobeli_job_done_total{job="sweep"}': 3,
    }.items():
        assert value(told, name) - value(before, name) == more, name
    assert value(told, 'mezobeli_job_age_seconds{job="sweep"}') == 15
    assert value(told, 'mezobeli_outbox_depth{channel="sms",state="queued"}') == 1
    assert value(told, "mezobeli_tick_leading") == 1
    assert value(metrics.page(made).decode(), "mezobeli_tick_leading") == 0


def value(page: str, name: str) -> float:
    found = [line.removeprefix(name) for line in page.splitlines() if line.startswith(name + " ")]
    return float(found[0]) if found else 0.0


def test_a_process_without_pages_serves_them_until_it_ends(
    neighbour: Neighbour, sqlite_database: Database, set_up: SetUp
) -> None:
    set_up(metrics_port=str(process.free_port()))
    made = running(neighbour, sqlite_database, "worker")
    server = metrics_server(made)
    assert isinstance(server, MetricsServer)
    address = f"http://127.0.0.1:{made.neighbour.settings.metrics_port}/metrics"
    with urlopen(address, timeout=20) as response:
        assert "mezobeli_database_up 1.0" in response.read().decode()
    with pytest.raises(BadSettings, match="is taken"):
        metrics_server(made)
    server.stop()
    with pytest.raises(OSError, match="refused"):
        urlopen(address, timeout=20)


def test_without_a_port_nothing_is_served(neighbour: Neighbour, sqlite_database: Database, set_up: SetUp) -> None:
    assert metrics_server(running(neighbour, sqlite_database, "worker")) is None
