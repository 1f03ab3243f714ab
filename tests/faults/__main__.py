"""``python -m tests.faults``: the whole fault test, which takes some minutes on each database."""

from __future__ import annotations

import sys
import time
from typing import get_args

import click

from bench import processes
from bench.processes import Kind
from store import schema
from store.database import Database
from tests.faults.checking import Size
from tests.faults.run import Run


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--messages", default=20_000, show_default=True, help="How many, to a fifth as many people.")
@click.option("--processes", "workers", default=3, show_default=True, help="How many deliver at once.")
@click.option("--kills", default=40, show_default=True, help="How many of them are killed, at random moments.")
@click.option("--at-once", default=8, show_default=True, help="Messages of a channel under way in a process.")
@click.option("--seed", default=1, show_default=True, help="Of the random moments and faults.")
@click.option("--database", "kinds", multiple=True, type=click.Choice(get_args(Kind)), help="Both by default.")
def main(messages: int, workers: int, kills: int, at_once: int, seed: int, kinds: tuple[Kind, ...]) -> None:
    """Send messages through a Twilio and a Telegram that fail in every way, by processes that are killed."""
    wrong = 0
    people = messages // 5
    for kind in kinds or get_args(Kind):
        with processes.folder() as folder, processes.database(kind, folder) as url:
            database = Database(url)
            schema.upgrade(database)
            started = time.monotonic()
            size = Size(people, workers, kills, stops=people // 25, deck=200, at_once=at_once)
            found = Run(database, size, seed).play()
            seconds = time.monotonic() - started
            database.close()
        click.echo(f"database    {kind}, {seconds:.0f} s")
        for line in found.lines():
            click.echo(line)
        wrong += sum(found.wrong.values())
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
