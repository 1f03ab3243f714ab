"""From any sequence of steps: no half-hour with two owners, no hold past its deadline, everybody told once."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from store.base import Base
from store.database import Database
from tests.desk.halls.machine import Halls

_CHECKS = list(HealthCheck)


def _walk(database: Database, empty: str, examples: int, steps: int) -> None:
    done = Counter[str]()

    class Walk(Halls):
        def __init__(self) -> None:
            super().__init__()
            with database.engine.begin() as connection:
                for statement in empty.split(";"):
                    connection.execute(text(statement))

        def teardown(self) -> None:
            done["walks"] += 1

    Walk.database = database
    walk = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=_CHECKS)
    run_state_machine_as_test(Walk, settings=walk)
    assert done["walks"] >= examples


def test_from_any_sequence_of_steps_on_sqlite() -> None:
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    _walk(database, ";".join(f"DELETE FROM {name}" for name in tables), 25, 25)
    database.close()


def test_from_any_sequence_of_steps_on_postgresql(postgres_database: Database) -> None:
    names = ", ".join(f'"{table}"' for table in Base.metadata.tables)
    _walk(postgres_database, f"TRUNCATE {names} RESTART IDENTITY CASCADE", 8, 25)
