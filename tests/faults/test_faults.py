"""Whatever fails and whoever dies: nothing is lost, nothing comes twice without need, nothing comes too late."""

from __future__ import annotations

from store.database import Database
from tests.faults.checking import Size
from tests.faults.run import Run

SMALL = Size(people=30, processes=2, kills=3, stops=3, deck=25, at_once=2)
"""``make faults`` runs 20,000 messages."""


def test_messages_through_failing_providers_by_processes_that_are_killed(database: Database) -> None:
    found = Run(database, SMALL, seed=5).play()
    assert +found.wrong == {}, found.lines()
    assert found.kills == SMALL.kills
    assert found.states["sent"] + found.states["delivered"] > SMALL.messages / 3
    assert found.states["expired"] + found.states["cancelled"] > 0
    assert sum(found.faults.values()) > found.faults["twilio none"] + found.faults["telegram none"]
