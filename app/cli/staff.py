"""What staff need from the terminal: ``staff``."""

from __future__ import annotations

import json
from typing import Any

import click

from app import bootstrap
from desk import questions


@click.group()
def staff() -> None:
    """For centre staff: what residents asked and the assistant could not answer."""


@staff.command("questions")
@click.option("--days", default=30, show_default=True, help="How many days back.")
@click.option("--json", "as_lines", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def questions_(obj: Any, days: int, as_lines: bool) -> None:
    """List the questions that found no answer, the most frequent first. Who asked is not kept."""
    database = bootstrap.open_database(obj.settings(quiet=True))
    bootstrap.prepare(database)
    with database.read() as session:
        for asked in questions.most_asked(session, days):
            row = {"count": asked.count, "language": asked.language, "outcome": asked.outcome, "text": asked.text}
            click.echo(
                json.dumps(row, ensure_ascii=False)
                if as_lines
                else f"{asked.count:4} {asked.language:8} {asked.outcome:7} {asked.text}"
            )
