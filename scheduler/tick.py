"""The tick: wakes the jobs that sweep the rows for what is due.

APScheduler only wakes us: its own jobs vanish on restart, run once in each process and are dropped when late.
When a job was last run stands in ``desk.jobs``, one process leads (``scheduler.leading``), and a job that was
missed for hours runs once and says so; what is still useful of what it finds is the job's own business.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from prometheus_client import Counter, Gauge
from sqlalchemy.exc import SQLAlchemyError

from desk import jobs
from scheduler.leading import Leadership
from store import clock
from store.database import Database

log = structlog.get_logger()

RUNS = Counter("mezobeli_job_runs_total", "Runs of a job, by outcome", ["job", "outcome"])
DONE = Counter("mezobeli_job_done_total", "What the runs of a job have done, in its own unit", ["job"])
MISSED = Counter("mezobeli_job_missed_total", "Runs that fell out because no process led", ["job"])
LAST_SUCCESS = Gauge("mezobeli_job_last_success_seconds", "When a job last succeeded, in Unix time", ["job"])
LEADING = Gauge("mezobeli_tick_leading", "1 where this process runs the jobs")

LONGEST_SLEEP = timedelta(seconds=15)
"""How often a job at least looks whether it is due, and whether the lead is free."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every so often. ``run`` returns how much it did; it opens its own transactions.

    A run must be safe to repeat: a leader that loses its connection may still be running one.
    """

    name: str
    every: timedelta
    run: Callable[[], int]


class Tick:
    """Runs jobs in background threads, or step by step. Only the leader does anything."""

    def __init__(self, database: Database, due: Sequence[Job]) -> None:
        """The jobs are begun by ``start``. Raises ValueError where two have one name."""
        if len({job.name for job in due}) < len(due):
            raise ValueError("two jobs of the tick have the same name")
        self._database = database
        self._jobs = tuple(due)
        self._leadership = Leadership(database)
        self._scheduler = BackgroundScheduler(timezone=UTC, executors={"default": _threads(len(due))})

    def start(self) -> None:
        """Begins to wake the jobs."""
        for job in self._jobs:
            self._scheduler.add_job(
                self._wake,
                "interval",
                seconds=min(job.every, LONGEST_SLEEP).total_seconds(),
                args=[job],
                id=job.name,
                next_run_time=clock.now(),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Ends after the jobs at hand, and lets another process lead."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._leadership.give_up()
        LEADING.set(0)

    def step(self) -> int:
        """Runs every job that is due, one after the other; how many were run."""
        return sum(self._wake(job) for job in self._jobs)

    def _wake(self, job: Job) -> bool:
        try:
            leads = self._leadership.held()
            LEADING.set(leads)
            begun = self._begin(job) if leads else False
        except SQLAlchemyError as error:
            LEADING.set(0)
            log.warning("tick_without_database", job=job.name, error=type(error).__name__)
            return False
        if begun:
            self._run(job)
        return begun

    def _begin(self, job: Job) -> bool:
        with self._database.read() as session:
            if not jobs.is_due(session, job.name, job.every):
                return False
        with self._database.write() as session:
            begun = jobs.begin(session, job.name, job.every)
        if begun is None:
            return False
        if begun.missed:
            MISSED.labels(job.name).inc(begun.missed)
            log.warning("job_missed", job=job.name, runs=begun.missed, late_s=int(begun.late.total_seconds()))
        return True

    def _run(self, job: Job) -> None:
        started = time.monotonic()
        try:
            done = job.run()
        except SQLAlchemyError as error:
            self._failed(job)
            log.warning("job_without_database", job=job.name, error=type(error).__name__)
            return
        except Exception:
            self._failed(job)
            log.exception("job_failed", job=job.name)
            return
        self._finish(job, succeeded=True)
        RUNS.labels(job.name, "ok").inc()
        DONE.labels(job.name).inc(done)
        LAST_SUCCESS.labels(job.name).set(clock.now().timestamp())
        if done:
            log.info("job_done", job=job.name, done=done, ms=round((time.monotonic() - started) * 1000))

    def _failed(self, job: Job) -> None:
        RUNS.labels(job.name, "failed").inc()
        self._finish(job, succeeded=False)

    def _finish(self, job: Job, *, succeeded: bool) -> None:
        try:
            with self._database.write() as session:
                jobs.finish(session, job.name, succeeded=succeeded)
        except SQLAlchemyError as error:  # it counts as unfinished and is run again soon
            log.warning("job_not_noted", job=job.name, error=type(error).__name__)


def _threads(number: int) -> dict[str, object]:
    """A thread for each job: one that takes long keeps no other waiting."""
    return {"type": "threadpool", "max_workers": max(number, 1)}
