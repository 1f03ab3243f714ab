"""Moving the knowledge between files and the database: ``import`` and ``export``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from app import bootstrap
from desk import audit
from knowledge import editing, interchange
from knowledge.interchange import BadFile, Changes

_KINDS = click.Choice(interchange.KINDS)
_SHOWN = 20


@click.command("import")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--allow-removals", is_flag=True, help="Take a file that removes more than half of the rows.")
@click.argument("kind", type=_KINDS)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_(obj: Any, dry_run: bool, allow_removals: bool, kind: str, file: Path) -> None:
    """Replace all rows of a KIND by those of FILE (.csv or .xlsx): all of them, or none where one is wrong."""
    database = bootstrap.open_database(obj.settings(quiet=True))
    bootstrap.prepare(database)
    try:
        with database.write() as session, Progress(transient=True, console=Console(stderr=True)) as progress:
            bar = _bar(progress)
            rows = interchange.read(
                kind, file, session=session, advance=lambda done, total: bar(f"reading {file.name}", done, total)
            )
            changes = interchange.plan(session, kind, rows, allow_removals=allow_removals)
            if changes.refusal is not None and not dry_run:
                raise BadFile([changes.refusal])
            if not dry_run:
                editing.apply(
                    session, changes, audit.SYSTEM, lambda done, total: bar(f"writing {kind}", done, total)
                )
    except BadFile as error:
        _show_problems(error, file)
        sys.exit(1)
    _show_changes(changes, dry_run)
    if changes.refusal is not None:
        click.echo(f"refused without --allow-removals: {changes.refusal.expected}", err=True)
        sys.exit(1)


@click.command()
@click.argument("kind", type=_KINDS)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export(obj: Any, kind: str, file: Path) -> None:
    """Write all rows of a KIND to FILE (.csv or .xlsx), to be changed and imported again."""
    database = bootstrap.open_database(obj.settings(quiet=True))
    bootstrap.prepare(database)
    try:
        with database.read() as session:
            count = interchange.export(session, kind, file)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} {kind} written to {file}")


def _bar(progress: Progress) -> Callable[[str, int, int], None]:
    """One bar for the steps of an import; gives the function that moves it."""
    task = progress.add_task("", total=None)

    def move(what: str, done: int, total: int) -> None:
        progress.update(task, description=escape(what), completed=done, total=total)

    return move


def _show_problems(error: BadFile, file: Path) -> None:
    console = Console(stderr=True)
    console.print(f"{file.name}: nothing was imported. {error.total} thing(s) to mend:", markup=False)
    table = Table("row", "column", "value", "expected")
    for problem in error.problems:
        cells = (str(problem.row or ""), problem.column, repr(problem.value)[:50], problem.expected)
        table.add_row(*map(escape, cells))  # what somebody wrote into a file is no markup
    console.print(table)
    if error.total > len(error.problems):
        console.print(f"... and {error.total - len(error.problems)} more")


def _show_changes(changes: Changes, dry_run: bool) -> None:
    click.echo(("would change: " if dry_run else "") + changes.summary)
    details = list(changes.details())
    for line in details[:_SHOWN]:
        click.echo(f"  {line}")
    if len(details) > _SHOWN:
        click.echo(f"  ... and {len(details) - _SHOWN} more")
