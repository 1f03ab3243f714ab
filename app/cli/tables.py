"""The database itself: ``db``."""

from __future__ import annotations

from typing import Any

import click

from app import bootstrap
from knowledge import models
from store import schema


@click.group()
def db() -> None:
    """Create, upgrade and look at the database."""


@db.command()
@click.pass_obj
def upgrade(obj: Any) -> None:
    """Create or upgrade the tables, and fill empty ones with the data that ship with the project."""
    database = bootstrap.open_database(obj.settings())
    bootstrap.prepare(database)
    click.echo(f"the database is at revision {schema.current_revision(database)}")


@db.command()
@click.pass_obj
def status(obj: Any) -> None:
    """Say which revision the database is at and which the program expects."""
    database = bootstrap.open_database(obj.settings(quiet=True))
    at, expected = schema.current_revision(database), schema.newest_revision()
    click.echo(f"database: {at or 'empty'}, program: {expected}")
    if at == expected:
        with database.read() as session:
            click.echo(f"knowledge: version {models.version(session)}")
    else:
        raise click.ClickException("run: mezobeli db upgrade")


@db.command()
@click.argument("message")
@click.pass_obj
def revision(obj: Any, message: str) -> None:
    """(For developers.) Write a new migration from the difference between models and database."""
    database = bootstrap.open_database(obj.settings())
    schema.upgrade(database)
    schema.write_revision(database, message)
