"""What the tick remembers of its jobs, so that a restart neither repeats nor forgets one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from store import clock
from store.base import Base
from store.statements import carry_out, insert_into


class JobState(Base):
    """When a job was last begun, when it last succeeded, and how often it has failed since."""

    __tablename__ = "jobs"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[datetime]
    succeeded_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)


RETRY = timedelta(minutes=5)
"""How soon a run is repeated that failed or was cut short, where the job itself comes more seldom."""

SLACK = 0.9
"""The share of its period after which a job is due: whoever wakes us is never exact."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that may begin; ``missed`` runs fell out before it, and it comes ``late`` by so much."""

    missed: int
    late: timedelta


def is_due(session: Session, name: str, every: timedelta) -> bool:
    """Whether the job is due, without taking it."""
    state = session.get(JobState, name)
    return state is None or _due(state, every)


def begin(session: Session, name: str, every: timedelta) -> Begun | None:
    """Notes that a run begins; None where it is not due, or where another process has just begun it."""
    moment = clock.now()
    state = session.get(JobState, name, with_for_update=True)
    if state is None:
        row = {"name": name, "started_at": moment, "failures": 0}
        statement = insert_into(session, JobState).values(row).on_conflict_do_nothing()
        return Begun(0, timedelta(0)) if carry_out(session, statement) else None
    if not _due(state, every):
        return None
    late = moment - state.started_at - every
    state.started_at = moment
    missed = int(late / every)
    return Begun(missed, late) if late >= max(every, RETRY) else Begun(0, timedelta(0))


def finish(session: Session, name: str, *, succeeded: bool) -> None:
    """Notes how a run ended."""
    state = session.get_one(JobState, name, with_for_update=True)
    if succeeded:
        state.succeeded_at, state.failures = clock.now(), 0
    else:
        state.failures += 1


def ages(session: Session) -> dict[str, float]:
    """How many seconds ago each job last succeeded; one that never did is as old as its last beginning."""
    moment = clock.now()
    return {
        state.name: max((moment - (state.succeeded_at or state.started_at)).total_seconds(), 0.0)
        for state in session.scalars(select(JobState).order_by(JobState.name))
    }


def _due(state: JobState, every: timedelta) -> bool:
    passed = clock.now() - state.started_at
    finished = state.succeeded_at is not None and state.succeeded_at >= state.started_at
    return passed >= (every if finished else min(every, RETRY)) * SLACK
