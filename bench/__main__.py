"""``python -m bench``: prints the figures of docs/bench.md."""

from __future__ import annotations

import pstats
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import click

from app import bootstrap
from app.settings import Settings
from bench import announcing, delivering, halls, pages, processes, starting, thinking, webhook
from bench.beside import measuring
from bench.country import Size
from bench.figures import machine, spread
from bench.halls import Halls
from bench.pages import Answered, Paged
from bench.processes import Kind
from bench.webhook import Throughput

LIMIT = 100
"""Milliseconds in which a page of the console is to answer."""

SLOWEST = 20
"""So many pages are printed in full."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--requests", default=800, show_default=True, help="Webhook requests of one round; 0: none.")
@click.option("--rounds", default=5, show_default=True, help="Rounds on each database; medians are shown.")
@click.option("--settlements", default=300, show_default=True, help="Looked up in every spelling; 0: none.")
@click.option("--questions", default=0, help="How many questions are read (0: all).")
@click.option("--recipients", default=100_000, show_default=True, help="Of an announcement; 0 leaves it out.")
@click.option(
    "--audience", default=1_000_000, show_default=True, help="People of a whole country; 0: leave it out."
)
@click.option("--tasks", default=10_000, show_default=True, help="Through each queue; 0 leaves the queues out.")
@click.option("--bookers", default=400, show_default=True, help="People who book a hall at once; 0 leaves it out.")
@click.option("--pages-requests", default=40, show_default=True, help="For each staff page; 0 leaves them out.")
@click.option("--database", "kinds", multiple=True, type=click.Choice(get_args(Kind)), help="Both by default.")
@click.option("--skip-start", is_flag=True, help="Leave out the cold start.")
@click.option("--profile", is_flag=True, help="Instead of all figures: what the webhook spends its time on.")
def main(
    requests: int,
    rounds: int,
    settlements: int,
    questions: int,
    recipients: int,
    audience: int,
    tasks: int,
    bookers: int,
    pages_requests: int,
    kinds: tuple[Kind, ...],
    skip_start: bool,
    profile: bool,
) -> None:
    """Measure understanding, look-up, the webhook, delivery, halls, staff pages, the cold start and memory."""
    with processes.folder() as folder:
        cache = folder / "cache"
        if profile:
            _profile(folder, cache, kinds[0] if kinds else "sqlite", requests)
            return
        click.echo(f"machine        {machine()}")
        if not skip_start:
            starts = starting.measure(folder, cache)
            click.echo(
                f"cold start     {starts.nothing:.1f} s with nothing there, {starts.models:.1f} s with the "
                f"learned models, {starts.everything:.1f} s with models and database"
            )
        if settlements:
            _think(folder, cache, questions, settlements)
        for kind in kinds or get_args(Kind):
            place = folder / kind
            place.mkdir()
            if requests:
                for line in _lines(webhook.measure(kind, place, cache, requests, rounds)):
                    click.echo(line)
            if recipients:
                for line in delivering.measure(kind, place, recipients).lines():
                    click.echo(line)
            if audience:
                for line in announcing.measure(kind, _fresh(place, "announcing"), audience).lines():
                    click.echo(line)
            if bookers:
                for line in _booked(halls.measure(kind, place, bookers)):
                    click.echo(line)
            if pages_requests:
                for line in _paged(pages.measure(kind, _fresh(place, "pages"), cache, pages_requests)):
                    click.echo(line)
        if tasks:
            for line in measuring.measure(_fresh(folder, "queues"), tasks, rounds).lines():
                click.echo(line)
        click.echo(f"machine        {machine()}")


def _think(folder: Path, cache: Path, questions: int, settlements: int) -> None:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=f"sqlite:///{folder / 'thinking.db'}",
        cache_dir=cache,
    )
    bootstrap.build(settings).database.close()  # where the models had to be learned, caches are warm: build anew
    neighbour = bootstrap.build(settings)
    snapshot = neighbour.knowledge.current
    read = thinking.understanding(neighbour.reader, snapshot, questions)
    click.echo(f"understanding  {read.again} ({read.questions} questions, caches warm)")
    click.echo(f"               {read.first} (the first pass)")
    found = thinking.places(snapshot, settlements)
    click.echo(f"place look-up  {found.alone} (names alone; {found.looked_up} messages in all)")
    click.echo(f"               {found.in_sentences} (names in sentences)")
    neighbour.database.close()


def _lines(found: Throughput) -> Iterator[str]:
    rounds = found.rounds
    yield f"webhook        {found.kind}, one process, {webhook.CONNECTIONS} threads and connections, all stored"
    yield f"  empty route  {spread([one.empty.rate for one in rounds])} requests/s"
    yield (
        f"  new senders  {spread([one.new.rate for one in rounds])} requests/s, "
        f"ratio {spread([one.ratio for one in rounds], 3)}"
    )
    yield (
        f"  known ones   {spread([one.known.rate for one in rounds])} requests/s, "
        f"ratio {spread([one.known_ratio for one in rounds], 3)}"
    )
    yield f"  latency      {found.alone} (one request at a time); {found.under_load} (all connections busy)"
    yield f"  memory       {found.megabytes:.0f} MB (RSS of the worker after the run)"
    yield f"  generator    used at most {found.generator_share:.0%} of a processor"


def _fresh(place: Path, name: str) -> Path:
    """A folder for a database of its own."""
    made = place / name
    made.mkdir()
    return made


def _booked(found: Halls) -> Iterator[str]:
    yield f"halls          {found.kind}, {found.people} people at once in {halls.THREADS} threads"
    yield f"  one slot     {found.same.rate:,.0f} attempts/s of which one is booked; {found.same.each}"
    yield f"  one hall     {found.own.rate:,.0f} bookings/s, each another half-hour; {found.own.each}"
    yield f"  free times   {found.taken:,} half-hours of a year taken; of a day {found.day}"
    yield f"               of the year {found.year}; the nearest {found.nearest}"


def _paged(found: Paged) -> Iterator[str]:
    within = sum(one.p95 < LIMIT for one in found.pages)
    size = Size()
    yield (
        f"staff pages    {found.kind}, {size.residents:,} residents, {size.messages:,} messages, "
        f"{size.bookings:,} bookings, filled in {found.filled:.0f} s"
    )
    yield f"  under {LIMIT} ms  {within} of {len(found.pages)} pages at the 95th percentile"
    yield from _slowest("pages", found.pages, SLOWEST)
    yield from _slowest("files", found.files, SLOWEST // 4)


def _slowest(what: str, answered: Sequence[Answered], count: int) -> Iterator[str]:
    """The slowest in full, the rest in two figures."""
    ordered = sorted(answered, key=lambda one: one.p95, reverse=True)
    for one in ordered[:count]:
        yield f"  {one.p50:7.1f} ms, p95 {one.p95:7.1f} ms  {one.name} ({one.who})"
    rest = ordered[count:]
    if rest:
        middle = statistics.median(one.p50 for one in rest)
        yield f"  {middle:7.1f} ms, p95 {rest[0].p95:7.1f} ms at most  the other {len(rest)} {what}"


def _profile(folder: Path, cache: Path, kind: Kind, requests: int) -> None:
    target = folder / "webhook.prof"
    webhook.profile(kind, folder, cache, requests, target)
    stats = pstats.Stats(str(target), stream=sys.stdout)
    stats.sort_stats("tottime").print_stats(30)
    stats.sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    main()
