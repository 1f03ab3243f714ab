"""The commands, each in the module of its subject."""

from __future__ import annotations

import sys

import click

from app import logs, settings
from app.cli import announce, asking, bookings, data, events, judging, serving, staff, tables
from app.settings import BadSettings, Settings
from store.database import BadDatabaseUrl


class _Commands(click.Group):
    """A group whose commands end with one sentence where a setting is wrong."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (BadSettings, BadDatabaseUrl) as error:
            click.echo(f"mezobeli: {error}", err=True)
            sys.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mezobeli")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Mezobeli, the neighbour: a chatbot and SMS assistant for Georgia's village community centres.

    Settings are environment variables MEZOBELI_* (see .env.example); a file .env in this folder is read too.
    """
    ctx.obj = _Lazy()


class _Lazy:
    """Reads the settings when a command first needs them, so that --help works whatever they are."""

    def __init__(self) -> None:
        self._settings: Settings | None = None

    def settings(self, *, quiet: bool = False) -> Settings:
        if self._settings is None:
            loaded = settings.load()
            if quiet and loaded.log_level == "info":
                loaded = loaded.model_copy(update={"log_level": "warning"})
            logs.configure(loaded)
            self._settings = loaded
        return self._settings


for command in (
    serving.run,
    serving.web,
    serving.bot,
    serving.worker,
    asking.chat,
    asking.ask,
    judging.evaluate,
    judging.transcript,
    data.import_,
    data.export,
    bookings.bookings_,
    events.events,
    announce.announce,
    staff.staff,
    tables.db,
):
    main.add_command(command)
