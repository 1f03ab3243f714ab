"""Jobs run when their row says that they are due, in one process at a time, whoever dies."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from desk.jobs import JobState
from scheduler.leading import Leadership
from scheduler.tick import Job, Tick
from store import clock
from store.database import Database

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Work:
    """A job's work: counts its runs and does as told."""

    def __init__(self, done: int = 0, fault: Exception | None = None) -> None:
        self.runs = 0
        self.done = done
        self.fault = fault

    def __call__(self) -> int:
        self.runs += 1
        if self.fault is not None:
            raise self.fault
        return self.done


def job(work: Callable[[], int], name: str = "sweep", every: timedelta = MINUTE) -> Job:
    return Job(name, every, work)


TickMaker = Callable[..., Tick]


@pytest.fixture
def ticks() -> Iterator[TickMaker]:
    """Makes ticks, each as another process would have it, and ends them."""
    made: list[Tick] = []

    def make(database: Database, *due: Job) -> Tick:
        made.append(Tick(database, due))
        return made[-1]

    yield make
    for tick in made:
        tick.stop()


def counted(metric: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(metric, labels) or 0.0


def test_a_job_runs_when_it_is_due_and_not_before(database: Database, ticks: TickMaker) -> None:
    work = Work()
    tick = ticks(database, job(work))
    for seconds, runs in ((0, 1), (5, 1), (59, 2), (60, 2), (125, 3)):
        with clock.fixed(NOON + timedelta(seconds=seconds)):
            tick.step()
        assert work.runs == runs


def test_a_restart_does_not_repeat_a_run(database: Database, ticks: TickMaker) -> None:
    work = Work()
    for _ in range(3):
        tick = ticks(database, job(work))
        with clock.fixed(NOON):
            tick.step()
        tick.stop()
    assert work.runs == 1


def test_a_run_that_did_something_is_logged_and_counted(sqlite_database: Database, ticks: TickMaker) -> None:
    before = counted("mezobeli_job_done_total", job="counting")
    with capture_logs() as logs:
        ticks(sqlite_database, job(Work(3), "counting"), job(Work(0), "idle")).step()
    assert [(line["event"], line["job"], line["done"]) for line in logs] == [("job_done", "counting", 3)]
    assert counted("mezobeli_job_done_total", job="counting") == before + 3
    assert counted("mezobeli_job_last_success_seconds", job="idle") > 0


def test_a_job_that_fails_stops_no_other_and_is_tried_again_soon(database: Database, ticks: TickMaker) -> None:
    broken, fine = Work(fault=RuntimeError("a bug")), Work()
    before = counted("mezobeli_job_runs_total", job="broken", outcome="failed")
    jobs = [job(broken, "broken", timedelta(days=1)), job(fine, "fine", timedelta(days=1))]
    tick = ticks(database, *jobs)
    with clock.fixed(NOON):
        tick.step()
    assert (broken.runs, fine.runs) == (1, 1)
    with clock.fixed(NOON + timedelta(minutes=6)):
        tick.step()
    assert (broken.runs, fine.runs) == (2, 1)
    assert counted("mezobeli_job_runs_total", job="broken", outcome="failed") == before + 2
    with database.read() as session:
        state = session.get_one(JobState, "broken")
        assert (state.failures, state.succeeded_at) == (2, None)


def test_after_hours_of_downtime_a_job_runs_once_and_says_so(database: Database, ticks: TickMaker) -> None:
    work = Work()
    before = counted("mezobeli_job_missed_total", job="reminders")
    with clock.fixed(NOON):
        before_the_fall = ticks(database, job(work, "reminders"))
        before_the_fall.step()
        before_the_fall.stop()
    with capture_logs() as logs, clock.fixed(NOON + timedelta(hours=5)):
        tick = ticks(database, job(work, "reminders"))
        tick.step()
        tick.step()
    assert work.runs == 2
    (missed,) = [line for line in logs if line["event"] == "job_missed"]
    assert (missed["job"], missed["runs"], missed["late_s"]) == ("reminders", 299, 5 * 3600 - 60)
    assert counted("mezobeli_job_missed_total", job="reminders") == before + 299


def test_of_two_processes_that_wake_at_once_one_runs_the_job(database: Database, ticks: TickMaker) -> None:
    work = Work()
    four = [ticks(database, job(work)) for _ in range(4)]
    barrier = threading.Barrier(len(four))

    def wake(tick: Tick) -> None:
        barrier.wait()
        tick.step()

    threads = [threading.Thread(target=wake, args=(tick,)) for tick in four]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert work.runs == 1


def test_without_the_database_nothing_runs_and_nothing_breaks(ticks: TickMaker) -> None:
    work = Work()
    with capture_logs() as logs:
        ticks(Database("postgresql://nobody@127.0.0.1:1/none"), job(work)).step()
    assert work.runs == 0
    assert [line["event"] for line in logs] == ["tick_without_database"]


def test_one_leads_until_it_gives_up(postgres_database: Database) -> None:
    first, second = Leadership(postgres_database), Leadership(postgres_database)
    assert first.held()
    assert first.held()
    assert not second.held()
    first.give_up()
    assert second.held()
    second.give_up()


LEADER = """
import sys, time
from store.database import Database
from scheduler.leading import Leadership
leadership = Leadership(Database(sys.argv[1]))
print("leads" if leadership.held() else "follows", file=sys.stderr, flush=True)
time.sleep(60)
"""


def test_when_the_leader_is_killed_another_takes_over(postgres_database: Database, ticks: TickMaker) -> None:
    url = postgres_database.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", LEADER, url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert process.stderr.readline() == "leads\n"
    work = Work()
    tick = ticks(postgres_database, job(work))
    assert tick.step() == 0
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while not tick.step() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert work.runs == 1


def test_apscheduler_wakes_the_jobs(sqlite_database: Database, ticks: TickMaker) -> None:
    ran = threading.Event()

    def work() -> int:
        ran.set()
        return 1

    tick = ticks(sqlite_database, job(work))
    tick.start()
    assert ran.wait(5)


def test_two_jobs_of_one_name_are_refused(sqlite_database: Database) -> None:
    with pytest.raises(ValueError, match="same name"):
        Tick(sqlite_database, [job(Work()), job(Work())])
