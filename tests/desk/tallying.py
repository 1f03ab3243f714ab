"""Tallying as the sweep does it, in one transaction."""

from __future__ import annotations

from desk import tallies
from store import clock
from store.database import Database


def tally(database: Database) -> int:
    """Counts all days that are due; how many tallies differ from those before."""
    moment = clock.now()
    with database.write() as session:
        fresh = [tallies.messages_of(session, day) for day in tallies.days_of_messages(session)]
        fresh += [tallies.deliveries_of(session, day) for day in tallies.days_of_deliveries(session)]
        tallies.note(session, "messages", moment)
        tallies.note(session, "deliveries", moment)
        return sum(tallies.keep(session, day) for day in fresh)
